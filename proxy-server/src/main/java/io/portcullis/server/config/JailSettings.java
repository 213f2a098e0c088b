package io.portcullis.server.config;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.config.JailConfig.Conditions;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Penalty;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.config.JailConfig.Threshold;
import io.portcullis.core.config.PathPattern;
import io.portcullis.core.http.StatusSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one or two files say about a jail; null for what none of them says. It has as many parts as a jail has keys.
 *
 * @param place the block in the file that has the last word
 * @param statuses {@link #NO_STATUS} where an empty list takes the condition away
 * @param paths empty where an empty list takes the condition away
 * @param rejects whether the banned get an answer instead of a reset
 */
record JailSettings(
        Place place,
        @Nullable Boolean enabled,
        @Nullable StatusSet statuses,
        @Nullable List<PathPattern> paths,
        @Nullable Integer maxRetry,
        @Nullable Duration findTime,
        @Nullable Duration banTime,
        @Nullable Scope scope,
        @Nullable Boolean rejects,
        @Nullable RejectStatus rejectStatus) {

    static final StatusSet NO_STATUS = new StatusSet.Builder().build();

    /** The status to refuse with, and where it is given. */
    record RejectStatus(Setting setting, int status) {}

    /** This where it says something, and what is inherited where it does not (HOCON's withFallback). */
    JailSettings over(JailSettings inherited) {
        // One who sets the action to drop means the inherited status too.
        RejectStatus inheritedStatus = rejects == null || rejects ? inherited.rejectStatus : null;
        return new JailSettings(
                place,
                or(enabled, inherited.enabled),
                or(statuses, inherited.statuses),
                or(paths, inherited.paths),
                or(maxRetry, inherited.maxRetry),
                or(findTime, inherited.findTime),
                or(banTime, inherited.banTime),
                or(scope, inherited.scope),
                or(rejects, inherited.rejects),
                or(rejectStatus, inheritedStatus));
    }

    boolean isEnabled() {
        return enabled == null || enabled;
    }

    /** Whether there is anything to count by. */
    boolean hasCondition() {
        boolean byStatus = statuses != null && !statuses.equals(NO_STATUS);
        boolean byPath = paths != null && !paths.isEmpty();
        return byStatus || byPath;
    }

    JailConfig toConfig(String name) {
        return new JailConfig(
                name,
                new Conditions(
                        Set.of(On.RESPONSE),
                        statuses == null || statuses.equals(NO_STATUS) ? StatusSet.ANY : statuses,
                        orElse(paths, List.of()),
                        List.of(),
                        Set.of(),
                        List.of(),
                        false),
                new Threshold(
                        orElse(maxRetry, Defaults.MAX_RETRY),
                        orElse(findTime, Defaults.FIND_TIME),
                        Defaults.COUNT,
                        Defaults.WEIGHT),
                new Penalty(
                        orElse(banTime, Defaults.BAN_TIME), Optional.empty(), orElse(scope, Defaults.SCOPE), action()),
                false);
    }

    private Action action() {
        boolean reject = orElse(rejects, Defaults.ACTION instanceof Reject);
        if (!reject) {
            if (rejectStatus != null) {
                rejectStatus.setting().problem("has no meaning without action = reject");
            }
            return Drop.DROP;
        }
        return new Reject(rejectStatus == null ? Defaults.REJECT_STATUS : rejectStatus.status());
    }

    private static <T> @Nullable T or(@Nullable T own, @Nullable T inherited) {
        return own == null ? inherited : own;
    }

    private static <T> T orElse(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }
}
