package io.portcullis.server.config;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.PathPattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads lists of path patterns: globs and {@code regex:}es. */
final class PathPatterns {

    /** What browsers and their like ask for by themselves. */
    static final List<PathPattern> DEFAULT_IGNORED = globs(Defaults.IGNORE_PATHS);

    private static final String EXPECTED = "a list such as [\"/.env\", \"*/.htaccess\"]";
    private static final List<PathPattern> ANY_PATH = globs(List.of("*"));
    /** In {@code ignore-paths}, where it stands for all of them: a list replaces the one it overrides. */
    private static final String DEFAULT = "default";

    private PathPatterns() {}

    /** Never empty for what is a problem already: it is not also a jail without a condition. */
    static List<PathPattern> paths(Setting setting) {
        List<Setting> elements = setting.list(EXPECTED);
        if (elements == null) {
            return ANY_PATH;
        }
        List<PathPattern> paths = new ArrayList<>();
        for (Setting element : elements) {
            String text = element.text("a path with * and ?");
            PathPattern pattern = text == null ? null : pattern(element, text, "expected it to begin with / or *");
            if (pattern != null) {
                paths.add(pattern);
            }
        }
        return paths.isEmpty() && !elements.isEmpty() ? ANY_PATH : paths;
    }

    static @Nullable List<PathPattern> ignored(Setting setting) {
        List<Setting> elements = setting.list("a list such as [" + DEFAULT + ", \"*.png\"]");
        if (elements == null) {
            return null;
        }
        List<PathPattern> ignored = new ArrayList<>();
        for (Setting element : elements) {
            String text = element.text("a path with * and ?, or " + DEFAULT);
            if (text != null && text.equals(DEFAULT)) {
                ignored.addAll(DEFAULT_IGNORED);
            } else if (text != null) {
                PathPattern pattern = pattern(element, text, "expected it to begin with / or *, or " + DEFAULT);
                if (pattern != null) {
                    ignored.add(pattern);
                }
            }
        }
        return ignored;
    }

    private static @Nullable PathPattern pattern(Setting element, String text, String expected) {
        if (text.startsWith(Regexes.PREFIX)) {
            return Regexes.compile(element, text);
        }
        if (text.isEmpty() || "/*?".indexOf(text.charAt(0)) < 0) {
            element.problem(element.shown() + " matches no path (" + expected + ")");
            return null;
        }
        return new PathPattern.Glob(text);
    }

    private static List<PathPattern> globs(List<String> globs) {
        return globs.stream().<PathPattern>map(PathPattern.Glob::new).toList();
    }
}
