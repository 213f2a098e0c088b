package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.result.Figure;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How figures are written: three digits that count, since no more of them come again in the next run. */
final class Numbers {

    private static final int DIGITS = 3;
    private static final double FIRST_WITH_SEPARATORS = 1000;

    private Numbers() {}

    /** {@code 0.0123}, {@code 18.2}, {@code 240}, {@code 54,321}. */
    static String amount(double amount) {
        if (!Double.isFinite(amount)) {
            return "–";
        }
        if (amount == Math.rint(amount) || Math.abs(amount) >= FIRST_WITH_SEPARATORS) {
            return String.format(Locale.ROOT, "%,.0f", amount);
        }
        BigDecimal rounded = new BigDecimal(amount).round(new MathContext(DIGITS));
        // All cells of a column as exact as each other: 18.0 beside 18.2.
        int integerDigits = Math.max(1, rounded.precision() - rounded.scale());
        int decimals = Math.abs(amount) < 1 ? rounded.scale() : Math.max(0, DIGITS - integerDigits);
        return String.format(Locale.ROOT, "%,." + decimals + "f", amount);
    }

    /** A time as its unit fits: {@code 198 µs}, {@code 1.37 ms}, {@code 2 s}. */
    static String micros(double micros) {
        if (micros >= 1e6) {
            return amount(micros / 1e6) + "\u00A0s";
        }
        return micros >= 1e3 ? amount(micros / 1e3) + "\u00A0ms" : amount(micros) + "\u00A0µs";
    }

    /** The median, with the least and greatest round behind it where they differ as written. */
    static String withSpread(Figure figure) {
        String spread = spread(figure);
        return amount(figure.median()) + (spread.isEmpty() ? "" : " (" + spread + ")");
    }

    /** {@code 17.9–19.0}; empty where all rounds look the same. */
    static String spread(Figure figure) {
        String least = amount(figure.least());
        String greatest = amount(figure.greatest());
        return least.equals(greatest) ? "" : least + "–" + greatest;
    }

    /** {@code 0.81}. */
    static String ratio(double ratio) {
        if (ratio >= 100) {
            return amount(Math.rint(ratio));
        }
        if (ratio >= 10) {
            return String.format(Locale.ROOT, "%.1f", ratio);
        }
        return ratio == 0 || ratio >= 0.1 ? String.format(Locale.ROOT, "%.2f", ratio) : amount(ratio);
    }

    static String ratioSpread(Figure ratio) {
        String least = ratio(ratio.least());
        String greatest = ratio(ratio.greatest());
        return least.equals(greatest) ? "" : least + "–" + greatest;
    }

    static String ratioWithSpread(Figure ratio) {
        String spread = ratioSpread(ratio);
        return ratio(ratio.median()) + (spread.isEmpty() ? "" : " (" + spread + ")");
    }
}
