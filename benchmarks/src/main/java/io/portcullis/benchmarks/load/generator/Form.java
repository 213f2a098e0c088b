package io.portcullis.benchmarks.load.generator;

import io.portcullis.benchmarks.load.Target;
import java.util.regex.Pattern;

/** The forms that the values of options have. */
enum Form {
    COUNT,
    SECONDS,
    PATH,
    HEADER,
    LOOPBACK;

    private static final Pattern WHOLE = Pattern.compile("\\d{1,10}");
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,6}(\\.\\d{1,6})?");
    /** Printable, since it is put into a request as it is. */
    private static final Pattern PRINTABLE_PATH = Pattern.compile("/[!-~]{0,1000}");

    private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9-]{1,64}: ?[ -~]{0,4000}");

    /** @param most the greatest number, where it is one */
    boolean isOf(String value, int most) {
        return switch (this) {
            case COUNT -> WHOLE.matcher(value).matches() && Long.parseLong(value) >= 1 && Long.parseLong(value) <= most;
            case SECONDS -> DECIMAL.matcher(value).matches() && Double.parseDouble(value) <= most;
            case PATH -> PRINTABLE_PATH.matcher(value).matches();
            case HEADER -> FIELD.matcher(value).matches();
            case LOOPBACK -> Target.isLoopback(value);
        };
    }

    /** The same in words. */
    String expected(int most) {
        return switch (this) {
            case COUNT -> "a number from 1 to " + most;
            case SECONDS -> "seconds from 0 to " + most + ", as 5 or 0.5";
            case PATH -> "a path of printable characters, from / on";
            case HEADER -> "Name: value";
            case LOOPBACK -> "one of 127.0.0.0/8, in numbers";
        };
    }
}
