package io.portcullis.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScenarioResultTest {

    private static final Measure CPU = Measure.less("cpu", "CPU a request", "µs");

    /** The round that somebody else's build disturbed decides nothing. */
    @Test
    void theRatioIsOfTheMedians() {
        ScenarioResult result = result(peer("portcullis", 10, 40, 12), peer("nginx", 20, 20, 20));

        assertThat(result.ratio(CPU, "portcullis", "nginx").orElseThrow().median())
                .isEqualTo(0.6);
    }

    @Test
    void besideItStandTheLeastAndGreatestOfRoundsThatWereMeasuredTogether() {
        ScenarioResult result = result(peer("portcullis", 10, 40), peer("nginx", 20, 80));

        assertThat(result.ratio(CPU, "portcullis", "nginx")).contains(new Figure(0.5, 0.5, 0.5));
    }

    @Test
    void thereIsNoRatioToAPeerThatIsAbsentOrHasNoFigureOrUsedNothing() {
        ScenarioResult result = result(peer("portcullis", 10), peer("haproxy"), peer("kernel", 0));

        assertThat(result.ratio(CPU, "portcullis", "nginx")).isEmpty();
        assertThat(result.ratio(CPU, "portcullis", "haproxy")).isEmpty();
        assertThat(result.ratio(CPU, "portcullis", "kernel")).isEmpty();
    }

    @Test
    void halfOfTheRoundsWithALateLoadMakeALatencyDoubtful() {
        Measure p99 = Measure.less("p99", "p99", "µs").latency();
        ScenarioResult result = result(
                new PeerResult("one", List.of(timed(1, true), timed(2, false), timed(3, false)), Optional.empty()),
                new PeerResult("half", List.of(timed(1, true), timed(2, false)), Optional.empty()));

        assertThat(result.doubt(p99, "one")).isEmpty();
        assertThat(result.doubt(p99, "half")).isPresent();
        assertThat(result.doubt(CPU, "half"))
                .as("what it cost is as true as ever")
                .isEmpty();
        assertThat(result.doubt(p99, "absent")).isEmpty();
    }

    private static Round timed(int number, boolean loadWasLate) {
        Latency latency = new Latency(1, 2, 3, 4, loadWasLate);
        return new Round(
                number, new Work(1, 100, 0, "own"), new Usage(Cpu.NONE, Memory.NONE), Optional.of(latency), Map.of());
    }

    @Test
    void aMissingRoundLeavesTheOthers() {
        PeerResult late = new PeerResult("nginx", List.of(round(2, 10)), Optional.of("failed in round 1"));

        assertThat(result(peer("portcullis", 10, 20), late).ratio(CPU, "portcullis", "nginx"))
                .contains(new Figure(2, 2, 2));
    }

    private static ScenarioResult result(PeerResult... peers) {
        return new ScenarioResult(
                new ScenarioResult.Subject("small-64", "small answers", "what it costs"),
                List.of(CPU),
                List.of(peers),
                List.of(),
                Optional.empty());
    }

    private static PeerResult peer(String name, double... figures) {
        List<Round> rounds = new ArrayList<>();
        for (double figure : figures) {
            rounds.add(round(rounds.size() + 1, figure));
        }
        return new PeerResult(name, rounds, Optional.empty());
    }

    private static Round round(int number, double figure) {
        return new Round(
                number,
                new Work(1, 100, 0, "wrk"),
                new Usage(Cpu.NONE, Memory.NONE),
                Optional.empty(),
                Map.of(CPU.id(), figure));
    }
}
