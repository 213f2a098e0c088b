package io.portcullis.server.observe;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * When a line of the {@link OperatorLog} was written, such as {@code 2026-07-01T09:05:03.004+02:00}: the library's own
 * {@code yyyy-MM-dd'T'HH:mm:ss.SSSXXX}, without the search for time zones that {@link LocalTimes} tells of.
 */
final class TimeConverter extends ClassicConverter {

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);

    private final LocalTimes times;

    TimeConverter(LocalTimes times) {
        this.times = times;
    }

    @Override
    public String convert(ILoggingEvent event) {
        return text(times.at(event.getTimeStamp()));
    }

    static String text(OffsetDateTime time) {
        return FORMAT.format(time);
    }
}
