package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Increment;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How long a ban lasts: longer for those who come back. All in milliseconds.
 *
 * <p>Only a jail that says {@code forever} bans forever; whatever else does not fit a long is the largest there is,
 * except that a ban which would end after the end of time has none.
 */
final class BanTime {

    /** fail2ban's: beyond it a ban time is no longer doubled. */
    private static final int MAX_DOUBLINGS = 20;

    private BanTime() {}

    /**
     * The ban time of a client that was banned before.
     *
     * @param banTime of the first ban; {@link Ban#FOREVER} stays that
     * @param pastBans how many bans are remembered; without any, nothing is added
     */
    static long escalated(long banTime, Increment increment, int pastBans, RandomGenerator random) {
        if (banTime == Ban.FOREVER || pastBans <= 0) {
            return banTime;
        }
        long max = Math.min(millis(increment.max()), Ban.FOREVER - 1);
        long longer = Math.max(1, Math.min(multiple(banTime, increment, pastBans), max));
        long jitter = Math.min(millis(increment.jitter()), max - longer);
        // Drawn only where it is asked for, and never of the whole range of a long: a ban time is 1 ms or more.
        return jitter > 0 ? longer + random.nextLong(jitter + 1) : longer;
    }

    /** A double is exact far beyond what anybody would notice, and its cast to a long saturates. */
    private static long multiple(long banTime, Increment increment, int pastBans) {
        List<Integer> multipliers = increment.multipliers();
        double factor = multipliers.isEmpty()
                ? increment.factor() * (1L << Math.min(pastBans, MAX_DOUBLINGS))
                : multipliers.get(Math.min(pastBans, multipliers.size() - 1));
        return (long) (banTime * factor);
    }

    /** When a ban that falls now ends; {@link Ban#FOREVER} also where that overflows. */
    static long until(long now, long banTime) {
        long until = now + banTime;
        return banTime == Ban.FOREVER || (now > 0 && until < 0) ? Ban.FOREVER : until;
    }

    /** What a long can't hold, {@link JailConfig#FOREVER} among it, is the largest long. */
    static long millis(Duration duration) {
        return duration.compareTo(Duration.ofMillis(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : duration.toMillis();
    }
}
