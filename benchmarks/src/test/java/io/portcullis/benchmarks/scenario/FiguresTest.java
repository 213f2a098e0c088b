package io.portcullis.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.benchmarks.load.LoadResult;
import io.portcullis.benchmarks.load.Percentiles;
import io.portcullis.benchmarks.result.Cpu;
import io.portcullis.benchmarks.result.Memory;
import io.portcullis.benchmarks.result.Usage;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FiguresTest {

    private static final Usage USED = new Usage(new Cpu(600_000, 1_400_000), new Memory(64L << 20, 32L << 20));

    @Test
    void theProcessorsTimeIsDividedByWhatWasAnswered() {
        assertThat(Figures.per("request").of(load(100_000, 0), USED))
                .containsEntry("cpu", 20.0)
                .containsEntry("user", 6.0)
                .containsEntry("system", 14.0)
                .containsEntry("rate", 20_000.0)
                .containsEntry("memory", 64.0)
                .containsEntry("pss", 32.0);
    }

    @Test
    void ofBodiesAGibCounts() {
        assertThat(Figures.perGib().of(load(10, 2L << 30), USED))
                .containsEntry("cpu-gib", 1_000.0)
                .containsEntry("throughput", 409.6);
    }

    /** The load may be at its end before the proxy is: what counts is what a second of the proxy's core is enough for. */
    @Test
    void handshakesAreThoseOfASecondOfTheProxysCore() {
        assertThat(Figures.handshakes().of(load(4_000, 0), USED)).containsEntry("handshakes", 2_000.0);
    }

    /** A figure that is infinite would be a bar across the whole report. */
    @Test
    void whereNothingWasAnsweredThereIsNoFigureForEach() {
        assertThat(Figures.per("request").of(load(0, 0), USED)).doesNotContainKeys("cpu", "user", "system");
    }

    @Test
    void onlyALoadWithARateHasALatency() {
        assertThat(Figures.per("request").areAtARate()).isFalse();
        assertThat(Figures.latency().areAtARate()).isTrue();
        assertThat(Figures.latency().of(load(1, 0), USED))
                .containsEntry("p99", 300.0)
                .containsEntry("p999", 400.0);
    }

    private static LoadResult load(long requests, long bytes) {
        Percentiles latency = new Percentiles(100, 200, 300, OptionalDouble.of(400), 500);
        return new LoadResult("wrk 4.1.0", 5, requests, Map.of(), bytes, Optional.of(latency), Map.of());
    }
}
