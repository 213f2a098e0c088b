package io.portcullis.server.observe;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A time as RFC 3339 has it, in UTC with milliseconds. Used by one thread. */
final class UtcTime {
    private final SecondText seconds = new SecondText(
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC),
            Instant::ofEpochSecond);

    void append(long millis, LineBuffer out) {
        int fraction = (int) Math.floorMod(millis, 1000L);
        out.ascii(seconds.at(Math.floorDiv(millis, 1000L))).ascii('.');
        out.ascii((char) ('0' + fraction / 100));
        out.ascii((char) ('0' + fraction / 10 % 10));
        out.ascii((char) ('0' + fraction % 10)).ascii('Z');
    }
}
