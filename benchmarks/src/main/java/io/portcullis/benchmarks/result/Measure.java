package io.portcullis.benchmarks.result;

/**
 * Something that a scenario measures of each peer: one figure a round.
 *
 * @param id its name in JSON and among a round's figures: lower case, with hyphens
 * @param title what a reader is told, a few words
 * @param unit such as {@code µs}, {@code 1/s} or {@code MiB}; empty where it counts things
 * @param isLatency whether it tells how long answers took, and so nothing where the load itself was late
 */
public record Measure(String id, String title, String unit, Better better, boolean isLatency) {

    /** Which of two figures a reader would rather have. */
    public enum Better {
        LESS,
        MORE,
        /** A figure that explains others. */
        NEITHER
    }

    public static Measure less(String id, String title, String unit) {
        return new Measure(id, title, unit, Better.LESS, false);
    }

    public static Measure more(String id, String title, String unit) {
        return new Measure(id, title, unit, Better.MORE, false);
    }

    public static Measure neither(String id, String title, String unit) {
        return new Measure(id, title, unit, Better.NEITHER, false);
    }

    /** The same, of how long answers took. */
    public Measure latency() {
        return new Measure(id, title, unit, better, true);
    }
}
