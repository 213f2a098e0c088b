package io.portcullis.server.observe;

import java.time.Duration;

/** A duration as people say it. */
public final class ShortDuration {
    private ShortDuration() {}

    /** A duration as the configuration writes it, in its two largest units: {@code 1h}, {@code 1m30s}, {@code 350ms}. */
    public static String text(long millis) {
        if (millis < 1000) {
            return Math.max(0, millis) + "ms";
        }
        Duration rest = Duration.ofMillis(millis);
        long[] amounts = {rest.toDays(), rest.toHoursPart(), rest.toMinutesPart(), rest.toSecondsPart()};
        String units = "dhms";
        StringBuilder text = new StringBuilder(8);
        int largest = 0;
        while (amounts[largest] == 0) {
            largest++;
        }
        for (int unit = largest; unit < amounts.length && unit < largest + 2; unit++) {
            if (amounts[unit] > 0) {
                text.append(amounts[unit]).append(units.charAt(unit));
            }
        }
        return text.toString();
    }
}
