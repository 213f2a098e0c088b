package io.portcullis.server.observe;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.TimeZone;

/**
 * What the clock on the wall shows in a time zone, summer time and all.
 *
 * <p>By {@link TimeZone}, since the first {@link java.time.ZoneId} with rules has the whole class path searched for a
 * provider of others, and to open each jar of it would be a tenth of a proxy's start. Thread-safe.
 */
record LocalTimes(TimeZone zone) {

    static LocalTimes ofSystem() {
        return new LocalTimes(TimeZone.getDefault());
    }

    OffsetDateTime at(long epochMillis) {
        ZoneOffset offset = ZoneOffset.ofTotalSeconds(zone.getOffset(epochMillis) / 1000);
        return OffsetDateTime.ofInstant(Instant.ofEpochMilli(epochMillis), offset);
    }
}
