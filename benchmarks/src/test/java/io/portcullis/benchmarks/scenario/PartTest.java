package io.portcullis.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.benchmarks.load.LoadResult;
import io.portcullis.benchmarks.load.Percentiles;
import io.portcullis.benchmarks.result.Cpu;
import io.portcullis.benchmarks.result.Latency;
import io.portcullis.benchmarks.result.Memory;
import io.portcullis.benchmarks.result.Usage;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Whose time a latency is: the load shares its core with others, and may itself be what answers seem to wait for. */
class PartTest {

    @Test
    void aLoadThatWasLateByATenthOfTheP99IsNotBelieved() {
        assertThat(part(900, 90).wasLate()).isFalse();
        assertThat(part(900, 91).wasLate()).isTrue();
    }

    @Test
    void norIsOneThatWasLateByMoreThanAMillisecond() {
        assertThat(part(50_000, 1_000).wasLate()).isFalse();
        assertThat(part(50_000, 1_001).wasLate()).isTrue();
    }

    @Test
    void aLoadThatWaitsForItsAnswersIsNeverLate() {
        LoadResult closed = load(300, Map.of());
        assertThat(new Part(closed, new Usage(Cpu.NONE, Memory.NONE)).wasLate()).isFalse();
    }

    /** A ratio of two latencies is worth no more than the worse of them. */
    @Test
    void aPartBeforeThatWasLateIsOneTooMany() {
        assertThat(part(900, 1).roundAtARate(1, Map.of(), part(100, 11)).latency())
                .hasValueSatisfying(latency -> assertThat(latency.loadWasLate()).isTrue());
        assertThat(part(900, 1).roundAtARate(1, Map.of(), part(100, 10)).latency())
                .contains(new Latency(100, 900, 1_800, 3_600, false));
    }

    private static Part part(double p99, double late) {
        return new Part(load(p99, Map.of("late-p99", late)), new Usage(Cpu.NONE, Memory.NONE));
    }

    private static LoadResult load(double p99, Map<String, Double> figures) {
        Percentiles latency = new Percentiles(100, 200, p99, OptionalDouble.of(2 * p99), 4 * p99);
        return new LoadResult("own, open loop", 1, 1_000, Map.of(), 0, Optional.of(latency), figures);
    }
}
