package io.portcullis.server.config;

import io.portcullis.core.config.ConfigFinding;
import io.portcullis.core.config.ConfigProblem;
import io.portcullis.core.config.ConfigWarning;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one load has found so far: every problem, every warning, and every key that it asked for,
 * with its default. */
final class Findings {

    /** A set: what is wrong in an inherited jail is found again for each virtual host that inherits it. */
    private final Set<ConfigProblem> problems = new LinkedHashSet<>();

    private final Set<ConfigWarning> warnings = new LinkedHashSet<>();
    private final Set<String> keys = new TreeSet<>();
    private final Map<String, Object> defaults = new TreeMap<>();

    void add(Place place, String message) {
        problems.add(new ConfigProblem(place.file(), place.line(), place.path(), message));
    }

    /** Something that the operator should know, and that is no reason to refuse anything. */
    void warn(Place place, String message) {
        warnings.add(new ConfigWarning(place.file(), place.line(), place.path(), message));
    }

    /** Notes that a key is accepted; this is what the documentation is held to. */
    void asked(String keyPattern) {
        keys.add(keyPattern);
    }

    /** Notes what a key is where it is not given; the documentation is held to this, too. */
    void withDefault(String keyPattern, Object otherwise) {
        defaults.put(keyPattern, otherwise);
    }

    boolean hasProblems() {
        return !problems.isEmpty();
    }

    /** By file, then by line. */
    List<ConfigProblem> problems() {
        return inOrder(problems);
    }

    /** By file, then by line. */
    List<ConfigWarning> warnings() {
        return inOrder(warnings);
    }

    private static <F extends ConfigFinding> List<F> inOrder(Set<F> found) {
        if (found.isEmpty()) {
            return List.of(); // to make the comparator takes longer than to read a small configuration
        }
        return found.stream()
                .sorted(Comparator.comparing(ConfigFinding::file)
                        .thenComparingInt(ConfigFinding::line)
                        .thenComparing(ConfigFinding::path)
                        .thenComparing(ConfigFinding::message))
                .toList();
    }

    /** The keys asked for, with {@code NAME} for a chosen name and {@code []} for an element of a list. */
    Set<String> keys() {
        return keys;
    }

    /** What keys are where they are not given, as far as the readers said so in so many words. */
    Map<String, Object> defaults() {
        return defaults;
    }
}
