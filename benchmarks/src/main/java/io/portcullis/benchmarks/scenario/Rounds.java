package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.load.LoadResult;
import io.portcullis.benchmarks.load.Percentiles;
import io.portcullis.benchmarks.result.Latency;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.Usage;
import io.portcullis.benchmarks.result.Work;
import java.util.Map;
import java.util.Optional;

/** Makes rounds of what loads say. */
final class Rounds {

    private Rounds() {}

    static Round of(int number, LoadResult load, Usage used, Figures figures) {
        return new Round(
                number,
                work(load),
                used,
                figures.areAtARate() ? latency(load) : Optional.empty(),
                figures.of(load, used));
    }

    /** A round with figures of its own. */
    static Round of(int number, LoadResult load, Usage used, Map<String, Double> figures) {
        return new Round(number, work(load), used, Optional.empty(), figures);
    }

    static Optional<Latency> latency(LoadResult load) {
        return load.latency().map(Rounds::latency);
    }

    static Work work(LoadResult load) {
        return new Work(load.seconds(), load.requests(), load.failed(), load.generator());
    }

    private static Latency latency(Percentiles percentiles) {
        return new Latency(
                percentiles.p50(), percentiles.p99(), percentiles.p999().orElse(percentiles.max()), percentiles.max());
    }
}
