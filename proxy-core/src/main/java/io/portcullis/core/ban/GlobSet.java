package io.portcullis.core.ban;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Globs as in {@link PathGlob}, one of which has to match. */
final class GlobSet {

    private final List<String> sources;
    private final PathGlob[] globs;

    private GlobSet(List<String> sources) {
        this.sources = sources;
        this.globs = sources.stream().map(PathGlob::compile).toArray(PathGlob[]::new);
    }

    static GlobSet of(Collection<String> globs) {
        return new GlobSet(globs.stream().distinct().toList());
    }

    /** What matches one of them. */
    static GlobSet union(Stream<GlobSet> sets) {
        return of(sets.flatMap(set -> set.sources.stream()).toList());
    }

    boolean isEmpty() {
        return globs.length == 0;
    }

    boolean matches(String text) {
        for (PathGlob glob : globs) {
            if (glob.matches(text)) {
                return true;
            }
        }
        return false;
    }
}
