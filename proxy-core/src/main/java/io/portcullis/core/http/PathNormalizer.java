package io.portcullis.core.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request target into the one path that routes and jails compare with: decoded once, without parameters, dot
 * segments and doubled slashes.
 *
 * <p>The application gets the target as the client wrote it and may read it in its own way; what counts here is that
 * the usual ways of writing a path so that a rule does not see it ({@code %2e%2e}, {@code //}, {@code ..;/}) all come
 * out as the path they mean.
 */
public final class PathNormalizer {

    private static final String HEX = "0123456789ABCDEF";
    /** What may stand in a path unescaped, besides letters and digits; without the {@code ;} of parameters. */
    private static final String PATH_CHARACTERS = "/-._~!$&'()*+,=:@";

    private PathNormalizer() {}

    /**
     * The path of a target in origin-form (RFC 9112 section 3.2.1); {@code *} stays {@code *}.
     *
     * <p>Every byte, escaped or not, is read as UTF-8; what is not UTF-8 becomes U+FFFD, so that an overlong form of
     * {@code /} or {@code .} is neither. A backslash is an ordinary character.
     *
     * @param target one char for each byte received
     * @return the target itself where it is such a path; null where it has no valid path: it does not begin with
     *     {@code /}, climbs above the root, or has a fragment, a malformed escape or a control character
     */
    public static @Nullable String normalize(String target) {
        if (target.equals("*")) {
            return target;
        }
        if (target.isEmpty() || target.charAt(0) != '/') {
            return null;
        }
        int end = target.indexOf('?');
        if (end < 0) {
            end = target.length();
        }
        if (target.indexOf('#') >= 0) {
            return null;
        }
        if (isNormal(target, end)) {
            return target.substring(0, end);
        }
        String decoded = decode(target, end);
        return decoded == null ? null : resolve(decoded);
    }

    /** A normalised path as it is written in a target (RFC 3986 section 3.3). */
    public static String encode(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        StringBuilder target = new StringBuilder(bytes.length + 16);
        for (byte octet : bytes) {
            char c = (char) (octet & 0xFF);
            if (Ascii.isLetterOrDigit(c) || PATH_CHARACTERS.indexOf(c) >= 0) {
                target.append(c);
            } else {
                target.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
            }
        }
        return target.toString();
    }

    /** Whether the path surely comes out as it is. Some others do too ({@code /.x}), by the longer way. */
    private static boolean isNormal(String target, int end) {
        char previous = 0;
        for (int i = 0; i < end; i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '%' || c == ';') {
                return false;
            }
            if (previous == '/' && (c == '/' || c == '.')) {
                return false;
            }
            previous = c;
        }
        return true;
    }

    private static @Nullable String decode(String target, int end) {
        byte[] bytes = new byte[end];
        int length = 0;
        boolean ascii = true;
        for (int i = 0; i < end; i++) {
            int value = target.charAt(i);
            if (value == '%') {
                value = i + 2 < end ? hex(target.charAt(i + 1)) << 4 | hex(target.charAt(i + 2)) : -1;
                i += 2;
            }
            if (value < ' ' || value == 0x7F || value > 0xFF) {
                return null;
            }
            ascii &= value < 0x80;
            bytes[length++] = (byte) value;
        }
        if (ascii) {
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        return text.chars().anyMatch(Character::isISOControl) ? null : text;
    }

    /** Negative for what is no hexadecimal digit, so that the two digits together are negative too. */
    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /** RFC 3986 section 5.2.4, on segments without their parameters, and with empty segments left out. */
    private static @Nullable String resolve(String path) {
        StringBuilder resolved = new StringBuilder(path.length());
        boolean endsInSlash = false;
        for (int start = 1, end; start <= path.length(); start = end + 1) {
            end = segmentEnd(path, start);
            int nameEnd = nameEnd(path, start, end);
            int length = nameEnd - start;
            endsInSlash = true;
            if (length == 2 && path.startsWith("..", start)) {
                if (resolved.isEmpty()) {
                    return null;
                }
                resolved.setLength(resolved.lastIndexOf("/"));
            } else if (length > 1 || (length == 1 && path.charAt(start) != '.')) {
                resolved.append('/').append(path, start, nameEnd);
                endsInSlash = false;
            }
        }
        return endsInSlash ? resolved.append('/').toString() : resolved.toString();
    }

    private static int segmentEnd(String path, int start) {
        int slash = path.indexOf('/', start);
        return slash < 0 ? path.length() : slash;
    }

    /** Where the segment's parameters begin ({@code ..;x} is a {@code ..} to servlet containers), or its end. */
    private static int nameEnd(String path, int start, int end) {
        int at = start;
        while (at < end && path.charAt(at) != ';') {
            at++;
        }
        return at;
    }
}
