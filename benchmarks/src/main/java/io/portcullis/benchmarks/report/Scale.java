package io.portcullis.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where a figure lies between the left and the right end of a plot. What is beyond an end is drawn at that end.
 *
 * <p>In per cent of the width, so that a plot fits every screen and its text keeps its size.
 */
record Scale(double from, double to, boolean isLogarithmic, List<Double> ticks) {

    /** Room for half of a mark that lies at an end. */
    private static final double MARGIN = 2;

    private static final double LEAST_RATIO_BOUND = 2;
    /** Farther away, and nobody could tell 0.8 from 0.9. */
    private static final double GREATEST_RATIO_BOUND = 4;

    /** Their labels have to stand beside each other on a phone. */
    private static final int MOST_STEPS = 4;

    private static final int MOST_POWERS = 3;

    private static final List<Double> STEPS_OF_TEN = List.of(0.25, 0.5, 1.0, 2.0, 2.5);

    /** Twice as much and half as much are equally far from 1. */
    static Scale ofRatios(List<Double> ratios) {
        double bound = LEAST_RATIO_BOUND;
        for (double ratio : ratios) {
            while (bound < GREATEST_RATIO_BOUND && (ratio > bound || ratio < 1 / bound)) {
                bound *= 2;
            }
        }
        List<Double> ticks = new ArrayList<>();
        for (double tick = 1 / bound; tick <= bound; tick *= 2) {
            ticks.add(tick);
        }
        return new Scale(1 / bound, bound, true, ticks);
    }

    /** From zero, since a plot that begins elsewhere makes small differences look large. */
    static Scale fromZero(double greatest) {
        if (!(greatest > 0)) {
            return new Scale(0, 1, false, List.of(0.0, 1.0));
        }
        double power = Math.pow(10, Math.floor(Math.log10(greatest)));
        double step = power
                * STEPS_OF_TEN.stream()
                        .filter(part -> greatest / (power * part) <= MOST_STEPS)
                        .findFirst()
                        .orElseThrow(); // the last is enough for anything below ten times the power
        List<Double> ticks = new ArrayList<>();
        int steps = (int) Math.ceil(greatest / step - 1e-9);
        for (int i = 0; i <= steps; i++) {
            ticks.add(i * step);
        }
        return new Scale(0, steps * step, false, ticks);
    }

    /** Whole powers of ten around all figures, which are above zero. */
    static Scale logarithmic(double least, double greatest) {
        int first = (int) Math.floor(Math.log10(least));
        int last = Math.max(first + 1, (int) Math.ceil(Math.log10(greatest)));
        List<Double> ticks = new ArrayList<>();
        int step = last - first > MOST_POWERS ? 2 : 1;
        for (int exponent = first; exponent <= last; exponent += step) {
            ticks.add(Math.pow(10, exponent));
        }
        return new Scale(Math.pow(10, first), Math.pow(10, last), true, ticks);
    }

    /** From {@value #MARGIN} at the left end to 100 - {@value #MARGIN} at the right. */
    double position(double figure) {
        double part = isLogarithmic
                ? Math.log(figure / from) / Math.log(to / from) // of 0: minus infinity, which is beyond the left end
                : (figure - from) / (to - from);
        return MARGIN + (100 - 2 * MARGIN) * Math.max(0, Math.min(1, part));
    }

    boolean isBeyond(double figure) {
        return figure < from || figure > to;
    }

    static String percent(double position) {
        return String.format(Locale.ROOT, "%.2f%%", position);
    }
}
