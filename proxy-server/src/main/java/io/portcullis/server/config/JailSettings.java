package io.portcullis.server.config;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig;
import org.jspecify.annotations.Nullable;

/**
 * What one or two files say about a jail; null for what none of them says. Its parts are those of a {@link JailConfig}.
 *
 * @param place the block in the file that has the last word
 */
record JailSettings(
        Place place,
        @Nullable Boolean enabled,
        ConditionSettings conditions,
        ThresholdSettings threshold,
        PenaltySettings penalty,
        @Nullable Boolean dryRun) {

    static JailSettings read(Section section) {
        return new JailSettings(
                section.place(),
                section.readIfGiven("enabled", Setting::flag),
                ConditionSettings.read(section),
                ThresholdSettings.read(section),
                PenaltySettings.read(section),
                section.readIfGiven("dry-run", Setting::flag));
    }

    /** A jail of which nothing is said but what it counts. */
    static JailSettings of(Place place, ConditionSettings conditions) {
        return new JailSettings(place, null, conditions, ThresholdSettings.NONE, PenaltySettings.NONE, null);
    }

    /** This where it says something, and what is inherited where it does not (HOCON's withFallback). */
    JailSettings over(JailSettings inherited) {
        return new JailSettings(
                place,
                or(enabled, inherited.enabled),
                conditions.over(inherited.conditions),
                threshold.over(inherited.threshold),
                penalty.over(inherited.penalty),
                or(dryRun, inherited.dryRun));
    }

    boolean isEnabled() {
        return enabled == null || enabled;
    }

    JailConfig toConfig(String name) {
        return new JailConfig(
                name,
                conditions.toConfig(),
                threshold.toConfig(),
                penalty.toConfig(),
                orElse(dryRun, Defaults.DRY_RUN));
    }

    static <T> @Nullable T or(@Nullable T own, @Nullable T inherited) {
        return own == null ? inherited : own;
    }

    static <T> T orElse(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }
}
