package io.portcullis.server.config;

import static io.portcullis.server.config.JailSettings.or;
import static io.portcullis.server.config.JailSettings.orElse;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Penalty;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.config.JailConfig.Tarpit;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one or two files say about what follows a ban; null for what none of them says. */
record PenaltySettings(
        @Nullable Duration banTime,
        @Nullable IncrementSettings increment,
        @Nullable Scope scope,
        @Nullable Refusal refusal,
        @Nullable Given<Integer> rejectStatus) {

    static final PenaltySettings NONE = new PenaltySettings(null, null, null, null, null);

    private static final List<Integer> REJECT_STATUSES = List.of(403, 429);

    /** How the banned are refused; as the key {@code action} has it. */
    enum Refusal {
        DROP,
        REJECT,
        TARPIT
    }

    static PenaltySettings read(Section section) {
        return new PenaltySettings(
                section.readIfGiven("ban-time", PenaltySettings::banTime),
                section.readIfGiven("increment", IncrementSettings::read),
                section.readIfGiven("scope", setting -> setting.choice(List.of(Scope.values()), Setting::word)),
                section.readIfGiven("action", PenaltySettings::refusal),
                section.readIfGiven("reject-status", Given.of(setting -> setting.oneOf(REJECT_STATUSES))));
    }

    PenaltySettings over(PenaltySettings inherited) {
        // One who sets the action to another one means the inherited status too.
        boolean rejects = refusal == null || refusal == Refusal.REJECT;
        return new PenaltySettings(
                or(banTime, inherited.banTime),
                increment == null || inherited.increment == null
                        ? or(increment, inherited.increment)
                        : increment.over(inherited.increment),
                or(scope, inherited.scope),
                or(refusal, inherited.refusal),
                or(rejectStatus, rejects ? inherited.rejectStatus : null));
    }

    Penalty toConfig() {
        return new Penalty(
                orElse(banTime, Defaults.BAN_TIME),
                orElse(increment, IncrementSettings.OFF).toConfig(),
                orElse(scope, Defaults.SCOPE),
                action());
    }

    private Action action() {
        if (refusal != Refusal.REJECT && rejectStatus != null) {
            rejectStatus.setting().problem("has no meaning without action = reject");
        }
        if (refusal == null) {
            return Defaults.ACTION;
        }
        return switch (refusal) {
            case DROP -> Drop.DROP;
            case REJECT -> new Reject(Given.orElse(rejectStatus, Defaults.REJECT_STATUS));
            case TARPIT -> Tarpit.TARPIT;
        };
    }

    private static @Nullable Duration banTime(Setting setting) {
        return setting.isText("forever") ? JailConfig.FOREVER : setting.duration();
    }

    /** Rejecting for what is a problem already: it is not also a reject-status without reject. */
    private static Refusal refusal(Setting setting) {
        return orElse(setting.choice(List.of(Refusal.values()), Setting::word), Refusal.REJECT);
    }
}
