package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.load.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * How a proxy is put under load before its first round: in slices, until what one of them costs it no longer falls. A
 * compiler that works at run time has to be done by then; how long that takes depends on the traffic, so it is the same rule
 * for all, and not the same time.
 *
 * @param slice of the load
 * @param most that all slices may take, with what is around them; two there are in any case
 * @param plain how long it is where nothing says when it is done
 */
public record WarmUp(Duration slice, Duration most, Duration plain) {

    /** A slice that costs more than that part of the best before it is no better. */
    private static final double SAME = 0.95;

    /** So many in a row that are no better are the end: two that somebody else disturbed are not rare. */
    private static final int ENOUGH = 3;

    /** So many are neither what it takes without a compiler nor with one that has much to do. */
    private static final int USUAL = 6;

    /** Puts it under load for a slice, and says what each request cost it, in whatever unit. */
    @FunctionalInterface
    interface Slice {
        double cost() throws IOException;
    }

    /**
     * Warms up by slices.
     *
     * @param told the number of each slice, from 1, before it begins
     * @param nanoTime as {@link System#nanoTime}
     * @return whether what a slice costs had stopped falling
     */
    boolean settle(Slice load, IntConsumer told, LongSupplier nanoTime) throws IOException {
        long began = nanoTime.getAsLong();
        double best = Double.POSITIVE_INFINITY;
        int same = 0;
        for (int number = 1; number <= 2 || isTimeFor(nanoTime.getAsLong() - began); number++) {
            told.accept(number);
            double cost = load.cost();
            same = cost > SAME * best ? same + 1 : 0;
            best = Math.min(best, cost);
            if (same == ENOUGH) {
                return true;
            }
        }
        return false;
    }

    private boolean isTimeFor(long nanosGone) {
        return nanosGone + slice.toNanos() <= most.toNanos();
    }

    /** What slices of such a load take, about. */
    Duration estimate(Load load) {
        Duration slices = slice.multipliedBy(USUAL);
        return load.estimate().minus(slice).plus(slices.compareTo(most) < 0 ? slices : most);
    }
}
