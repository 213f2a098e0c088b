package io.portcullis.core.net;

import org.jspecify.annotations.Nullable;

/**
 * One element of a {@code Forwarded} field (RFC 7239 section 4): parameters between semicolons, values as they are or
 * in quotes.
 */
final class ForwardedElement {

    private ForwardedElement() {}

    /**
     * Where the last element before {@code end} begins, found from the right.
     *
     * <p>A quote found on the way closes a string; the string opens at the next quote to the left that is not escaped.
     * For well-formed text that gives what reading from the left gives. For a stranger's open quote followed by a
     * trusted proxy's element it gives the trusted element, where reading from the left would swallow it.
     *
     * @return -1 where a string does not open
     */
    static int start(String value, int end) {
        int at = end;
        while (at > 0) {
            char c = value.charAt(at - 1);
            if (c == ',') {
                return at;
            }
            at--;
            if (c == '"') {
                at = openingQuote(value, at);
                if (at < 0) {
                    return -1;
                }
            }
        }
        return 0;
    }

    /** The address of the {@code for} parameter; null where there is none or more than one, or anything is malformed. */
    static @Nullable IpAddress address(String value, int start, int end) {
        IpAddress address = null;
        int at = start;
        while (true) {
            int name = Scan.skipSpace(value, at, end);
            int equals = Scan.indexOf(value, '=', name, end);
            if (equals == end) {
                return null;
            }
            int first = equals + 1;
            int last = valueEnd(value, first, end);
            if (last < 0) {
                return null;
            }
            if (equals - name == 3 && value.regionMatches(true, name, "for", 0, 3)) {
                IpAddress parsed = address == null ? node(value, first, last) : null;
                if (parsed == null) {
                    return null;
                }
                address = parsed;
            }
            at = Scan.skipSpace(value, last, end);
            if (at == end) {
                return address;
            }
            if (value.charAt(at) != ';') {
                return null;
            }
            at++;
        }
    }

    /** Where the parameter's value ends; -1 where its quotes do not close. */
    private static int valueEnd(String value, int start, int end) {
        if (start < end && value.charAt(start) == '"') {
            int at = start + 1;
            while (at < end && value.charAt(at) != '"') {
                at += value.charAt(at) == '\\' ? 2 : 1;
            }
            return at < end ? at + 1 : -1;
        }
        int at = start;
        while (at < end && value.charAt(at) != ';' && value.charAt(at) != ' ' && value.charAt(at) != '\t') {
            at++;
        }
        return at;
    }

    private static @Nullable IpAddress node(String value, int start, int end) {
        if (start == end || value.charAt(start) != '"') {
            return ForwardedNode.parse(value, start, end);
        }
        if (Scan.indexOf(value, '\\', start, end) == end) {
            return ForwardedNode.parse(value, start + 1, end - 1);
        }
        String unescaped = unescape(value, start + 1, end - 1);
        return ForwardedNode.parse(unescaped, 0, unescaped.length());
    }

    /** RFC 9110 section 5.6.4: a backslash stands for the character after it. */
    private static String unescape(String value, int start, int end) {
        StringBuilder text = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            if (value.charAt(i) == '\\') {
                i++;
            }
            text.append(value.charAt(i));
        }
        return text.toString();
    }

    /** Where the string opens whose closing quote stands at {@code close}; -1 where it does not. */
    private static int openingQuote(String value, int close) {
        for (int at = value.lastIndexOf('"', close - 1); at >= 0; at = value.lastIndexOf('"', at - 1)) {
            int backslash = at - 1;
            while (backslash >= 0 && value.charAt(backslash) == '\\') {
                backslash--;
            }
            boolean escaped = (at - 1 - backslash) % 2 == 1;
            if (!escaped) {
                return at;
            }
        }
        return -1;
    }
}
