package io.portcullis.server.config;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.config.PathPattern;
import io.portcullis.core.http.StatusSet;
import io.portcullis.server.config.JailSettings.RejectStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code jails}, and lays a virtual host's over those that it inherits. */
final class JailReader {

    private static final int MOST_RETRIES = 10_000;
    private static final List<Integer> REJECT_STATUSES = List.of(403, 429);
    private static final String STATUSES = "a list such as [403, \"4xx\"]";
    private static final String PATHS = "a list such as [\"/.env\", \"*/.htaccess\"]";
    private static final List<PathPattern> ANY_PATH = List.of(new PathPattern.Glob("*"));
    private static final String REGEX = "regex:";

    private final Findings findings;

    JailReader(Findings findings) {
        this.findings = findings;
    }

    /** What one file says about jails, by name. */
    Map<String, JailSettings> read(Section section) {
        Map<String, JailSettings> jails = new LinkedHashMap<>();
        section.members().forEach((name, setting) -> {
            if (!Names.isName(name)) {
                setting.problem("not a name for a jail " + Names.EXPECTED);
            }
            JailSettings jail = setting.block(JailReader::readOne);
            if (jail != null) {
                jails.put(name, jail);
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
            if (base == null && !jail.hasCondition()) {
                withoutCondition(name, jail, inherited);
            }
        });
        List<JailConfig> enabled = new ArrayList<>();
        merged.forEach((name, jail) -> {
            if (jail.isEnabled() && jail.hasCondition()) {
                enabled.add(jail.toConfig(name));
            } else if (jail.isEnabled()) {
                withoutCondition(name, jail, inherited);
            }
        });
        return enabled;
    }

    private void withoutCondition(String name, JailSettings jail, Map<String, JailSettings> inherited) {
        String meant = inherited.containsKey(name) ? "" : Suggestions.nearest(name, inherited.keySet());
        findings.add(
                jail.place(),
                "counts nothing: neither statuses nor paths (expected at least one of them"
                        + (meant.isEmpty() ? ")" : "; did you mean \"" + meant + "\"?)"));
    }

    private static JailSettings readOne(Section section) {
        section.later("methods", "user-agents", "on", "increment", "count", "only-with", "weight", "dry-run");
        return new JailSettings(
                section.place(),
                section.readIfGiven("enabled", Setting::flag),
                section.readIfGiven("statuses", JailReader::statuses),
                section.readIfGiven("paths", JailReader::paths),
                section.readIfGiven("max-retry", setting -> setting.number(1, MOST_RETRIES)),
                section.readIfGiven("find-time", Setting::duration),
                section.readIfGiven("ban-time", JailReader::banTime),
                section.readIfGiven("scope", setting -> setting.choice(List.of(Scope.values()), Setting::word)),
                section.readIfGiven("action", JailReader::rejects),
                section.readIfGiven("reject-status", JailReader::rejectStatus));
    }

    /** Never null nor empty for what is a problem already: it is not also a jail without a condition. */
    private static StatusSet statuses(Setting setting) {
        List<Setting> elements = setting.list(STATUSES);
        if (elements == null) {
            return StatusSet.ANY;
        }
        StatusSet.Builder statuses = new StatusSet.Builder();
        boolean sound = true;
        for (Setting element : elements) {
            sound &= addStatus(element, statuses);
        }
        return sound ? statuses.build() : StatusSet.ANY;
    }

    private static boolean addStatus(Setting element, StatusSet.Builder statuses) {
        String expected = "100 to 599, or a class from \"1xx\" to \"5xx\"";
        String text = element.text(expected);
        if (text == null) {
            return false;
        }
        if (text.matches("[1-5][0-9]{2}")) {
            statuses.add(Integer.parseInt(text));
            return true;
        }
        if (text.matches("[1-5][xX]{2}")) {
            statuses.addClass(text.charAt(0) - '0');
            return true;
        }
        element.problem(element.shown() + " is no status (expected " + expected + ")");
        return false;
    }

    /** Never empty for what is a problem already: it is not also a jail without a condition. */
    private static List<PathPattern> paths(Setting setting) {
        List<Setting> elements = setting.list(PATHS);
        if (elements == null) {
            return ANY_PATH;
        }
        List<PathPattern> paths = new ArrayList<>();
        for (Setting element : elements) {
            String text = element.text("a path with * and ?");
            if (text == null) {
                continue;
            }
            if (text.startsWith(REGEX)) {
                element.problem(element.shown()
                        + ": regex: is not supported by this version (expected a path with * and" + " ?)");
            } else if (text.isEmpty() || "/*?".indexOf(text.charAt(0)) < 0) {
                element.problem(element.shown() + " matches no path (expected it to begin with / or *)");
            }
            paths.add(new PathPattern.Glob(text));
        }
        return paths.isEmpty() && !elements.isEmpty() ? ANY_PATH : paths;
    }

    private static @Nullable Duration banTime(Setting setting) {
        return setting.isText("forever") ? JailConfig.FOREVER : setting.duration();
    }

    /** True for what is a problem already: it is not also a reject-status without reject. */
    private static Boolean rejects(Setting setting) {
        if (setting.isText("tarpit")) {
            setting.problem("tarpit is not supported by this version (expected drop or reject)");
            return true;
        }
        Boolean rejects = setting.choice(List.of(false, true), reject -> reject ? "reject" : "drop");
        return rejects == null || rejects;
    }

    private static @Nullable RejectStatus rejectStatus(Setting setting) {
        Integer status = setting.oneOf(REJECT_STATUSES);
        return status == null ? null : new RejectStatus(setting, status);
    }
}
