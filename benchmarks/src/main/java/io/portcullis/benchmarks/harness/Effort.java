package io.portcullis.benchmarks.harness;

import io.portcullis.benchmarks.scenario.Scenario;
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

    static final Effort FULL = new Effort(
            false,
            5,
            Duration.ofSeconds(5),
            new WarmUp(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(10)),
            Optional.empty());

    /** Three minutes, less what it takes to start, to end and to write the report. Rounds are left out before scenarios are. */
    static final Effort QUICK = new Effort(
            true,
            2,
            Duration.ofSeconds(1),
            new WarmUp(Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofSeconds(3)),
            Optional.of(Duration.ofSeconds(165)));

    Effort withRounds(int count) {
        return new Effort(quick, count, round, warmUp, limit);
    }

    Effort withRound(Duration duration) {
        return new Effort(quick, rounds, duration, warmUp, limit);
    }

    /** What a scenario takes, about. */
    Duration estimate(Scenario scenario, int peers) {
        return estimate(scenario, peers, rounds);
    }

    /** What it takes with a single round, about. */
    Duration least(Scenario scenario, int peers) {
        return estimate(scenario, peers, 1);
    }

    private Duration estimate(Scenario scenario, int peers, int count) {
        return scenario.toPrepare(warmUp)
                .plus(scenario.toMeasure(round).multipliedBy(count))
                .multipliedBy(peers);
    }
}
