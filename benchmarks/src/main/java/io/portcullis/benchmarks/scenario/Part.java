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

    /** As the load calls the 99th percentile of how late it sent, in microseconds. */
    static final String LATE = "late-p99";

    /** Beyond that a load is late, and what it says of a p99 is its own time as much as the proxy's. */
    private static final double MOST_LATE_OF_P99 = 0.1;

    private static final double MOST_LATE_MICROS = 1_000;

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

    /**
     * A round with figures of its own, of a load that has a fixed rate.
     *
     * @param before another part of the same round, whose latency is in the figures as well
     */
    Round roundAtARate(int number, Map<String, Double> figures, Part before) {
        Optional<Latency> latency = load.latency().map(own -> latency(own, wasLate() || before.wasLate()));
        return new Round(number, work(), used, latency, figures);
    }

    /** How late the load was at a rate. */
    static double late(LoadResult load) {
        return load.figures().getOrDefault(LATE, 0.0);
    }

    boolean wasLate() {
        double late = late(load);
        return late > MOST_LATE_MICROS
                || load.latency()
                        .map(latency -> late > MOST_LATE_OF_P99 * latency.p99())
                        .orElse(false);
    }

    private Work work() {
        return new Work(load.seconds(), load.requests(), load.failed(), load.generator());
    }

    private Optional<Latency> latency() {
        return load.latency().map(percentiles -> latency(percentiles, wasLate()));
    }

    private static Latency latency(Percentiles percentiles, boolean loadWasLate) {
        double p999 = percentiles.p999().orElse(percentiles.max());
        return new Latency(percentiles.p50(), percentiles.p99(), p999, percentiles.max(), loadWasLate);
    }
}
