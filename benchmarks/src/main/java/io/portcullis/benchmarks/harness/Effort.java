package io.portcullis.benchmarks.harness;

import io.portcullis.benchmarks.scenario.WarmUp;
import java.time.Duration;
import java.util.Optional;

/**
 * How much is measured.
 *
 * @param rounds of each proxy in a scenario
 * @param round how long one is
 * @param warmUp of each proxy in a scenario, before its first round
 * @param limit of the whole run: what it has no time for is left out
 */
record Effort(boolean quick, int rounds, Duration round, WarmUp warmUp, Optional<Duration> limit) {

    private static final Duration START = Duration.ofSeconds(1);
    /** A load is started and ended around each round. */
    private static final Duration AROUND = Duration.ofMillis(1_500);

    static final Effort FULL = new Effort(
            false,
            5,
            Duration.ofSeconds(5),
            new WarmUp(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(10)),
            Optional.empty());

    /** Three minutes, less what it takes to start, to end and to write the report. */
    static final Effort QUICK = new Effort(
            true,
            2,
            Duration.ofSeconds(1),
            new WarmUp(Duration.ofSeconds(1), Duration.ofSeconds(12), Duration.ofSeconds(3)),
            Optional.of(Duration.ofSeconds(165)));

    Effort withRounds(int count) {
        return new Effort(quick, count, round, warmUp, limit);
    }

    Effort withRound(Duration duration) {
        return new Effort(quick, rounds, duration, warmUp, limit);
    }

    /** What a scenario takes, about. */
    Duration estimate(int peers) {
        return START.plus(warmUp.estimate())
                .plus(round.plus(AROUND).multipliedBy(rounds))
                .multipliedBy(peers);
    }
}
