package io.portcullis.benchmarks.result;

import java.util.Arrays;

/** A figure over several rounds: the one in the middle, and how far they lay apart. */
public record Figure(double median, double least, double greatest) {

    /** Of at least one round. */
    public static Figure of(double... rounds) {
        if (rounds.length == 0) {
            throw new IllegalArgumentException("no rounds (expected: at least one)");
        }
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Figure(median, sorted[0], sorted[sorted.length - 1]);
    }
}
