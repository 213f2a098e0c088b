package io.portcullis.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.process.JavaProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkshopTest {

    private static final List<String> SLEEP = List.of("sleep", "60");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void whatWasStartedIsEndedAndTheFolderIsGone() throws IOException {
        ChildProcess process;
        Path directory;
        try (Workshop workshop = Workshop.open()) {
            directory = workshop.directory();
            Files.writeString(Files.createDirectory(directory.resolve("peer")).resolve("nginx.conf"), "");
            process = ChildProcess.start("sleep", SLEEP, CoreSet.ANY);
        }

        assertThat(process.awaitEnd(LIMIT)).isNotZero();
        assertThat(directory).doesNotExist();
    }

    /** Ctrl-C in the middle of an hour's run must not leave five proxies and a flood behind. */
    @Test
    void thatIsSoForOneWhoIsToldToEnd() throws Exception {
        List<String> command = new JavaProgram(Interrupted.class, List.of(), List.of()).command();
        try (ChildProcess bench = ChildProcess.start("bench", command, CoreSet.ANY)) {
            String[] said = bench.awaitLine("working ", LIMIT).split(" ", 3);
            ProcessHandle sleep = ProcessHandle.of(Long.parseLong(said[1])).orElseThrow();

            ProcessHandle.of(bench.pid()).orElseThrow().destroy();

            assertThat(sleep.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS).isAlive())
                    .isFalse();
            bench.awaitEnd(LIMIT);
            assertThat(Path.of(said[2])).doesNotExist();
        }
    }

    /** A run that starts a process as soon as the one before has ended, until it is told to end. */
    static final class Interrupted {

        private Interrupted() {}

        public static void main(String[] arguments) throws IOException {
            try (Workshop workshop = Workshop.open()) {
                while (!Thread.currentThread().isInterrupted()) {
                    try (ChildProcess process = ChildProcess.start("sleep", SLEEP, CoreSet.ANY)) {
                        System.out.println("working " + process.pid() + " " + workshop.directory());
                        process.awaitEnd(Duration.ofMinutes(1));
                    }
                }
            }
        }
    }
}
