package io.portcullis.benchmarks.load.generator;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What is counted in a round. Of the event loop. */
final class Tally {

    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);
    private static final int DIGITS = 3;
    private static final int STATUSES = 1_000;

    private final Histogram latency = new Histogram(1, LONGEST_MICROS, DIGITS);
    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    private final long[] statuses = new long[STATUSES];
    private final Map<String, Double> figures = new TreeMap<>();
    private long requests;
    private long octets;

    /** A request that was answered as it should be. */
    void answered(long nanos, long bodyOctets) {
        requests++;
        octets += bodyOctets;
        latency(nanos);
    }

    /** One that was not. */
    void failed(Fault fault) {
        failed(fault, 1);
    }

    void failed(Fault fault, long count) {
        if (count > 0) {
            faults.merge(fault, count, Long::sum);
        }
    }

    void latency(long nanos) {
        latency.recordValue(Math.min(LONGEST_MICROS, Math.max(0, nanos / 1_000)));
    }

    void status(int status) {
        statuses[status]++;
    }

    void requests(long count) {
        requests += count;
    }

    void figure(String name, double figure) {
        figures.put(name, figure);
    }

    /** A figure that is a count. */
    void figure(String name, long count) {
        figures.put(name, (double) count);
    }

    /** How many there were, which are faults no more: to this kind of load they are something else. */
    long take(Fault fault) {
        Long count = faults.remove(fault);
        return count == null ? 0 : count;
    }

    long requests() {
        return requests;
    }

    long octets() {
        return octets;
    }

    Histogram latencies() {
        return latency;
    }

    Map<String, Long> errors() {
        Map<String, Long> errors = new LinkedHashMap<>();
        faults.forEach((fault, count) -> errors.put(fault.key(), count));
        return errors;
    }

    /** Those that were put in, and how often each status was seen. */
    Map<String, Double> figures() {
        Map<String, Double> all = new TreeMap<>(figures);
        for (int status = 0; status < STATUSES; status++) {
            if (statuses[status] > 0) {
                all.put("status-" + status, (double) statuses[status]);
            }
        }
        return all;
    }
}
