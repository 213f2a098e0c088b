package io.portcullis.core.ban;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Many globs, found in a text by the literals in them: three letters in a row of each glob are looked for everywhere in
 * one pass, and only a glob whose three letters turn up is tried. The three are those that ordinary requests are least
 * likely to have, so most texts try none.
 *
 * <p>It is the idea of Wu and Manber ("A fast algorithm for multi-pattern searching", 1994) without its skips, since
 * the literals are short. An Aho-Corasick automaton would find exactly what is there, but each of its steps waits for the
 * memory that the one before reads, and its tables would not fit beside those of other virtual hosts in a cache.
 *
 * <p>Time is linear in the text's length, whoever chooses the text: a glob that takes a search is tried only once.
 *
 * <p>Immutable, and safe for use by many threads.
 */
final class GlobIndex {

    /** Letters compare without case, and what is rare in paths is one code, so that the whole table is 4 KiB. */
    private static final int CODE_BITS = 5;

    private static final int KEY_MASK = (1 << (3 * CODE_BITS)) - 1;
    private static final byte[] CODES = codes();

    /** One bit for each glob that takes a search; the sign is {@link #MATCHED}. */
    private static final int MAX_SEARCHING = 63;

    private static final long MATCHED = Long.MIN_VALUE;

    /** What is in most requests. Letters that are in here make poor anchors. */
    private static final String ORDINARY =
            "mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36 (khtml, like gecko)"
                    + " chrome/126.0.0.0 safari/537.36 edg/126.0 mozilla/5.0 (macintosh; intel mac os x 10_15_7) version/17.4"
                    + " mozilla/5.0 (iphone; cpu iphone os 17_4 like mac os x) mobile/15e148 (x11; ubuntu; linux x86_64; rv:127.0)"
                    + " gecko/20100101 firefox/127.0 (linux; android 14; k) (compatible; googlebot/2.1; +http://www.google.com/bot.html)"
                    + " /index.html /index.php /static/css/main.css /assets/js/app.js /images/logo.png /img/icons/photo.jpg"
                    + " /fonts/font.woff2 /media/uploads/2026/content/themes/default/style.css /api/v1/users/login /account/admin"
                    + " /products/category/search/article/blog/news/page/shop/cart/checkout /public/files/download/docs/test";

    private static final short[] TIMES_IN_ORDINARY = timesInOrdinary();

    /** The three letters at {@code offset} in a literal of the glob stand for the glob. */
    private record Anchor(String literal, int offset, PathGlob glob, long searching) {}

    private final long[] keys = new long[(KEY_MASK + 1) / Long.SIZE];
    private final int[] sortedKeys;
    private final Anchor[][] anchors;
    private final List<PathGlob> left = new ArrayList<>();

    GlobIndex(Collection<PathGlob> globs) {
        TreeMap<Integer, List<Anchor>> byKey = new TreeMap<>();
        int searching = 0;
        for (PathGlob glob : globs) {
            boolean searches = glob.searches();
            Anchor anchor = searches && searching == MAX_SEARCHING
                    ? null
                    : bestAnchor(glob, searches ? 1L << searching : 0, byKey);
            if (anchor == null) {
                left.add(glob);
            } else {
                byKey.computeIfAbsent(keyAt(anchor.literal, anchor.offset), key -> new ArrayList<>(1))
                        .add(anchor);
                searching += searches ? 1 : 0;
            }
        }
        byKey.keySet().forEach(key -> keys[key >> 6] |= 1L << key);
        sortedKeys = byKey.keySet().stream().mapToInt(Integer::intValue).toArray();
        anchors = byKey.values().stream().map(at -> at.toArray(Anchor[]::new)).toArray(Anchor[][]::new);
    }

    /** Those that have no three letters in a row, or are too many: nothing but trying finds them. */
    List<PathGlob> left() {
        return left;
    }

    /** Whether one of the others matches. */
    boolean matches(String text) {
        long tried = 0;
        for (int at = nextKey(text, 0); at >= 0; at = nextKey(text, at + 1)) {
            tried = tryAnchors(text, at, tried);
            if (tried < 0) {
                return true;
            }
        }
        return false;
    }

    /** Where the next three letters that stand for a glob are, or -1. All the time goes here, so it does nothing else. */
    private int nextKey(String text, int from) {
        if (from + 3 > text.length()) {
            return -1;
        }
        long[] wanted = keys;
        int key = (codeOf(text.charAt(from)) << CODE_BITS) | codeOf(text.charAt(from + 1));
        for (int i = from + 2; i < text.length(); i++) {
            key = ((key << CODE_BITS) | codeOf(text.charAt(i))) & KEY_MASK;
            if ((wanted[key >> 6] & (1L << key)) != 0) {
                return i - 2;
            }
        }
        return -1;
    }

    /** @return which searching globs have been tried, or {@link #MATCHED} */
    private long tryAnchors(String text, int position, long tried) {
        long triedNow = tried;
        for (Anchor anchor : anchors[Arrays.binarySearch(sortedKeys, keyAt(text, position))]) {
            if ((anchor.searching & triedNow) == 0 && hasLiteral(text, position - anchor.offset, anchor.literal)) {
                if (anchor.glob.matches(text)) {
                    return MATCHED;
                }
                triedNow |= anchor.searching;
            }
        }
        return triedNow;
    }

    private static boolean hasLiteral(String text, int start, String literal) {
        if (start < 0 || start + literal.length() > text.length()) {
            return false;
        }
        for (int i = 0; i < literal.length(); i++) {
            if (PathGlob.lowerAscii(text.charAt(start + i)) != literal.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The one that ordinary requests have least; of those, one that stands for few others yet. */
    private static @Nullable Anchor bestAnchor(PathGlob glob, long searching, Map<Integer, List<Anchor>> others) {
        Anchor best = null;
        long least = Long.MAX_VALUE;
        for (String literal : glob.literals()) {
            for (int offset = 0; offset + 3 <= literal.length(); offset++) {
                int key = keyAt(literal, offset);
                List<Anchor> same = others.get(key);
                long cost = TIMES_IN_ORDINARY[key] * 1_000L + (same == null ? 0 : same.size());
                if (cost < least) {
                    least = cost;
                    best = new Anchor(literal, offset, glob, searching);
                }
            }
        }
        return best;
    }

    private static short[] timesInOrdinary() {
        short[] times = new short[KEY_MASK + 1];
        for (int i = 0; i + 3 <= ORDINARY.length(); i++) {
            times[keyAt(ORDINARY, i)]++;
        }
        return times;
    }

    private static int keyAt(String text, int at) {
        return (codeOf(text.charAt(at)) << (2 * CODE_BITS))
                | (codeOf(text.charAt(at + 1)) << CODE_BITS)
                | codeOf(text.charAt(at + 2));
    }

    private static int codeOf(char c) {
        return c < CODES.length ? CODES[c] : 0;
    }

    private static byte[] codes() {
        byte[] codes = new byte[128];
        for (int i = 0; i < 26; i++) {
            codes['a' + i] = codes['A' + i] = (byte) (i + 1);
        }
        for (char digit = '0'; digit <= '9'; digit++) {
            codes[digit] = 27;
        }
        codes['/'] = 28;
        codes['.'] = 29;
        codes['-'] = 30;
        codes['_'] = 31;
        return codes;
    }
}
