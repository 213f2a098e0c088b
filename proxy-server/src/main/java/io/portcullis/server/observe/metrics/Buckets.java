package io.portcullis.server.observe.metrics;

import java.util.Arrays;

/**
 * The bounds that all histograms of times have: Prometheus' usual ones from a millisecond to ten seconds.
 *
 * <p>A histogram is so many {@link Cells} in a row: one for each bound, one for what is slower than all, and the sum.
 */
final class Buckets {

    /** In seconds; a time that equals one is counted there, as Prometheus has it. */
    private static final double[] UPPER_SECONDS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Double.POSITIVE_INFINITY
    };

    private static final long[] UPPER_NANOS = Arrays.stream(UPPER_SECONDS)
            .mapToLong(seconds -> Math.round(seconds * 1e9)) // the last becomes the largest there is
            .toArray();

    static final int COUNT = UPPER_SECONDS.length;

    /** Cells of a histogram. */
    static final int CELLS = COUNT + 1;

    private static final double NANOS_A_SECOND = 1e9;

    private Buckets() {}

    static double[] upperSeconds() {
        return UPPER_SECONDS.clone();
    }

    /** The bucket of a time. Most exchanges are fast, so the first few comparisons find it. */
    static int of(long nanos) {
        int bucket = 0;
        while (nanos > UPPER_NANOS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    /** Counts a time in the histogram that begins at a cell; by the cells' writer. */
    static void record(Cells cells, int first, long nanos) {
        cells.add(first + of(nanos), 1);
        cells.add(first + COUNT, nanos);
    }

    /** What several histograms have counted together. */
    static final class Sum {
        private final long[] counts = new long[COUNT];
        private long nanos;

        void add(Cells cells, int first) {
            for (int bucket = 0; bucket < COUNT; bucket++) {
                counts[bucket] += cells.get(first + bucket);
            }
            nanos += cells.get(first + COUNT);
        }

        long[] counts() {
            return counts.clone();
        }

        long count() {
            return Arrays.stream(counts).sum();
        }

        double seconds() {
            return nanos / NANOS_A_SECOND;
        }
    }
}
