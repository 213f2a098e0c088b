package io.portcullis.core.ban;

import io.portcullis.core.config.PathPattern;
import io.portcullis.core.http.RequestHead;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Path patterns, one of which has to match: globs, all in one pass, and regular expressions, one by one. */
final class PathSet {

    private final List<PathPattern> patterns;
    private final GlobSet globs;
    private final PathPattern.Matcher[] expressions;

    private PathSet(List<PathPattern> patterns) {
        this.patterns = patterns;
        List<String> sources = new ArrayList<>();
        List<PathPattern.Matcher> matchers = new ArrayList<>();
        for (PathPattern pattern : patterns) {
            if (pattern instanceof PathPattern.Regex expression) {
                matchers.add(expression.matcher());
            } else {
                sources.add(pattern.source());
            }
        }
        this.globs = GlobSet.of(sources);
        this.expressions = matchers.toArray(PathPattern.Matcher[]::new);
    }

    static PathSet of(Collection<PathPattern> patterns) {
        return new PathSet(List.copyOf(patterns));
    }

    /** What matches one of them. */
    static PathSet union(Stream<PathSet> sets) {
        return of(sets.flatMap(set -> set.patterns.stream()).distinct().toList());
    }

    boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Whether one matches the path, read as it stands. */
    boolean match(String path) {
        if (globs.matches(path)) {
            return true;
        }
        for (PathPattern.Matcher expression : expressions) {
            if (expression.isFoundIn(path)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one matches a path that some application may take the request's for. */
    boolean matchReadingOf(RequestHead head) {
        String path = head.path();
        if (match(path)) {
            return true;
        }
        if (PathReadings.isPlain(head)) {
            return false;
        }
        for (String reading : PathReadings.of(head)) {
            if (match(reading)) {
                return true;
            }
        }
        return false;
    }
}
