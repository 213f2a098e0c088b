package io.portcullis.server.config;

import static io.portcullis.server.config.JailSettings.or;
import static io.portcullis.server.config.JailSettings.orElse;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig.Count;
import io.portcullis.core.config.JailConfig.Threshold;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one or two files say about how many offences ban; null for what none of them says. */
record ThresholdSettings(
        @Nullable Given<Integer> maxRetry,
        @Nullable Given<Duration> findTime,
        @Nullable Count count,
        @Nullable Given<Integer> weight) {

    static final ThresholdSettings NONE = new ThresholdSettings(null, null, null, null);

    private static final int MOST_RETRIES = 10_000;
    private static final int MOST_WEIGHT = 10_000;
    /** So many past bans are remembered of a client. */
    private static final int MOST_BANS = 20;

    static ThresholdSettings read(Section section) {
        return new ThresholdSettings(
                section.readIfGiven("max-retry", Given.of(setting -> setting.number(1, MOST_RETRIES))),
                section.readIfGiven("find-time", Given.of(Setting::duration)),
                section.readIfGiven("count", setting -> setting.choice(List.of(Count.values()), Setting::word)),
                section.readIfGiven("weight", Given.of(setting -> setting.number(1, MOST_WEIGHT))));
    }

    ThresholdSettings over(ThresholdSettings inherited) {
        return new ThresholdSettings(
                or(maxRetry, inherited.maxRetry),
                or(findTime, inherited.findTime),
                or(count, inherited.count),
                or(weight, inherited.weight));
    }

    /**
     * Tells what goes beyond what is remembered of past bans, in a jail that counts them.
     *
     * @param remember how long they are
     */
    void checkForBans(Duration remember) {
        if (maxRetry != null && maxRetry.value() > MOST_BANS) {
            maxRetry.setting()
                    .problem(maxRetry.value() + " is out of range (expected 1 to " + MOST_BANS
                            + " where on has ban: no more past bans of a client are remembered)");
        }
        if (findTime != null && findTime.value().compareTo(remember) > 0) {
            findTime.setting()
                    .problem(findTime.setting().shown()
                            + " is longer than past bans are remembered (expected at most bans.remember where on has"
                            + " ban)");
        }
    }

    Threshold toConfig() {
        Count counted = orElse(count, Defaults.COUNT);
        if (counted == Count.DISTINCT_PATHS && weight != null && weight.value() > 1) {
            weight.setting().problem("has no meaning with count = distinct-paths (expected 1, or no such key)");
        }
        return new Threshold(
                Given.orElse(maxRetry, Defaults.MAX_RETRY),
                Given.orElse(findTime, Defaults.FIND_TIME),
                counted,
                Given.orElse(weight, Defaults.WEIGHT));
    }
}
