package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.result.Figure;
import io.portcullis.benchmarks.result.Latency;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.PeerResult;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A column of a scenario's table: what it measures itself, or what every round tells besides.
 *
 * @param id that of the measure; a scenario that measures the same by itself, in whatever unit, has it from there
 * @param title with its unit
 */
record Quantity(String id, String title, Function<PeerResult, Optional<Figure>> figure) {

    private static final double MIB = 1024 * 1024;
    private static final String A_SECOND = "1/s";

    static final Quantity P99 = percentile("p99", "p99", Latency::p99);

    /** The percentiles of a latency, from short to long. */
    static final List<Quantity> PERCENTILES = List.of(
            percentile("p50", "p50", Latency::p50),
            P99,
            percentile("p999", "p99.9", Latency::p999),
            percentile("max", "longest", Latency::max));

    private static final List<Quantity> BESIDES = List.of(
            derived("rate", "succeeded, 1/s", round -> positive(round.work().perSecond())),
            derived(
                    "user",
                    "CPU a request in the program, µs",
                    round -> aRequest(round, round.usage().cpu().userMicros())),
            derived(
                    "system",
                    "CPU a request in the kernel, µs",
                    round -> aRequest(round, round.usage().cpu().systemMicros())),
            derived(
                    "memory",
                    "resident memory, MiB",
                    round -> mebibytes(round.usage().memory().rssBytes())),
            derived(
                    "pss",
                    "memory (PSS), MiB",
                    round -> mebibytes(round.usage().memory().pssBytes())));

    /** Those of which at least one peer has a figure; the scenario's own first. */
    static List<Quantity> of(ScenarioResult scenario) {
        List<Quantity> own = scenario.measures().stream()
                .map(measure -> new Quantity(measure.id(), titleWithUnit(measure), peer -> peer.figure(measure)))
                .toList();
        return Stream.of(own, PERCENTILES, BESIDES)
                .flatMap(List::stream)
                .filter(quantity -> own.contains(quantity) || own.stream().noneMatch(quantity::isToldBy))
                .filter(quantity -> scenario.peers().stream()
                        .anyMatch(peer -> quantity.figure().apply(peer).isPresent()))
                .toList();
    }

    private boolean isToldBy(Quantity other) {
        return other.id.equals(id) || other.id.startsWith(id + "-");
    }

    static boolean hasLatency(PeerResult peer) {
        return peer.rounds().stream().anyMatch(round -> round.latency().isPresent());
    }

    static String titleWithUnit(Measure measure) {
        String unit = unit(measure);
        return unit.isEmpty() ? measure.title() : measure.title() + ", " + unit;
    }

    /** Empty where the title says it. */
    static String unit(Measure measure) {
        return measure.unit().equals(A_SECOND) && measure.title().contains("a second") ? "" : measure.unit();
    }

    private static Quantity percentile(String id, String title, ToDoubleFunction<Latency> percentile) {
        return derived(
                id,
                "latency " + title + ", µs",
                round -> round.latency().stream().mapToDouble(percentile).findFirst());
    }

    private static Quantity derived(String id, String title, Function<Round, OptionalDouble> figure) {
        return new Quantity(id, title, peer -> {
            double[] figures = peer.rounds().stream()
                    .flatMapToDouble(round -> figure.apply(round).stream())
                    .toArray();
            return figures.length == 0 ? Optional.empty() : Optional.of(Figure.of(figures));
        });
    }

    /** Where it was not measured a round has zero. */
    private static OptionalDouble positive(double figure) {
        return figure > 0 ? OptionalDouble.of(figure) : OptionalDouble.empty();
    }

    private static OptionalDouble mebibytes(long bytes) {
        return positive(bytes / MIB);
    }

    private static OptionalDouble aRequest(Round round, long micros) {
        boolean isMeasured =
                round.usage().cpu().totalMicros() > 0 && round.work().requests() > 0;
        return isMeasured ? OptionalDouble.of((double) micros / round.work().requests()) : OptionalDouble.empty();
    }
}
