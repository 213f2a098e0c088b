package io.portcullis.server.observe;

import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.function.LongFunction;

/** The text of a second, made once and kept until another is asked for. Used by one thread. */
final class SecondText {
    private final DateTimeFormatter formatter;
    private final LongFunction<? extends TemporalAccessor> times;
    private long second = Long.MIN_VALUE;
    private String text = "";

    /**
     * @param formatter with nothing finer than a second
     * @param times what it formats, by the second since the epoch
     */
    SecondText(DateTimeFormatter formatter, LongFunction<? extends TemporalAccessor> times) {
        this.formatter = formatter;
        this.times = times;
    }

    String at(long epochSecond) {
        if (epochSecond != second) {
            text = formatter.format(times.apply(epochSecond));
            second = epochSecond;
        }
        return text;
    }
}
