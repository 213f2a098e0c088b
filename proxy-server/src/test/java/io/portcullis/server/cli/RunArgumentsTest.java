package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The two readers of {@code run}'s words. If they differ, a service takes another file than the command line promises. */
class RunArgumentsTest {

    private static String[] words(String... words) {
        return words;
    }

    /** What the reader of all commands makes of it; empty where that is not to run, or wrong usage. */
    private static Optional<RunArguments> asAnyCommand(String... words) {
        CommandLine commandLine = Commands.commandLine();
        commandLine.setErr(new PrintWriter(new StringWriter(), true));
        try {
            CommandLine.ParseResult parsed = commandLine.parseArgs(words);
            return parsed.hasSubcommand()
                            && !parsed.subcommand().isUsageHelpRequested()
                            && parsed.subcommand().commandSpec().userObject() instanceof RunCommand run
                    ? Optional.of(run.arguments())
                    : Optional.empty();
        } catch (ParameterException e) {
            return Optional.empty();
        }
    }

    static Stream<List<String>> plain() {
        return Stream.of(
                List.of("run"),
                List.of("run", "-c", "portcullis.conf"),
                List.of("run", "-c", "/etc/portcullis/portcullis.conf"),
                List.of("run", "--config", "a file.conf"),
                List.of("run", "--config=a=b.conf"),
                List.of("run", "-c", "run"),
                List.of("run", "-c", "\"quoted\""),
                List.of("run", "-c", "${HOME}/x"),
                List.of("run", "-c", "a,b"),
                List.of("run", "--take-over"),
                List.of("run", "--take-over", "-c", "x"),
                List.of("run", "-c", "x", "--take-over"));
    }

    @ParameterizedTest
    @MethodSource("plain")
    void whatIsReadAheadMeansWhatItAlwaysMeans(List<String> words) {
        String[] args = words.toArray(String[]::new);
        assertThat(RunArguments.of(args)).isPresent().isEqualTo(asAnyCommand(args));
    }

    @Test
    void whatAServiceWritesIsReadAhead() {
        assertThat(RunArguments.of(words("run"))).contains(new RunArguments(null, false));
        assertThat(RunArguments.of(words("run", "-c", "a b"))).contains(new RunArguments(Path.of("a b"), false));
        assertThat(RunArguments.of(words("run", "--config=a", "--take-over")))
                .contains(new RunArguments(Path.of("a"), true));
    }

    static Stream<List<String>> others() {
        return Stream.of(
                List.of(),
                List.of(""),
                List.of("runs"),
                List.of("check", "-c", "x"),
                List.of("--version"),
                List.of("help", "run"),
                List.of("run", "--help"),
                List.of("run", "-h"),
                List.of("run", "-c"),
                List.of("run", "--config"),
                List.of("run", "-c", ""),
                List.of("run", "--config="),
                List.of("run", "-c", "--take-over"),
                List.of("run", "-c", "-x"),
                List.of("run", "-c", "@words"),
                List.of("run", "--config=@words"),
                List.of("run", "--config=-"),
                List.of("run", "@words"),
                List.of("run", "-cx"),
                List.of("run", "-c=x"),
                List.of("run", "-c", "x", "-c", "y"),
                List.of("run", "-c", "x", "--config=y"),
                List.of("run", "--take-over", "--take-over"),
                List.of("run", "--take-over=false"),
                List.of("run", "--take-ovr"),
                List.of("run", "x"),
                List.of("run", "--"),
                List.of("run", "-c", "x", "--help"));
    }

    /** If it breaks: a slip is not told, but takes effect. */
    @ParameterizedTest
    @MethodSource("others")
    void whatNeedsAWordOfHelpIsLeftToTheReaderThatHasOne(List<String> words) {
        assertThat(RunArguments.of(words.toArray(String[]::new))).isEmpty();
    }
}
