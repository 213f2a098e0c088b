package io.portcullis.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.peer.Peers;
import io.portcullis.benchmarks.result.Cpu;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.Memory;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult;
import io.portcullis.benchmarks.result.Usage;
import io.portcullis.benchmarks.result.Work;
import io.portcullis.benchmarks.scenario.Scenario;
import io.portcullis.benchmarks.scenario.Stage;
import io.portcullis.benchmarks.scenario.Trial;
import io.portcullis.benchmarks.scenario.WarmUp;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class ContestTest {

    private static final WarmUp WARM_UP =
            new WarmUp(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(2));

    private static final Effort EFFORT = new Effort(false, 2, Duration.ofSeconds(1), WARM_UP, Optional.empty());

    /** Portcullis and nginx: nothing of them is used but the name. */
    private static final List<Peer> TWO = Peers.all(Path.of("nowhere")).subList(0, 2);

    private final List<String> events = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private Duration timeForRounds = Duration.ofHours(1);
    private Duration toMeasure = Duration.ZERO;
    private Duration toWarmPortcullis = Duration.ofMillis(43_600);

    @Test
    void allAreUpAndWarmBeforeTheFirstIsMeasuredAndRoundsBeginWithAnotherOne() {
        run("");

        assertThat(events)
                .containsExactly(
                        "open portcullis",
                        "open nginx",
                        "warm portcullis",
                        "warm nginx",
                        "portcullis 1",
                        "nginx 1",
                        "nginx 2",
                        "portcullis 2",
                        "close portcullis",
                        "close nginx");
    }

    /** A peer that cannot be configured on this machine must not cost the figures of all others. */
    @Test
    void whoFailsIsEndedAtOnceAndSaysWhyAndTheOthersGoOn() {
        ScenarioResult result = run("warm portcullis");

        assertThat(events)
                .containsExactly(
                        "open portcullis",
                        "open nginx",
                        "warm portcullis",
                        "close portcullis",
                        "warm nginx",
                        "nginx 1",
                        "nginx 2",
                        "close nginx");
        assertThat(result.peer("portcullis").orElseThrow().failure()).contains("warm-up: broken");
        assertThat(result.peer("nginx").orElseThrow().rounds()).hasSize(2);
    }

    /** Figures of a proxy that a compiler is still at work on are no figures of it. */
    @Test
    void whoIsNotWarmInTimeIsNamed() {
        assertThat(run("").notes())
                .containsExactly(
                        "nginx was still getting faster when the time for its warm-up was over.",
                        "Warm-up: portcullis 44 s, nginx 0 s.");
    }

    /** An operator has a proxy that is slow to get warm at each restart: the figures do not show it. */
    @Test
    void howLongTheWarmUpOfEachTookIsTold() {
        assertThat(run("").notes()).last().isEqualTo("Warm-up: portcullis 44 s, nginx 0 s.");
    }

    @Test
    void aScenarioWithoutWarmUpTellsOfNone() {
        toWarmPortcullis = Duration.ofMillis(499);

        assertThat(run("").notes()).hasSize(1);
    }

    /** If it breaks: a quick run goes on for ever, or has its last scenarios starve without a word. */
    @Test
    void aRoundThatTakesMoreThanIsLeftIsNotBegunAndThatIsTold() {
        toMeasure = Duration.ofSeconds(4);
        timeForRounds = Duration.ofSeconds(7);

        ScenarioResult result = run("");

        assertThat(events).contains("portcullis 1", "nginx 1").doesNotContain("portcullis 2", "nginx 2");
        assertThat(result.peers()).allSatisfy(peer -> assertThat(peer.failure()).isEmpty());
        assertThat(result.notes())
                .contains("No time was left for more than 1 of 2 rounds. A single one does not show how far rounds lie"
                        + " apart.");
    }

    @Test
    void aRoundThatTakesJustWhatIsLeftIsPlayed() {
        toMeasure = Duration.ofSeconds(4);
        timeForRounds = Duration.ofSeconds(8);

        assertThat(run("").peers()).allSatisfy(peer -> assertThat(peer.rounds()).hasSize(2));
    }

    @Test
    void theRoundsBeforeAFailureStay() {
        ScenarioResult result = run("portcullis 2");

        assertThat(result.peer("portcullis").orElseThrow().rounds()).hasSize(1);
        assertThat(result.peer("portcullis").orElseThrow().failure()).contains("round 2 of 2: broken");
    }

    private ScenarioResult run(String broken) {
        Progress progress = new Progress(new PrintWriter(Writer.nullWriter()), false, () -> 0);
        Recorded scenario = new Recorded(broken);
        return new Contest(scenario, EFFORT, progress, time -> timeForRounds.compareTo(time) >= 0, () -> now.toNanos())
                .run(TWO, scenario::open);
    }

    private final class Recorded implements Scenario {

        private final String broken;

        Recorded(String broken) {
            this.broken = broken;
        }

        @Override
        public ScenarioResult.Subject subject() {
            return new ScenarioResult.Subject("recorded", "", "");
        }

        @Override
        public List<Measure> measures() {
            return List.of();
        }

        @Override
        public boolean takes(Peer peer) {
            return true;
        }

        @Override
        public Duration toPrepare(WarmUp rule) {
            return Duration.ZERO;
        }

        @Override
        public Duration toMeasure(Duration round) {
            return round;
        }

        @Override
        public Trial open(Peer peer, Stage stage) {
            throw new UnsupportedOperationException();
        }

        Trial open(Peer peer) throws IOException {
            happen("open " + peer.name());
            return new Trial() {
                @Override
                public boolean warmUp(WarmUp rule, IntConsumer told) throws IOException {
                    happen("warm " + peer.name());
                    if (peer.name().equals("nginx")) {
                        return false;
                    }
                    now = now.plus(toWarmPortcullis);
                    return true;
                }

                @Override
                public Round measure(int number, Duration duration) throws IOException {
                    happen(peer.name() + " " + number);
                    now = now.plus(toMeasure);
                    return new Round(
                            number,
                            new Work(1, 1, 0, ""),
                            new Usage(Cpu.NONE, Memory.NONE),
                            Optional.empty(),
                            Map.of());
                }

                @Override
                public void close() {
                    events.add("close " + peer.name());
                }
            };
        }

        private void happen(String event) throws IOException {
            events.add(event);
            if (event.equals(broken)) {
                throw new IOException("broken");
            }
        }
    }
}
