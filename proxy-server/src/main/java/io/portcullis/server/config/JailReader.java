package io.portcullis.server.config;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.On;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code jails}, and lays a virtual host's over those that it inherits. */
final class JailReader {

    private static final String CONDITIONS = "statuses, paths, methods or user-agents";

    private final Findings findings;
    private final Duration remember;

    /** @param remember how long past bans are remembered */
    JailReader(Findings findings, Duration remember) {
        this.findings = findings;
        this.remember = remember;
    }

    /** What one file says about jails, by name. */
    Map<String, JailSettings> read(Section section) {
        Map<String, JailSettings> jails = new LinkedHashMap<>();
        section.members().forEach((name, setting) -> {
            if (!Names.isName(name)) {
                setting.problem("not a name for a jail " + Names.EXPECTED);
            }
            JailSettings jail = setting.block(JailSettings::read);
            if (jail != null) {
                jails.put(name, name.equals(Defaults.VERDICT_JAIL) ? jail.over(verdictJail(jail.place())) : jail);
            }
        });
        return jails;
    }

    /** The jails that are in force in a virtual host: the inherited ones first. */
    List<JailConfig> merge(Map<String, JailSettings> own, Map<String, JailSettings> inherited) {
        Map<String, JailSettings> merged = new LinkedHashMap<>(inherited);
        own.forEach((name, jail) -> {
            JailSettings base = inherited.get(name);
            merged.put(name, base == null ? jail : jail.over(base));
            // A name that is slightly off would leave the jail that was meant as it is.
            if (base == null && !jail.conditions().hasCondition()) {
                withoutCondition(name, jail, inherited);
            }
        });
        List<JailConfig> enabled = new ArrayList<>();
        merged.forEach((name, jail) -> {
            if (jail.isEnabled() && jail.conditions().hasCondition()) {
                check(jail);
                enabled.add(jail.toConfig(name));
            } else if (jail.isEnabled()) {
                withoutCondition(name, jail, inherited);
            }
        });
        return enabled;
    }

    /**
     * The jails of a virtual host.
     *
     * @param verdicts whether its applications say what an answer weighs: then some jail counts that
     * @param dryRun whether all of them are on trial
     */
    List<JailConfig> ofHost(
            Map<String, JailSettings> own, Map<String, JailSettings> inherited, boolean verdicts, boolean dryRun) {
        List<JailConfig> jails = merge(own, inherited);
        boolean counted = jails.stream().anyMatch(jail -> jail.conditions().on().contains(On.VERDICT));
        boolean named = own.containsKey(Defaults.VERDICT_JAIL) || inherited.containsKey(Defaults.VERDICT_JAIL);
        if (verdicts && !counted && !named) { // one of that name that does not count is off because somebody says so
            jails.add(verdictJail(Place.ofFile("")).toConfig(Defaults.VERDICT_JAIL));
        }
        if (dryRun) {
            jails.replaceAll(JailReader::onTrial);
        }
        return jails;
    }

    private static JailConfig onTrial(JailConfig jail) {
        return new JailConfig(jail.name(), jail.conditions(), jail.threshold(), jail.penalty(), true);
    }

    private static JailSettings verdictJail(Place place) {
        return JailSettings.of(place, ConditionSettings.of(On.VERDICT));
    }

    /** What can be told only when all keys of a jail are together. */
    private void check(JailSettings jail) {
        if (jail.conditions().kinds().contains(On.BAN)) {
            jail.threshold().checkForBans(remember);
        }
        if (jail.conditions().isImpossible()) {
            findings.add(
                    jail.place(),
                    "counts nothing: on names only what has no request (expected no " + CONDITIONS
                            + ", or another kind in on)");
        }
    }

    private void withoutCondition(String name, JailSettings jail, Map<String, JailSettings> inherited) {
        String meant = inherited.containsKey(name) ? "" : Suggestions.nearest(name, inherited.keySet());
        findings.add(
                jail.place(),
                "would count every answer: no condition (expected " + CONDITIONS + ", or on"
                        + (meant.isEmpty() ? ")" : "; did you mean \"" + meant + "\"?)"));
    }
}
