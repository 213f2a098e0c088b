package io.portcullis.server.observe;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.OffsetDateTime;

/**
 * When a line of the {@link OperatorLog} was written, such as {@code 2026-07-01T09:05:03.004+02:00}: the library's own
 * {@code yyyy-MM-dd'T'HH:mm:ss.SSSXXX}, without the search for time zones that {@link LocalTimes} tells of.
 */
final class TimeConverter extends ClassicConverter {

    private static final int LENGTH = "2026-07-01T09:05:03.004+02:00".length();

    private final LocalTimes times;

    TimeConverter(LocalTimes times) {
        this.times = times;
    }

    @Override
    public String convert(ILoggingEvent event) {
        return text(times.at(event.getTimeStamp()));
    }

    static String text(OffsetDateTime time) {
        StringBuilder text = new StringBuilder(LENGTH);
        append(text, time.getYear(), 1000);
        append(text.append('-'), time.getMonthValue(), 10);
        append(text.append('-'), time.getDayOfMonth(), 10);
        append(text.append('T'), time.getHour(), 10);
        append(text.append(':'), time.getMinute(), 10);
        append(text.append(':'), time.getSecond(), 10);
        append(text.append('.'), time.getNano() / 1_000_000, 100);
        appendOffset(text, time.getOffset().getTotalSeconds() / 60);
        return text.toString();
    }

    private static void appendOffset(StringBuilder text, int minutes) {
        if (minutes == 0) {
            text.append('Z');
            return;
        }
        int size = Math.abs(minutes);
        append(text.append(minutes < 0 ? '-' : '+'), size / 60, 10);
        append(text.append(':'), size % 60, 10);
    }

    /** @param first what the first digit counts: 10 for two digits */
    private static void append(StringBuilder text, int number, int first) {
        for (int digit = first; digit > 0; digit /= 10) {
            text.append((char) ('0' + number / digit % 10));
        }
    }
}
