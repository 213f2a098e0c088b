package io.portcullis.core.ban;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Globs as in {@link PathGlob}, one of which has to match.
 *
 * <p>However many there are, an ordinary text takes about one pass; see {@link GlobIndex}. Nothing is allocated.
 * Immutable, and safe for use by many threads.
 */
final class GlobSet {

    /** So many are as quick one by one. */
    private static final int FEW = 3;

    private final List<String> sources;
    /** Tried on every text. */
    private final PathGlob[] globs;
    /** Has the others; null where there are none. */
    private final @Nullable GlobIndex index;

    private GlobSet(List<String> sources) {
        this.sources = sources;
        List<PathGlob> compiled = sources.stream().map(PathGlob::compile).toList();
        this.index = compiled.size() > FEW ? new GlobIndex(compiled) : null;
        this.globs = (index == null ? compiled : index.left()).toArray(PathGlob[]::new);
    }

    static GlobSet of(Collection<String> globs) {
        return new GlobSet(globs.stream().distinct().toList());
    }

    /** What matches one of them. */
    static GlobSet union(Stream<GlobSet> sets) {
        return of(sets.flatMap(set -> set.sources.stream()).toList());
    }

    boolean isEmpty() {
        return sources.isEmpty();
    }

    boolean matches(String text) {
        for (PathGlob glob : globs) {
            if (glob.matches(text)) {
                return true;
            }
        }
        return index != null && index.matches(text);
    }
}
