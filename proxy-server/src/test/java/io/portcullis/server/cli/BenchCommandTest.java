package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command, with a harness that the launcher has put on the class path and without. */
class BenchCommandTest {

    private static final int HARNESS_SAYS = 1;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Tells what it was asked for. */
    public static final class Echo implements BenchHarness {
        @Override
        public int run(BenchOptions options, PrintWriter out, PrintWriter err) {
            out.println(options);
            out.flush();
            err.println("measuring");
            err.flush();
            return HARNESS_SAYS;
        }
    }

    private int run(String... args) {
        CommandLine commandLine = Commands.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(args);
    }

    /** As the launcher has it, with the jar of the benchmarks on the class path. */
    private int runWithHarness(Path jar, String... args) throws IOException {
        Path services = jar.resolve("META-INF/services");
        Files.createDirectories(services);
        Files.writeString(services.resolve(BenchHarness.class.getName()), Echo.class.getName());
        Thread thread = Thread.currentThread();
        ClassLoader usual = thread.getContextClassLoader();
        try (URLClassLoader withHarness =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, usual)) {
            thread.setContextClassLoader(withHarness);
            return run(args);
        } finally {
            thread.setContextClassLoader(usual);
        }
    }

    @Test
    void whereTheBenchmarksAreNotDeliveredItSaysWhereToTakeThem() {
        assertThat(run("bench", "--quick")).isEqualTo(ExitCode.NOT_SO);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .startsWith("portcullis: the benchmarks are no part of this installation")
                .contains("bin/portcullis bench", "benchmarks/target/bench");
    }

    @Test
    void theHarnessGetsWhatWasAskedForAndItsWordIsTheExitCode(@TempDir Path jar) throws IOException {
        int exitCode = runWithHarness(
                jar,
                "bench",
                "small-64",
                "--peers",
                "nginx,haproxy",
                "--rounds",
                "9",
                "--seconds=10",
                "--output",
                "/tmp/x",
                "connect");
        assertThat(exitCode).isEqualTo(HARNESS_SAYS);
        assertThat(out)
                .hasToString(new BenchOptions(
                                List.of("small-64", "connect"),
                                List.of("nginx", "haproxy"),
                                false,
                                OptionalInt.of(9),
                                OptionalInt.of(10),
                                Path.of("/tmp/x"),
                                false)
                        + "\n");
        assertThat(err).hasToString("measuring\n");
    }

    @Test
    void whoNamesNothingLeavesTheChoiceToTheHarness(@TempDir Path jar) throws IOException {
        runWithHarness(jar, "bench");
        assertThat(out)
                .hasToString(new BenchOptions(
                                List.of(),
                                List.of(),
                                false,
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                Path.of("portcullis-bench"),
                                false)
                        + "\n");
    }

    @Test
    void aRoundThatWouldNeverEndIsWrongUsage() {
        assertThat(run("bench", "--seconds", "86400")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(run("bench", "--rounds", "0")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString())
                .contains("--seconds: 86400 (expected: 1 to 600)", "--rounds: 0 (expected: 1 to 100)");
    }
}
