package io.portcullis.benchmarks.load.generator;

/**
 * When each request of a rate is due: from the rate and the start alone.
 *
 * @param count of all requests
 */
record Schedule(long start, long rate, long count) {

    static final Schedule NONE = new Schedule(0, 1, 0);

    private static final long SECOND = 1_000_000_000;

    /** @param nanos how long the rate is kept */
    static Schedule of(long start, long rate, long nanos) {
        return new Schedule(start, rate, Math.max(1, Math.round(rate * (nanos / 1e9))));
    }

    /** When the request of that number, from 0, is due. Whole seconds apart, so that no rounding adds up. */
    long due(long number) {
        return start + number / rate * SECOND + number % rate * SECOND / rate;
    }
}
