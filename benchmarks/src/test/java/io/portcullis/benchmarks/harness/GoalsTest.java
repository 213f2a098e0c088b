package io.portcullis.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.benchmarks.result.Cpu;
import io.portcullis.benchmarks.result.GoalResult;
import io.portcullis.benchmarks.result.GoalResult.Outcome;
import io.portcullis.benchmarks.result.Latency;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.Memory;
import io.portcullis.benchmarks.result.PeerResult;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult;
import io.portcullis.benchmarks.result.Usage;
import io.portcullis.benchmarks.result.Work;
import io.portcullis.benchmarks.scenario.Scenario;
import io.portcullis.benchmarks.scenario.Scenarios;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GoalsTest {

    private static final Measure CPU = Measure.less("cpu", "CPU a request", "µs");
    private static final Measure MEMORY = Measure.less("memory", "resident memory", "MiB");
    private static final Measure LEAKED = Measure.less("leaked", "requests after the threshold", "");
    private static final Measure P99 = Measure.less("p99", "p99", "µs").latency();
    private static final Measure HANDSHAKES = Measure.more("handshakes", "handshakes a second", "1/s");

    @Test
    void aRatioIsJudgedByTheMedians() {
        ScenarioResult result = result(
                "small-64-jails",
                List.of(CPU, MEMORY),
                peer("portcullis", CPU, 8, 99, 8),
                peer("nginx", CPU, 10, 10, 10));

        GoalResult nginx = goal(result, "of nginx's");

        assertThat(nginx.outcome()).isEqualTo(Outcome.MET);
        assertThat(nginx.wanted()).isEqualTo("at most 0.85 of nginx's");
        assertThat(nginx.measured()).isEqualTo("0.80 (0.80 to 9.90) of nginx's");
    }

    @Test
    void aRatioOverTheGoalIsMissed() {
        ScenarioResult result =
                result("small-64-jails", List.of(CPU, MEMORY), peer("portcullis", CPU, 9), peer("haproxy", CPU, 10));

        assertThat(goal(result, "of haproxy's").outcome()).isEqualTo(Outcome.MISSED);
        assertThat(goal(result, "of nginx's").outcome()).isEqualTo(Outcome.NOT_MEASURED);
    }

    @Test
    void ofHandshakesMoreIsBetter() {
        ScenarioResult result = result(
                "tls-handshake",
                List.of(HANDSHAKES),
                peer("portcullis", HANDSHAKES, 900),
                peer("nginx", HANDSHAKES, 1_000));

        assertThat(goal(result, "at least nginx's").outcome()).isEqualTo(Outcome.MISSED);
    }

    /** One request that got through in one round of five is one too many, though the median is none. */
    @Test
    void aLeakInAnyRoundIsALeak() {
        ScenarioResult result = result("leak", List.of(LEAKED), peer("portcullis", LEAKED, 0, 0, 1));

        assertThat(goal(result, "at most 0, in every round").outcome()).isEqualTo(Outcome.MISSED);
    }

    @Test
    void whatWasNotMeasuredSaysWhy() {
        ScenarioResult result = new ScenarioResult(
                new ScenarioResult.Subject("leak", "", ""),
                List.of(LEAKED),
                List.of(),
                List.of(),
                Optional.of("no time was left"));

        GoalResult goal = goal(result, "at most 0, in every round");

        assertThat(goal.outcome()).isEqualTo(Outcome.NOT_MEASURED);
        assertThat(goal.measured()).isEqualTo("no time was left");
    }

    /** A goal with a misspelt figure would fail at the end of an hour's run. */
    @Test
    void everyGoalIsAboutAFigureThatAScenarioHas() {
        List<ScenarioResult> all =
                Scenarios.all().stream().map(GoalsTest::empty).toList();

        assertThat(Goals.judge(all)).hasSize(15).allSatisfy(goal -> {
            assertThat(goal.outcome()).isEqualTo(Outcome.NOT_MEASURED);
            assertThat(goal.measured()).doesNotContain("not among");
        });
    }

    private static ScenarioResult empty(Scenario scenario) {
        return new ScenarioResult(
                scenario.subject(), scenario.measures(), List.of(), scenario.notes(), Optional.empty());
    }

    /** Who believes it tunes the proxy for an hour by what was the load's own fault. */
    @Test
    void aP99ThatALateLoadMeasuredIsNeitherMetNorMissed() {
        ScenarioResult late = result("half-rate", List.of(P99), timed("portcullis", false), timed("nginx", true));

        GoalResult goal = goal(late, "at most nginx's");

        assertThat(goal.outcome()).isEqualTo(Outcome.NOT_MEASURED);
        assertThat(goal.measured()).isEqualTo("nginx: the load itself was late: not to be believed");
        assertThat(goal(result("half-rate", List.of(P99), timed("portcullis", false), timed("nginx", false)), "nginx's")
                        .outcome())
                .isEqualTo(Outcome.MET);
    }

    /** Who answers half of what is asked with an error does so cheaply. */
    @Test
    void aPeerThatFailedOneRequestInAThousandIsNotCompared() {
        ScenarioResult failing =
                result("small-64-jails", List.of(CPU, MEMORY), erring("portcullis", 2), erring("nginx", 0));

        GoalResult goal = goal(failing, "of nginx's");

        assertThat(goal.outcome()).isEqualTo(Outcome.NOT_MEASURED);
        assertThat(goal.measured()).isEqualTo("portcullis: 0.2 % of its requests failed: not to be believed");
        assertThat(goal(
                                result(
                                        "small-64-jails",
                                        List.of(CPU, MEMORY),
                                        erring("portcullis", 1),
                                        erring("nginx", 0)),
                                "of nginx's")
                        .outcome())
                .isEqualTo(Outcome.MISSED);
    }

    private static PeerResult erring(String name, int errors) {
        Round round = new Round(
                1,
                new Work(1, 1_000 - errors, errors, "wrk 4.1.0"),
                new Usage(Cpu.NONE, Memory.NONE),
                Optional.empty(),
                Map.of(CPU.id(), 9.0));
        return new PeerResult(name, List.of(round), Optional.empty());
    }

    private static PeerResult timed(String name, boolean loadWasLate) {
        Round round = new Round(
                1,
                new Work(1, 1, 0, "own, open loop"),
                new Usage(Cpu.NONE, Memory.NONE),
                Optional.of(new Latency(1, 2, 3, 4, loadWasLate)),
                Map.of(P99.id(), 2.0));
        return new PeerResult(name, List.of(round), Optional.empty());
    }

    private static GoalResult goal(ScenarioResult result, String wanted) {
        return Goals.judge(List.of(result)).stream()
                .filter(goal -> goal.scenario().equals(result.subject().id()))
                .filter(goal -> goal.wanted().endsWith(wanted))
                .findFirst()
                .orElseThrow();
    }

    private static ScenarioResult result(String id, List<Measure> measures, PeerResult... peers) {
        return new ScenarioResult(
                new ScenarioResult.Subject(id, "", ""), measures, List.of(peers), List.of(), Optional.empty());
    }

    private static PeerResult peer(String name, Measure measure, double... figures) {
        List<Round> rounds = new ArrayList<>();
        for (double figure : figures) {
            rounds.add(new Round(
                    rounds.size() + 1,
                    new Work(1, 1, 0, "wrk 4.1.0"),
                    new Usage(Cpu.NONE, Memory.NONE),
                    Optional.empty(),
                    Map.of(measure.id(), figure)));
        }
        return new PeerResult(name, rounds, Optional.empty());
    }
}
