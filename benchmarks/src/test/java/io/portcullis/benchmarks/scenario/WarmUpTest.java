package io.portcullis.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a proxy counts as warm; who is measured before is measured with its compiler. */
class WarmUpTest {

    private static final Duration AROUND = Duration.ofSeconds(1);

    private final WarmUp rule = new WarmUp(Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(10));
    private final List<Integer> told = new ArrayList<>();
    private long now;

    /** @param costs of the slices, of which the last goes on */
    private boolean settle(double... costs) throws IOException {
        return rule.settle(
                () -> {
                    now += rule.slice().plus(AROUND).toNanos();
                    return costs[Math.min(told.size(), costs.length) - 1];
                },
                told::add,
                () -> now);
    }

    @Test
    void whoIsCompiledBeforehandIsWarmAfterFourSlices() throws IOException {
        assertThat(settle(10, 10, 10, 10)).isTrue();
        assertThat(told).containsExactly(1, 2, 3, 4);
    }

    /** The CPU a request of HTTP/2 as it was found in the rounds that were to be warm. */
    @Test
    void itGoesOnAsLongAsASliceIsBetterThanTheBestBeforeIt() throws IOException {
        assertThat(settle(53, 20, 13, 8, 7.9, 7.8)).isTrue();
        assertThat(told).hasSize(7);
    }

    @Test
    void twoSlicesThatSomebodyElseDisturbedAreNotTheEnd() throws IOException {
        assertThat(settle(53, 60, 55, 20, 20, 20, 20)).isTrue();
        assertThat(told).hasSize(7);
    }

    /** If it breaks: a proxy with a leak of CPU is warmed up for ever. */
    @Test
    void itEndsWhenItsTimeIsOverAndSaysSo() throws IOException {
        double[] falling = new double[20];
        for (int i = 0; i < falling.length; i++) {
            falling[i] = Math.pow(0.9, i);
        }
        assertThat(settle(falling)).isFalse();
        assertThat(now).isLessThanOrEqualTo(Duration.ofSeconds(31).toNanos());
    }
}
