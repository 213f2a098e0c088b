package io.portcullis.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.peer.Peers;
import io.portcullis.benchmarks.scenario.Scenario;
import io.portcullis.benchmarks.scenario.Scenarios;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EffortTest {

    private static final List<Peer> OF_A_QUICK_RUN =
            Peers.all(Path.of("nowhere")).subList(0, 4);

    /** If it breaks: a quick run leaves a scenario out, and exits with 1, on every machine. */
    @Test
    void aQuickRunHasTimeForARoundOfEachOfItsScenarios() {
        Duration all = Scenarios.all().stream()
                .filter(Scenarios::isQuick)
                .map(EffortTest::least)
                .reduce(Duration.ZERO, Duration::plus);

        assertThat(all).isBetween(Duration.ofSeconds(60), Effort.QUICK.limit().orElseThrow());
    }

    /** A start takes no load and no slices: estimated like one, it was left out for lack of time. */
    @Test
    void aStartIsEstimatedByWhatItCosts() {
        Scenario start = named("start");

        assertThat(Effort.QUICK.estimate(start, 3)).isLessThanOrEqualTo(Duration.ofSeconds(9));
        assertThat(Effort.QUICK.estimate(start, 3)).isGreaterThan(Effort.QUICK.least(start, 3));
    }

    /** Each round of an own load has a process to start and to lead in. */
    @Test
    void aRoundOfAnOwnLoadIsEstimatedWithItsLeadIn() {
        assertThat(named("half-rate").toMeasure(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(8));
    }

    private static Scenario named(String id) {
        return Scenarios.all().stream()
                .filter(scenario -> scenario.subject().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Duration least(Scenario scenario) {
        int peers = (int) OF_A_QUICK_RUN.stream().filter(scenario::takes).count();
        return Effort.QUICK.least(scenario, peers);
    }
}
