package io.portcullis.server.config;

import static io.portcullis.server.config.JailSettings.or;
import static io.portcullis.server.config.JailSettings.orElse;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig.Increment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one or two files say about how ban times grow; null for what none of them says.
 *
 * @param on false where {@code increment = false} takes an inherited one away
 */
record IncrementSettings(
        boolean on,
        @Nullable Double factor,
        @Nullable List<Integer> multipliers,
        @Nullable Duration max,
        @Nullable Duration jitter) {

    static final IncrementSettings OFF = new IncrementSettings(false, null, null, null, null);

    private static final int MOST = 1_000_000;

    /** A block, or {@code true} for one without keys, or {@code false}. */
    static @Nullable IncrementSettings read(Setting setting) {
        if (setting.isBlock()) {
            return setting.block(IncrementSettings::read);
        }
        Boolean on = setting.flagOr("a block { … }");
        return on == null ? null : new IncrementSettings(on, null, null, null, null);
    }

    private static IncrementSettings read(Section section) {
        return new IncrementSettings(
                true,
                section.readIfGiven("factor", setting -> setting.positive(MOST)),
                section.readIfGiven("multipliers", IncrementSettings::multipliers),
                section.readIfGiven("max", Setting::duration),
                section.readIfGiven("jitter", Setting::durationOrNone));
    }

    IncrementSettings over(IncrementSettings inherited) {
        return new IncrementSettings(
                on,
                or(factor, inherited.factor),
                or(multipliers, inherited.multipliers),
                or(max, inherited.max),
                or(jitter, inherited.jitter));
    }

    Optional<Increment> toConfig() {
        if (!on) {
            return Optional.empty();
        }
        return Optional.of(new Increment(
                orElse(factor, Defaults.INCREMENT_FACTOR),
                orElse(multipliers, List.of()),
                orElse(max, Defaults.INCREMENT_MAX),
                orElse(jitter, Defaults.INCREMENT_JITTER)));
    }

    private static @Nullable List<Integer> multipliers(Setting setting) {
        List<Setting> elements = setting.list("a list such as [1, 2, 4, 8]");
        if (elements == null) {
            return null;
        }
        List<Integer> multipliers = new ArrayList<>();
        for (Setting element : elements) {
            Integer multiplier = element.number(1, MOST);
            if (multiplier != null) {
                multipliers.add(multiplier);
            }
        }
        return multipliers;
    }
}
