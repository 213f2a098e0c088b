package io.portcullis.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChildProcessTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void hearsWhatItSaysAndIsHeard() throws IOException {
        try (ChildProcess shell = shell("echo noise; echo ready 7; read line; echo got $line; echo more; exit 3")) {
            assertThat(shell.awaitLine("ready ", LONG)).isEqualTo("ready 7");
            shell.tell("go");
            assertThat(shell.awaitOutput(LONG)).containsExactly("got go", "more");
            assertThat(shell.awaitEnd(LONG)).isEqualTo(3);
        }
    }

    @Test
    void saysWhatAProcessComplainedOfThatEndedTooEarly() throws IOException {
        try (ChildProcess shell = shell("echo 'no such port' >&2; exit 2")) {
            assertThatIOException()
                    .isThrownBy(() -> shell.awaitLine("ready", LONG))
                    .withMessage("shell: ended with 2 before a line \"ready…\"; it said: no such port");
        }
    }

    @Test
    void waitsNoLongerThanItIsTold() throws IOException {
        try (ChildProcess shell = shell("read line")) {
            assertThatIOException()
                    .isThrownBy(() -> shell.awaitLine("ready", Duration.ofMillis(50)))
                    .withMessage("shell: no line \"ready…\" within 0.05 s");
            assertThatIOException().isThrownBy(() -> shell.awaitOutput(Duration.ofMillis(50)));
            assertThatIOException().isThrownBy(() -> shell.awaitEnd(Duration.ofMillis(50)));
        }
    }

    @Test
    void leavesNothingBehind() throws IOException {
        ChildProcess shell = shell("echo up; read line");
        shell.awaitLine("up", LONG);
        shell.close();
        assertThat(shell.isAlive()).isFalse();
    }

    @Test
    void pinsACommandOnlyWhereThereAreCoresToPinItTo() {
        assertThat(new CoreSet(List.of(1, 3)).pinned(List.of("a", "b")))
                .containsExactly("taskset", "-c", "1,3", "a", "b");
        assertThat(CoreSet.ANY.pinned(List.of("a"))).containsExactly("a");
        assertThatIllegalArgumentException().isThrownBy(() -> CoreSet.of(-1)).withMessage("core: -1 (expected: >= 0)");
    }

    private static ChildProcess shell(String script) throws IOException {
        return ChildProcess.start("shell", List.of("sh", "-c", script), CoreSet.ANY);
    }
}
