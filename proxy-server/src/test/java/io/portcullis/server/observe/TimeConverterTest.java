package io.portcullis.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** If it breaks: the times in the operator's log are an hour off, or no program that reads the log knows them any more. */
class TimeConverterTest {

    private static final DateTimeFormatter SAME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);

    private static String text(String zone, String instant) {
        LoggingEvent event = new LoggingEvent();
        event.setInstant(Instant.parse(instant));
        return new TimeConverter(new LocalTimes(TimeZone.getTimeZone(zone))).convert(event);
    }

    @Test
    void aTimeIsLocalAndNamesItsOffset() {
        assertThat(text("Europe/Berlin", "2026-07-01T07:05:03.004Z")).isEqualTo("2026-07-01T09:05:03.004+02:00");
        assertThat(text("America/St_Johns", "2026-01-01T00:00:00.120Z")).isEqualTo("2025-12-31T20:30:00.120-03:30");
    }

    @Test
    void whereThereIsNoOffsetItIsZ() {
        assertThat(text("UTC", "2026-12-31T23:59:59.999Z")).isEqualTo("2026-12-31T23:59:59.999Z");
        assertThat(text("Europe/London", "2026-12-31T23:59:59.999Z"))
                .as("Greenwich in winter")
                .endsWith("Z");
    }

    @Test
    void theClockGoesForwardAndBackWhenTheZonesDoes() {
        assertThat(text("Europe/Berlin", "2026-03-29T00:59:59.999Z")).isEqualTo("2026-03-29T01:59:59.999+01:00");
        assertThat(text("Europe/Berlin", "2026-03-29T01:00:00Z")).isEqualTo("2026-03-29T03:00:00.000+02:00");
        assertThat(text("Europe/Berlin", "2026-10-25T00:59:59.999Z")).isEqualTo("2026-10-25T02:59:59.999+02:00");
        assertThat(text("Europe/Berlin", "2026-10-25T01:00:00Z")).isEqualTo("2026-10-25T02:00:00.000+01:00");
    }

    @Test
    void inEveryZoneAndSeasonItIsWhatTheJdkFormats() {
        List<String> zones = List.of(
                "UTC",
                "Europe/Berlin",
                "Europe/London",
                "America/St_Johns",
                "America/New_York",
                "Asia/Kolkata",
                "Asia/Kathmandu",
                "Australia/Lord_Howe",
                "Pacific/Kiritimati",
                "Pacific/Marquesas",
                "GMT-11:59");
        Instant first = Instant.parse("2024-02-28T23:59:59.009Z");
        for (String zone : zones) {
            for (int step = 0; step < 400; step++) {
                Instant instant = first.plusSeconds(step * 170_003L).plusMillis(step);
                assertThat(text(zone, instant.toString())).isEqualTo(SAME.format(instant.atZone(ZoneId.of(zone))));
            }
        }
    }

    @Test
    void anOffsetOfSecondsIsCutToMinutesAsTheJdkDoes() {
        for (String offset : List.of("+00:00:30", "-00:00:30", "+01:02:59", "-17:59:01")) {
            OffsetDateTime time =
                    OffsetDateTime.parse("1999-01-02T03:04:05.006Z").withOffsetSameLocal(ZoneOffset.of(offset));
            assertThat(TimeConverter.text(time)).isEqualTo(SAME.format(time));
        }
    }
}
