package io.portcullis.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** If it breaks: clients and whatever reads the logs do not know what day it is. */
final class EnglishDatesTest {

    private static final ZonedDateTime FIRST = ZonedDateTime.of(2028, 1, 1, 8, 49, 37, 0, ZoneOffset.UTC);

    @Test
    void namesEveryDayAndMonthAsHttpDoes() {
        assertThat(EnglishDates.HTTP.format(ZonedDateTime.of(1994, 11, 6, 8, 49, 37, 0, ZoneOffset.UTC)))
                .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        DateTimeFormatter slow = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);
        for (int day = 0; day < 366; day++) {
            ZonedDateTime time = FIRST.plusDays(day);
            assertThat(EnglishDates.HTTP.format(time)).isEqualTo(slow.format(time));
        }
    }

    @Test
    void namesEveryMonthAndZoneAsAccessLogsDo() {
        DateTimeFormatter slow = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);
        for (int month = 0; month < 12; month++) {
            ZonedDateTime time = FIRST.plusMonths(month).withZoneSameInstant(ZoneOffset.ofHoursMinutes(-month, -30));
            assertThat(EnglishDates.ACCESS_LOG.format(time)).isEqualTo(slow.format(time));
        }
    }
}
