package io.portcullis.benchmarks.result;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One measurement of one peer.
 *
 * @param number from 1; rounds of the same number were measured one peer after the other, so that a drift of the machine
 *     hits all of them alike
 * @param figures what the scenario measures, by {@link Measure#id}
 */
public record Round(int number, Work work, Usage usage, Optional<Latency> latency, Map<String, Double> figures) {

    public Round {
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    public OptionalDouble figure(Measure measure) {
        Double figure = figures.get(measure.id());
        return figure == null ? OptionalDouble.empty() : OptionalDouble.of(figure);
    }
}
