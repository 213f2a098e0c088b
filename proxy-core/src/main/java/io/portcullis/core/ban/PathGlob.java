package io.portcullis.core.ban;

import java.util.ArrayList;
import java.util.List;

/**
 * A compiled path pattern of a jail.
 *
 * <p>{@code *} stands for any run of characters, {@code /} among them, {@code ?} for one (a UTF-16 unit), and ASCII
 * letters compare without case. The pattern is cut at its stars: what stands before the first is compared at the start,
 * what stands after the last at the end, and each piece between is searched for once, left to right. Nothing is tried
 * twice, so the attacker, who chooses the path, gets no more than path length times piece length steps; there is no
 * recursion and no allocation.
 */
final class PathGlob {

    private final String prefix;
    private final String[] middles;
    private final String suffix;
    private final boolean exact;

    private PathGlob(String prefix, String[] middles, String suffix, boolean exact) {
        this.prefix = prefix;
        this.middles = middles;
        this.suffix = suffix;
        this.exact = exact;
    }

    static PathGlob compile(String pattern) {
        String lower = lowerAscii(pattern);
        int firstStar = lower.indexOf('*');
        if (firstStar < 0) {
            return new PathGlob(lower, new String[0], "", true);
        }
        int lastStar = lower.lastIndexOf('*');
        List<String> middles = new ArrayList<>();
        int start = firstStar + 1;
        while (start <= lastStar) {
            int star = lower.indexOf('*', start);
            if (star > start) {
                middles.add(lower.substring(start, star));
            }
            start = star + 1;
        }
        return new PathGlob(
                lower.substring(0, firstStar), middles.toArray(String[]::new), lower.substring(lastStar + 1), false);
    }

    boolean matches(String path) {
        if (exact) {
            return path.length() == prefix.length() && matchesAt(path, 0, prefix);
        }
        int end = path.length() - suffix.length();
        if (end < prefix.length() || !matchesAt(path, 0, prefix) || !matchesAt(path, end, suffix)) {
            return false;
        }
        int position = prefix.length();
        for (String middle : middles) {
            position = endOfFirst(path, position, end, middle);
            if (position < 0) {
                return false;
            }
        }
        return true;
    }

    /** What stands in a text that matches, each somewhere, in lower case; cut at the stars and question marks. */
    List<String> literals() {
        List<String> literals = new ArrayList<>();
        for (String piece : pieces()) {
            for (String literal : piece.split("\\?", -1)) {
                if (!literal.isEmpty()) {
                    literals.add(literal);
                }
            }
        }
        return literals;
    }

    private List<String> pieces() {
        List<String> pieces = new ArrayList<>();
        pieces.add(prefix);
        pieces.addAll(List.of(middles));
        pieces.add(suffix);
        return pieces;
    }

    /**
     * Whether it takes a search of the text though one of its literals has been found there: unless that is all of it, or
     * only the start and the end of the text are left to look at.
     */
    boolean searches() {
        boolean isOneLiteral =
                middles.length == 1 && prefix.isEmpty() && suffix.isEmpty() && middles[0].indexOf('?') < 0;
        return middles.length > 0 && !isOneLiteral;
    }

    /** Where the leftmost match of the piece ends, or -1. The leftmost leaves the most room for what follows. */
    private static int endOfFirst(String path, int from, int to, String piece) {
        for (int i = from; i <= to - piece.length(); i++) {
            if (matchesAt(path, i, piece)) {
                return i + piece.length();
            }
        }
        return -1;
    }

    private static boolean matchesAt(String path, int offset, String piece) {
        for (int i = 0; i < piece.length(); i++) {
            char expected = piece.charAt(i);
            if (expected != '?' && expected != lowerAscii(path.charAt(offset + i))) {
                return false;
            }
        }
        return true;
    }

    static char lowerAscii(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }

    private static String lowerAscii(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            lower.append(lowerAscii(text.charAt(i)));
        }
        return lower.toString();
    }
}
