package io.portcullis.benchmarks.load;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What became of a load.
 *
 * @param generator what made it, with its version
 * @param seconds from the first request to the last answer
 * @param requests those answered as they should be; attempts to connect, where those are what is counted
 * @param errors those that were not, by kind: {@code connect}, {@code timeout}, {@code status}, and {@code read} of
 *     the packaged tools; our own tells {@code reset}, {@code closed}, {@code tls}, {@code malformed} apart, and has {@code
 *     unsent} (no connection was free until the end) and {@code local} (no port was left here); kinds that did not occur
 *     are not there
 * @param bytes the octets of bodies, sent and received; where a generator counts heads with them, those too
 * @param latency in microseconds, where the generator gives percentiles
 * @param figures what else the kind of load counts, by name; of our own always {@code load-cpu}, the cores that the load
 *     itself kept busy
 */
public record LoadResult(
        String generator,
        double seconds,
        long requests,
        Map<String, Long> errors,
        long bytes,
        Optional<Percentiles> latency,
        Map<String, Double> figures) {

    public LoadResult {
        errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    /** All errors, of whatever kind. */
    public long failed() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    public double perSecond() {
        return seconds > 0 ? requests / seconds : 0;
    }
}
