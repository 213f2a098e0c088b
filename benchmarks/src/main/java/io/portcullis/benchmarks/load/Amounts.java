package io.portcullis.benchmarks.load;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the times and sizes that wrk and h2load print: a number and its unit. */
final class Amounts {

    private static final Pattern AMOUNT = Pattern.compile("(\\d+(?:\\.\\d+)?)([A-Za-z]*)");
    private static final Map<String, Double> MICROS = Map.of("us", 1.0, "ms", 1e3, "s", 1e6, "m", 6e7, "h", 3.6e9);
    private static final Map<String, Double> OCTETS =
            Map.of("", 1.0, "B", 1.0, "K", 0x1p10, "KB", 0x1p10, "M", 0x1p20, "MB", 0x1p20, "G", 0x1p30, "GB", 0x1p30);

    private Amounts() {}

    static double micros(String amount) throws IOException {
        return amount(amount, MICROS, "a time");
    }

    static long octets(String amount) throws IOException {
        return Math.round(amount(amount.toUpperCase(Locale.ROOT), OCTETS, "a size"));
    }

    /** What the tool must have said. */
    static Matcher find(Pattern line, String text, String tool) throws IOException {
        Matcher matcher = line.matcher(text);
        if (!matcher.find()) {
            throw new IOException(tool + " said: " + text.strip() + " (expected: a line like " + line + ")");
        }
        return matcher;
    }

    private static double amount(String amount, Map<String, Double> units, String what) throws IOException {
        Matcher matcher = AMOUNT.matcher(amount);
        Double unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IOException(amount + " (expected: " + what + ", a number with one of " + units.keySet() + ")");
        }
        return Double.parseDouble(matcher.group(1)) * unit;
    }
}
