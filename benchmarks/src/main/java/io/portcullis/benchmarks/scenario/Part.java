package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.load.LoadResult;
import io.portcullis.benchmarks.load.Percentiles;
import io.portcullis.benchmarks.result.Latency;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.Usage;
import io.portcullis.benchmarks.result.Work;
import java.util.Map;
import java.util.Optional;

/** What a load did, and what the proxy used meanwhile; memory is that at its end. */
record Part(LoadResult load, Usage used) {

    /** The processor's time between two looks at what the proxy has used so far. */
    static Part of(LoadResult load, Usage before, Usage after) {
        return new Part(load, new Usage(after.cpu().minus(before.cpu()), after.memory()));
    }

    Round round(int number, Figures figures) {
        return new Round(
                number, work(), used, figures.areAtARate() ? latency() : Optional.empty(), figures.of(load, used));
    }

    /** A round with figures of its own, of a load that waits for its answers. */
    Round round(int number, Map<String, Double> figures) {
        return new Round(number, work(), used, Optional.empty(), figures);
    }

    /** A round with figures of its own, of a load that has a fixed rate. */
    Round roundAtARate(int number, Map<String, Double> figures) {
        return new Round(number, work(), used, latency(), figures);
    }

    private Work work() {
        return new Work(load.seconds(), load.requests(), load.failed(), load.generator());
    }

    private Optional<Latency> latency() {
        return load.latency().map(Part::latency);
    }

    private static Latency latency(Percentiles percentiles) {
        return new Latency(
                percentiles.p50(), percentiles.p99(), percentiles.p999().orElse(percentiles.max()), percentiles.max());
    }
}
