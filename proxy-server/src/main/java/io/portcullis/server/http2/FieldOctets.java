package io.portcullis.server.http2;

import io.netty.util.AsciiString;

/** Which octets may stand in which part of a field section. */
final class FieldOctets {

    private static final boolean[] NAME = new boolean[128];

    static {
        for (char c = '0'; c <= '9'; c++) {
            NAME[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            NAME[c] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            NAME[c] = true;
        }
    }

    private FieldOctets() {}

    /** RFC 9113 section 8.2.1 with RFC 9110 section 5.1: a token without upper-case letters. */
    static boolean isName(AsciiString name) {
        int length = name.length();
        for (int i = 0; i < length; i++) {
            byte b = name.byteAt(i);
            if (b < 0 || !NAME[b]) {
                return false;
            }
        }
        return length > 0;
    }

    /** RFC 9110 section 9.1: a token, upper-case letters too. */
    static boolean isMethod(AsciiString method) {
        for (int i = 0; i < method.length(); i++) {
            byte b = method.byteAt(i);
            if (!(b >= 'A' && b <= 'Z') && (b < 0 || !NAME[b])) {
                return false;
            }
        }
        return !method.isEmpty();
    }

    /**
     * RFC 9113 section 8.2.1 with RFC 9110 section 5.5: visible characters, obs-text, and SP and HTAB between them. A
     * line end or NUL in a value is what splits one request into two when it is written as HTTP/1.1.
     */
    static boolean isValue(AsciiString value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            if (isControl(value.byteAt(i))) {
                return false;
            }
        }
        return length == 0 || (!isBlank(value.byteAt(0)) && !isBlank(value.byteAt(length - 1)));
    }

    /** Visible US-ASCII, without {@code #}: as the HTTP/1 parser takes a request's target. */
    static boolean isTarget(AsciiString target) {
        for (int i = 0; i < target.length(); i++) {
            byte b = target.byteAt(i);
            if (b <= ' ' || b == 0x7F || b == '#') {
                return false;
            }
        }
        return !target.isEmpty();
    }

    /**
     * Visible US-ASCII that ends neither a host nor a line. RFC 9113 section 8.3.1 forbids user information, too:
     * {@code a@b} is another host for those who look for the {@code @} than for those who don't.
     */
    static boolean isAuthority(AsciiString authority) {
        for (int i = 0; i < authority.length(); i++) {
            byte b = authority.byteAt(i);
            if (b <= ' ' || b == 0x7F || b == '@' || b == '/' || b == '\\' || b == '?' || b == '#' || b == ',') {
                return false;
            }
        }
        return !authority.isEmpty();
    }

    /** Whether it may not stand in any value (obs-text, which is negative here, may). */
    static boolean isControl(byte b) {
        return (b >= 0 && b < ' ' && b != '\t') || b == 0x7F;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
