package io.portcullis.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final StringWriter written = new StringWriter();
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void aTerminalKeepsOneLine() {
        Progress progress = progress(true);
        progress.step("round 2 of 5", "nginx");

        assertThat(written.toString()).isEqualTo("\r\u001b[K[3/17] small-64: round 2 of 5, nginx ... 12 min left");
    }

    @Test
    void aFileGetsALineForEachStepAndNotForEachPeer() {
        Progress progress = progress(false);
        progress.step("round 1 of 5", "nginx");
        progress.step("round 1 of 5", "haproxy");
        progress.step("round 2 of 5", "haproxy");

        assertThat(written.toString().lines())
                .containsExactly(
                        "[3/17] small-64: round 1 of 5 ... 12 min left",
                        "[3/17] small-64: round 2 of 5 ... 12 min left");
    }

    @Test
    void whatIsLeftGrowsLessAsTimeGoesBy() {
        Progress progress = progress(false);
        nanos.addAndGet(Duration.ofSeconds(90).toNanos());
        progress.step("round 2 of 5", "nginx");

        assertThat(written.toString()).contains("10 min left");
    }

    private Progress progress(boolean terminal) {
        Progress progress = new Progress(new PrintWriter(written), terminal, nanos::get);
        progress.scenario("small-64", 3, 17, Duration.ofSeconds(90), Duration.ofMinutes(10));
        return progress;
    }
}
