package io.portcullis.server.observe;

import static java.time.temporal.ChronoField.DAY_OF_WEEK;
import static java.time.temporal.ChronoField.MONTH_OF_YEAR;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Dates with the English names that HTTP and logs have in all countries. The JDK's own formatters with such names look for them
 * among the data of all languages, and the first to do so is a client's request, which then takes twice as long as
 * without.
 */
public final class EnglishDates {

    private static final Map<Long, String> DAYS = numbered("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final Map<Long, String> MONTHS =
            numbered("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

    /** {@code Sun, 06 Nov 1994 08:49:37 GMT} (IMF-fixdate of RFC 9110 section 5.6.7); formats what is in UTC. */
    public static final DateTimeFormatter HTTP = new DateTimeFormatterBuilder()
            .appendText(DAY_OF_WEEK, DAYS)
            .appendPattern(", dd ")
            .appendText(MONTH_OF_YEAR, MONTHS)
            .appendPattern(" yyyy HH:mm:ss 'GMT'")
            .toFormatter(Locale.ROOT);

    /** {@code 06/Nov/1994:09:49:37 +0100}, as web servers write it in their access logs. */
    static final DateTimeFormatter ACCESS_LOG = new DateTimeFormatterBuilder()
            .appendPattern("dd/")
            .appendText(MONTH_OF_YEAR, MONTHS)
            .appendPattern("/yyyy:HH:mm:ss Z")
            .toFormatter(Locale.ROOT);

    private EnglishDates() {}

    private static Map<Long, String> numbered(String... names) {
        Map<Long, String> numbered = new HashMap<>();
        for (String name : List.of(names)) {
            numbered.put(numbered.size() + 1L, name);
        }
        return numbered;
    }
}
