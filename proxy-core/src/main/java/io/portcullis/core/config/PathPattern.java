package io.portcullis.core.config;

/**
 * A pattern that the paths of requests are held against: a glob, or a regular expression.
 *
 * <p>The path is a stranger's, so whatever implements this matches in time linear in the path's length. Immutable, and
 * safe for use by many threads.
 */
public sealed interface PathPattern {

    /** As it stands in the configuration. */
    String source();

    /**
     * {@code *} stands for any run of characters, {@code /} among them, and {@code ?} for one; letters compare without
     * case.
     */
    record Glob(String source) implements PathPattern {}

    /**
     * A regular expression.
     *
     * @param source with its {@code regex:}
     * @param matcher finds it anywhere in a path, in linear time; the engine is the reader's choice, so that none is
     *     needed here
     */
    record Regex(String source, Matcher matcher) implements PathPattern {

        /** Two are the same where they are written the same. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Regex regex && source.equals(regex.source);
        }

        @Override
        public int hashCode() {
            return source.hashCode();
        }
    }

    /** Finds a pattern in a path. */
    @FunctionalInterface
    interface Matcher {
        boolean isFoundIn(String path);
    }
}
