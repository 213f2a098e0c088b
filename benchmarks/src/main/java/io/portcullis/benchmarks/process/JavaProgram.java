package io.portcullis.benchmarks.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of this class path, to be run by this very JDK in a process of its own.
 *
 * @param flags of the JVM
 */
public record JavaProgram(Class<?> main, List<String> flags, List<String> arguments) {

    public JavaProgram {
        flags = List.copyOf(flags);
        arguments = List.copyOf(arguments);
    }

    public List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        return command;
    }
}
