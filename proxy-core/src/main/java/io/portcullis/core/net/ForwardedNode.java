package io.portcullis.core.net;

import org.jspecify.annotations.Nullable;

/**
 * One hop as proxies write it: {@code 192.0.2.1}, {@code 192.0.2.1:4711}, {@code [2001:db8::1]},
 * {@code [2001:db8::1]:4711}, or IPv6 bare.
 */
final class ForwardedNode {

    private ForwardedNode() {}

    /**
     * Reads a part of a text, with optional whitespace around it.
     *
     * @return the address, or null for anything else, {@code unknown} and {@code _hidden} (RFC 7239 section 6) among it
     */
    static @Nullable IpAddress parse(String text, int start, int end) {
        int first = Scan.skipSpace(text, start, end);
        int last = Scan.trimEnd(text, first, end);
        if (first < last && text.charAt(first) == '[') {
            return parseBracketed(text, first, last);
        }
        int colon = Scan.indexOf(text, ':', first, last);
        boolean isIpv6 = colon < last && Scan.indexOf(text, ':', colon + 1, last) < last;
        if (colon == last || isIpv6) {
            return IpAddress.parse(text, first, last);
        }
        return isPort(text, colon + 1, last) ? IpAddress.parse(text, first, colon) : null;
    }

    private static @Nullable IpAddress parseBracketed(String text, int start, int end) {
        int close = Scan.indexOf(text, ']', start, end);
        if (close == end || Scan.indexOf(text, ':', start, close) == close) {
            return null;
        }
        boolean hasPort = close + 1 < end;
        if (hasPort && (text.charAt(close + 1) != ':' || !isPort(text, close + 2, end))) {
            return null;
        }
        return IpAddress.parse(text, start + 1, close);
    }

    /** RFC 7239 section 6: digits, or an obfuscated port, which begins with an underscore. */
    private static boolean isPort(String text, int start, int end) {
        if (start < end && text.charAt(start) == '_') {
            return true;
        }
        if (start == end || end - start > 5) {
            return false;
        }
        int port = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            port = port * 10 + c - '0';
        }
        return port <= 0xFFFF;
    }
}
