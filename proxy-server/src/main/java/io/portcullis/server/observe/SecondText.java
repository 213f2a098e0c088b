package io.portcullis.server.observe;

import java.time.Instant;
import java.time.format.DateTimeFormatter;

/** The text of a second, made once and kept until another is asked for. Used by one thread. */
final class SecondText {
    private final DateTimeFormatter formatter;
    private long second = Long.MIN_VALUE;
    private String text = "";

    /** @param formatter with a zone, and nothing finer than a second */
    SecondText(DateTimeFormatter formatter) {
        this.formatter = formatter;
    }

    String at(long epochSecond) {
        if (epochSecond != second) {
            text = formatter.format(Instant.ofEpochSecond(epochSecond));
            second = epochSecond;
        }
        return text;
    }
}
