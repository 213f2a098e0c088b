package io.portcullis.server.config;

import static io.portcullis.server.config.JailSettings.or;
import static io.portcullis.server.config.JailSettings.orElse;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig.Conditions;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.PathPattern;
import io.portcullis.core.http.StatusSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one or two files say about what a jail counts; null for what none of them says, and empty where an empty list
 * takes a condition away. It has as many parts as there are conditions.
 */
record ConditionSettings(
        @Nullable Set<On> on,
        @Nullable StatusSet statuses,
        @Nullable List<PathPattern> paths,
        @Nullable List<PathPattern> ignoredPaths,
        @Nullable Set<String> methods,
        @Nullable List<String> userAgents,
        @Nullable Boolean onlyWithCredentials) {

    private static final StatusSet NO_STATUS = new StatusSet.Builder().build();
    /** What has neither request nor answer to hold a condition against. */
    private static final Set<On> WITHOUT_REQUEST = EnumSet.of(On.TLS_FAILURE, On.BAN);

    /** The methods of RFC 9110 section 9.1 and RFC 5789, for those who write them in lower case. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    static ConditionSettings of(On on) {
        return new ConditionSettings(Set.of(on), null, null, null, null, null, null);
    }

    static ConditionSettings read(Section section) {
        return new ConditionSettings(
                section.readIfGiven("on", ConditionSettings::kinds),
                section.readIfGiven("statuses", ConditionSettings::statuses),
                section.readIfGiven("paths", PathPatterns::paths),
                section.readIfGiven("ignore-paths", PathPatterns::ignored),
                section.readIfGiven("methods", ConditionSettings::methods),
                section.readIfGiven("user-agents", ConditionSettings::userAgents),
                section.readIfGiven("only-with", ConditionSettings::onlyWithCredentials));
    }

    /** This where it says something, and what is inherited where it does not. */
    ConditionSettings over(ConditionSettings inherited) {
        return new ConditionSettings(
                or(on, inherited.on),
                or(statuses, inherited.statuses),
                or(paths, inherited.paths),
                or(ignoredPaths, inherited.ignoredPaths),
                or(methods, inherited.methods),
                or(userAgents, inherited.userAgents),
                or(onlyWithCredentials, inherited.onlyWithCredentials));
    }

    /** Whether there is anything to count by. */
    boolean hasCondition() {
        return asksForRequest() || !kinds().equals(Set.of(On.RESPONSE));
    }

    /** Whether no observation can ever meet them all. */
    boolean isImpossible() {
        return asksForRequest() && WITHOUT_REQUEST.containsAll(kinds());
    }

    Set<On> kinds() {
        return on == null || on.isEmpty() ? Defaults.ON : on;
    }

    Conditions toConfig() {
        List<PathPattern> configuredPaths = orElse(paths, List.of());
        // Who names paths means them; and what is no answer is nobody's habit.
        boolean anyAnswer = configuredPaths.isEmpty() && kinds().contains(On.RESPONSE);
        return new Conditions(
                kinds(),
                statuses == null || statuses.equals(NO_STATUS) ? StatusSet.ANY : statuses,
                configuredPaths,
                orElse(ignoredPaths, anyAnswer ? PathPatterns.DEFAULT_IGNORED : List.of()),
                orElse(methods, Set.of()),
                orElse(userAgents, List.of()),
                orElse(onlyWithCredentials, false));
    }

    private boolean asksForRequest() {
        return (statuses != null && !statuses.equals(NO_STATUS))
                || (paths != null && !paths.isEmpty())
                || (methods != null && !methods.isEmpty())
                || (userAgents != null && !userAgents.isEmpty());
    }

    private static Set<On> kinds(Setting setting) {
        List<On> kinds = new ArrayList<>();
        for (Setting element : setting.elements()) {
            // Not the default for what is a problem already: it is not also a jail without a condition.
            kinds.add(orElse(element.choice(List.of(On.values()), Setting::word), On.PROTOCOL_ERROR));
        }
        if (kinds.size() > 1 && kinds.contains(On.BAN)) {
            setting.problem("ban beside other kinds (expected ban alone: it counts the bans by other jails)");
        }
        return Set.copyOf(kinds);
    }

    /** Never empty for what is a problem already: it is not also a jail without a condition. */
    private static StatusSet statuses(Setting setting) {
        List<Setting> elements = setting.list("a list such as [403, \"4xx\"]");
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
    private static Set<String> methods(Setting setting) {
        Set<String> methods =
                new LinkedHashSet<>(orElse(setting.texts("a list such as [POST]", "a method"), List.of("GET")));
        for (String method : methods) {
            String upper = method.toUpperCase(Locale.ROOT);
            if (!Names.isToken(method)) {
                setting.problem("\"" + Setting.cut(method) + "\" is no method (expected one such as POST)");
            } else if (!method.equals(upper) && METHODS.contains(upper)) {
                setting.problem("\"" + method + "\" is not the method " + upper + " (expected " + upper
                        + ": methods are told apart by case)");
            }
        }
        return methods;
    }

    /** Never empty for what is a problem already, as above. */
    private static List<String> userAgents(Setting setting) {
        return orElse(setting.texts("a list such as [\"*sqlmap*\"]", "a text with * and ?"), List.of("*"));
    }

    private static @Nullable Boolean onlyWithCredentials(Setting setting) {
        return setting.choice(List.of(true), credentials -> "credentials");
    }
}
