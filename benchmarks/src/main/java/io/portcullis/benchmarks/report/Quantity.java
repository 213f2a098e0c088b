package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.result.Figure;
import io.portcullis.benchmarks.result.Latency;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.PeerResult;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A column of a scenario's table: what it measures itself, or what every round tells besides.
 *
 * @param title with its unit
 */
record Quantity(String title, Function<PeerResult, Optional<Figure>> figure) {

    private static final double MIB = 1024 * 1024;

    static final Quantity P99 = percentile("p99", Latency::p99);

    /** The percentiles of a latency, from short to long. */
    static final List<Quantity> PERCENTILES = List.of(
            percentile("p50", Latency::p50),
            P99,
            percentile("p99.9", Latency::p999),
            percentile("longest", Latency::max));

    /** Those of which at least one peer has a figure; the scenario's own first. */
    static List<Quantity> of(ScenarioResult scenario) {
        List<Quantity> all = new ArrayList<>();
        for (Measure measure : scenario.measures()) {
            all.add(new Quantity(titleWithUnit(measure), peer -> peer.figure(measure)));
        }
        boolean hasRate =
                scenario.measures().stream().anyMatch(measure -> measure.unit().equals("1/s"));
        if (!hasRate) {
            all.add(derived("requests, 1/s", round -> positive(round.work().perSecond())));
        }
        all.addAll(PERCENTILES);
        all.add(derived(
                "CPU a request in user space, µs",
                round -> aRequest(round, round.usage().cpu().userMicros())));
        all.add(derived(
                "CPU a request in the kernel, µs",
                round -> aRequest(round, round.usage().cpu().systemMicros())));
        all.add(derived(
                "memory (PSS), MiB", round -> positive(round.usage().memory().pssBytes() / MIB)));
        all.add(derived(
                "memory (RSS), MiB", round -> positive(round.usage().memory().rssBytes() / MIB)));
        return all.stream()
                .filter(quantity -> scenario.peers().stream()
                        .anyMatch(peer -> quantity.figure().apply(peer).isPresent()))
                .toList();
    }

    static boolean hasLatency(PeerResult peer) {
        return peer.rounds().stream().anyMatch(round -> round.latency().isPresent());
    }

    static String titleWithUnit(Measure measure) {
        return measure.unit().isEmpty() ? measure.title() : measure.title() + ", " + measure.unit();
    }

    private static Quantity percentile(String title, ToDoubleFunction<Latency> percentile) {
        return derived(
                "latency " + title + ", µs",
                round -> round.latency().stream().mapToDouble(percentile).findFirst());
    }

    private static Quantity derived(String title, Function<Round, OptionalDouble> figure) {
        return new Quantity(title, peer -> {
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

    private static OptionalDouble aRequest(Round round, long micros) {
        boolean isMeasured =
                round.usage().cpu().totalMicros() > 0 && round.work().requests() > 0;
        return isMeasured ? OptionalDouble.of((double) micros / round.work().requests()) : OptionalDouble.empty();
    }
}
