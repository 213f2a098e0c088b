package io.portcullis.core.http;

import java.util.ArrayList;
import java.util.List;

/** The header fields that are meant for the next hop only and stop here (RFC 9110 section 7.6.1). */
public final class HopByHopHeaders {

    private static final List<String> KEEP_ALIVE = List.of("keep-alive");
    private static final List<String> CLOSE = List.of("close");

    private HopByHopHeaders() {}

    /**
     * Whether the field is never passed on as it came, whether {@code Connection} names it or not.
     *
     * <p>{@code HTTP2-Settings} is one by RFC 7540 section 3.2.1; passed on, it invites an application to change the
     * protocol behind the proxy's back.
     */
    public static boolean isHopByHop(CharSequence name) {
        return switch (name.length()) {
            case 18 -> Ascii.equalsIgnoreCase(name, "proxy-authenticate");
            case 19 -> Ascii.equalsIgnoreCase(name, "proxy-authorization");
            default -> isOfConnection(name);
        };
    }

    /** Whether the field says something of an HTTP/1 connection, which HTTP/2 has no place for (RFC 9113 section 8.2.2). */
    public static boolean isOfConnection(CharSequence name) {
        return switch (name.length()) {
            case 2 -> Ascii.equalsIgnoreCase(name, "te");
            case 7 -> Ascii.equalsIgnoreCase(name, "upgrade");
            case 10 -> Ascii.equalsIgnoreCase(name, "connection") || Ascii.equalsIgnoreCase(name, "keep-alive");
            case 14 -> Ascii.equalsIgnoreCase(name, "http2-settings");
            case 16 -> Ascii.equalsIgnoreCase(name, "proxy-connection");
            case 17 -> Ascii.equalsIgnoreCase(name, "transfer-encoding");
            default -> false;
        };
    }

    /**
     * The options that one {@code Connection} field lists.
     *
     * @return in lower case, without the empty ones
     */
    public static List<String> options(String value) {
        if (Ascii.equalsIgnoreCase(value, "keep-alive")) {
            return KEEP_ALIVE;
        }
        if (Ascii.equalsIgnoreCase(value, "close")) {
            return CLOSE;
        }
        List<String> options = new ArrayList<>();
        for (int start = 0; start <= value.length(); ) {
            int comma = value.indexOf(',', start);
            int end = comma < 0 ? value.length() : comma;
            String option = trim(value, start, end);
            if (!option.isEmpty()) {
                options.add(Ascii.toLowerCase(option));
            }
            start = end + 1;
        }
        return options;
    }

    /** What all {@code Connection} fields of a message list; as {@link #options(String)}. */
    public static List<String> options(List<String> values) {
        if (values.size() == 1) {
            return options(values.get(0)); // as nearly always
        }
        List<String> options = new ArrayList<>();
        for (String value : values) {
            options.addAll(options(value));
        }
        return options;
    }

    /**
     * Whether {@code Connection} may name this field. Taking out one of these would change where the request goes or
     * where it ends, between this proxy and the application; such a request is answered 400.
     *
     * @param option in lower case
     */
    public static boolean mayBeNamed(String option) {
        return switch (option) {
            case "host", "content-length", "transfer-encoding" -> false;
            default -> true;
        };
    }

    private static String trim(String value, int start, int end) {
        int first = start;
        int last = end;
        while (first < last && isSpace(value.charAt(first))) {
            first++;
        }
        while (last > first && isSpace(value.charAt(last - 1))) {
            last--;
        }
        return value.substring(first, last);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
