package io.portcullis.core.ban;

import io.portcullis.core.http.RequestHead;
import java.util.ArrayList;
import java.util.List;

/**
 * The paths that applications may take a request's for, besides the normalised one.
 *
 * <p>We decode once, as RFC 3986 has it. An application may decode twice, drop the parameters of segments, take a
 * backslash for a slash, end at a NUL as C does, or read overlong UTF-8; a probe that is written for one of these means
 * what it would find there. And where a request has no valid path at all, somebody still meant one. So jails look at
 * every reading and count if any matches: hardly anybody but an attacker writes a path that has more than one.
 *
 * <p>Linear in the path's length; allocates only where there is more than one reading.
 */
final class PathReadings {

    /** An escape within an escape within an escape; nothing is known to decode more often. */
    private static final int MAX_DECODINGS = 3;

    private static final char REPLACEMENT = '\uFFFD';

    private final List<String> readings = new ArrayList<>();

    private PathReadings() {}

    /** Whether there is only one reading of the request's path: as it was normalised. */
    static boolean isPlain(RequestHead head) {
        return isPlain(head.path()) && !climbs(head.target());
    }

    /** Browsers resolve dot segments before they ask; who sends them, in whatever way, may mean them. */
    private static boolean climbs(String target) {
        if (target.contains("..")) {
            return true;
        }
        for (int i = target.indexOf('%'); i >= 0; i = target.indexOf('%', i + 1)) {
            if (target.regionMatches(true, i, "%2e", 0, 3)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPlain(String path) {
        return path.indexOf('%') < 0
                && path.indexOf(';') < 0
                && path.indexOf('\\') < 0
                && path.indexOf(REPLACEMENT) < 0
                && !path.contains("/..");
    }

    /** The readings of a path that is not plain; without the path itself. */
    static List<String> of(RequestHead head) {
        PathReadings all = new PathReadings();
        String path = head.path();
        all.read(path);
        if (path.indexOf(REPLACEMENT) >= 0 || climbs(head.target())) {
            // Bytes that were not UTF-8 are lost there, and so are dot segments: what they mean is in the target only.
            all.read(pathOf(head.target()));
        }
        all.readings.remove(path);
        return all.readings;
    }

    private void read(String text) {
        String decoded = text;
        for (int i = 0; ; i++) {
            add(decoded);
            add(resolve(decoded));
            if (i == MAX_DECODINGS) {
                return;
            }
            String next = joinUtf8(unescape(decoded));
            if (next.equals(decoded)) {
                return;
            }
            decoded = next;
        }
    }

    private void add(String reading) {
        if (!readings.contains(reading)) {
            readings.add(reading);
        }
    }

    /** Without the query, and without what the absolute form (RFC 9112 section 3.2.2) has before the path. */
    private static String pathOf(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        int scheme = path.startsWith("/") ? -1 : path.indexOf("://");
        int slash = scheme < 0 ? -1 : path.indexOf('/', scheme + 3);
        return slash < 0 ? path : path.substring(slash);
    }

    /** Each escape becomes one char; {@code %uXXXX} too, which IIS reads. What is no valid escape stays. */
    private static String unescape(String text) {
        int escape = text.indexOf('%');
        if (escape < 0) {
            return text;
        }
        StringBuilder decoded = new StringBuilder(text.length()).append(text, 0, escape);
        for (int i = escape; i < text.length(); ) {
            boolean wide = text.startsWith("%u", i) || text.startsWith("%U", i);
            int digits = wide ? 4 : 2;
            int start = wide ? i + 2 : i + 1;
            int value = text.charAt(i) == '%' ? hex(text, start, digits) : -1;
            decoded.append(value < 0 ? text.charAt(i) : (char) value);
            i = value < 0 ? i + 1 : start + digits;
        }
        return decoded.toString();
    }

    /** Negative where there are not so many hexadecimal digits. */
    private static int hex(String text, int start, int digits) {
        if (start + digits > text.length()) {
            return -1;
        }
        int value = 0;
        for (int i = start; i < start + digits; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /**
     * Joins bytes, one a char, to what they mean as UTF-8, in overlong forms too (RFC 3629 section 10 warns of those who
     * read them); other chars stay.
     */
    private static String joinUtf8(String text) {
        int first = 0;
        while (first < text.length() && continuationsAfter(text, first) == 0) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder joined = new StringBuilder(text.length()).append(text, 0, first);
        for (int i = first; i < text.length(); ) {
            int more = continuationsAfter(text, i);
            int point = more == 0 ? text.charAt(i) : text.charAt(i) & (0x3F >> more);
            for (int k = 1; k <= more; k++) {
                point = point << 6 | (text.charAt(i + k) & 0x3F);
            }
            joined.appendCodePoint(Character.isValidCodePoint(point) ? point : REPLACEMENT);
            i += more + 1;
        }
        return joined.toString();
    }

    /** How many continuation bytes belong to the lead byte there; 0 where it is none or they are not there. */
    private static int continuationsAfter(String text, int at) {
        char lead = text.charAt(at);
        if (lead < 0xC0 || lead > 0xFD) {
            return 0;
        }
        int more = Integer.numberOfLeadingZeros(~(lead << 24)) - 1;
        if (at + more >= text.length()) {
            return 0;
        }
        for (int i = at + 1; i <= at + more; i++) {
            char c = text.charAt(i);
            if (c < 0x80 || c > 0xBF) {
                return 0;
            }
        }
        return more;
    }

    /**
     * Without parameters, dot segments and empty segments, with every slash one way, up to a NUL. Nothing is above the
     * root, as applications have it (RFC 3986 section 5.2.4).
     */
    private static String resolve(String path) {
        StringBuilder resolved = new StringBuilder(path.length());
        int end = path.indexOf('\0') < 0 ? path.length() : path.indexOf('\0');
        boolean endsInSlash = true;
        for (int start = 0, next; start <= end; start = next + 1) {
            next = endOfSegment(path, start, end);
            int length = endOfName(path, start, next) - start;
            endsInSlash = true;
            if (length == 2 && path.startsWith("..", start)) {
                resolved.setLength(Math.max(0, resolved.lastIndexOf("/")));
            } else if (length > 1 || (length == 1 && path.charAt(start) != '.')) {
                resolved.append('/').append(path, start, start + length);
                endsInSlash = false;
            }
        }
        return endsInSlash ? resolved.append('/').toString() : resolved.toString();
    }

    private static int endOfSegment(String path, int start, int end) {
        int at = start;
        while (at < end && path.charAt(at) != '/' && path.charAt(at) != '\\') {
            at++;
        }
        return at;
    }

    private static int endOfName(String path, int start, int end) {
        int at = start;
        while (at < end && path.charAt(at) != ';') {
            at++;
        }
        return at;
    }
}
