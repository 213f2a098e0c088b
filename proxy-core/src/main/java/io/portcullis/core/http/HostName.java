package io.portcullis.core.http;

import io.portcullis.core.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The host that a {@code Host} field or an authority names (RFC 9110 section 7.2), read strictly, in the one form that
 * virtual hosts are found by.
 */
public final class HostName {

    /** DNS allows 253 characters; some clients count the dots at both ends. */
    private static final int MAX_LENGTH = 255;

    private HostName() {}

    /**
     * The host of {@code host[:port]}: lower case, without port and without the root's dot; an IPv6 address in
     * brackets and in its canonical form, an IPv4-mapped one as IPv4.
     *
     * <p>Refused are an empty host, user information, and every character other than ASCII letters, digits, {@code -},
     * {@code .} and {@code _}: RFC 3986 allows more, but nobody's host has it, and parsers differ about it.
     *
     * @return the text itself where it is already in that form; null where it is none
     */
    public static @Nullable String parse(String authority) {
        if (authority.startsWith("[")) {
            return parseLiteral(authority);
        }
        int colon = authority.indexOf(':');
        int end = colon < 0 ? authority.length() : colon;
        if (colon >= 0 && !isPort(authority, colon + 1)) {
            return null;
        }
        if (end > 1 && authority.charAt(end - 1) == '.') {
            end--;
        }
        return isName(authority, end) ? Ascii.toLowerCase(authority.substring(0, end)) : null;
    }

    private static @Nullable String parseLiteral(String authority) {
        int close = authority.indexOf(']');
        if (close < 0 || authority.lastIndexOf(':', close) < 0) {
            return null;
        }
        boolean hasMore = close + 1 < authority.length();
        if (hasMore && (authority.charAt(close + 1) != ':' || !isPort(authority, close + 2))) {
            return null;
        }
        IpAddress address = IpAddress.parse(authority, 1, close);
        if (address == null) {
            return null;
        }
        return address.isIpv4() ? address.toString() : "[" + address + "]";
    }

    private static boolean isName(String text, int end) {
        if (end == 0 || end > MAX_LENGTH) {
            return false;
        }
        char previous = '.';
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean emptyLabel = c == '.' && previous == '.';
            if (emptyLabel || !(Ascii.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_')) {
                return false;
            }
            previous = c;
        }
        return previous != '.';
    }

    /** Up to five digits, not above 65535; RFC 3986 section 3.2.3 allows none. */
    private static boolean isPort(String text, int start) {
        if (text.length() - start > 5) {
            return false;
        }
        int port = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Ascii.isDigit(c)) {
                return false;
            }
            port = port * 10 + c - '0';
        }
        return port <= 0xFFFF;
    }
}
