package io.portcullis.benchmarks.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program that is installed on this machine. */
public record Program(String name, Path path) {

    private static final Duration VERSION_LIMIT = Duration.ofSeconds(10);

    /** The first of that name on the PATH. */
    public static Optional<Program> find(String name) {
        String path = System.getenv("PATH");
        for (String folder :
                Pattern.compile(File.pathSeparator, Pattern.LITERAL).split(path == null ? "/usr/bin:/bin" : path, -1)) {
            Path program = Path.of(folder, name);
            if (Files.isExecutable(program) && !Files.isDirectory(program)) {
                return Optional.of(new Program(name, program));
            }
        }
        return Optional.empty();
    }

    /** As {@link #find}, where there is nothing to be done without. */
    public static Program require(String name) throws IOException {
        return find(name).orElseThrow(() -> new IOException(name + " is not installed (expected: on the PATH)"));
    }

    public List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(arguments.size() + 1);
        command.add(path.toString());
        command.addAll(arguments);
        return command;
    }

    /** What the program says of its version: the first group of {@code pattern} in either output, whatever the exit code. */
    public String version(String option, Pattern pattern) throws IOException {
        try (ChildProcess process = ChildProcess.start(name, command(List.of(option)), CoreSet.ANY)) {
            String said = String.join("\n", process.awaitOutput(VERSION_LIMIT)) + "\n" + process.complaints();
            Matcher version = pattern.matcher(said);
            if (!version.find()) {
                throw new IOException(name + " " + option + " said: " + said.strip() + " (expected: " + pattern + ")");
            }
            return version.group(1);
        }
    }
}
