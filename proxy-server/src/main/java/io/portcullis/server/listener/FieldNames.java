package io.portcullis.server.listener;

import io.netty.util.AsciiString;

/**
 * The header field names that browsers and tools send most, kept so that a request's names cost no allocation and
 * their hash codes no computation. A name keeps the letter case in which it came: applications may look.
 *
 * <p>Immutable after class initialisation; any thread may read.
 */
final class FieldNames {

    private static final int SLOTS = 512;
    private static final AsciiString[] TABLE = new AsciiString[SLOTS];

    static {
        String[] common = {
            "Host",
            "User-Agent",
            "Accept",
            "Accept-Encoding",
            "Accept-Language",
            "Connection",
            "Cookie",
            "Referer",
            "Origin",
            "Content-Type",
            "Content-Length",
            "Transfer-Encoding",
            "Authorization",
            "Cache-Control",
            "Pragma",
            "If-None-Match",
            "If-Modified-Since",
            "If-Range",
            "Range",
            "Upgrade",
            "Upgrade-Insecure-Requests",
            "DNT",
            "Expect",
            "TE",
            "Trailer",
            "Via",
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "X-Forwarded-Host",
            "X-Forwarded-Port",
            "X-Real-IP",
            "X-Request-Id",
            "X-Requested-With",
            "Sec-Fetch-Dest",
            "Sec-Fetch-Mode",
            "Sec-Fetch-Site",
            "Sec-Fetch-User",
            "Sec-CH-UA",
            "Sec-CH-UA-Mobile",
            "Sec-CH-UA-Platform",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Extensions",
            "Sec-WebSocket-Protocol",
            "Keep-Alive",
            "Priority",
            "CF-Connecting-IP"
        };
        for (String name : common) {
            put(new AsciiString(name));
            put(new AsciiString(name).toLowerCase());
        }
    }

    private FieldNames() {}

    /** The name that stands in these octets: a kept one where it is common, else a copy. */
    static AsciiString of(byte[] bytes, int start, int end) {
        int length = end - start;
        AsciiString kept = TABLE[slot(bytes, start, length)];
        if (kept != null && kept.length() == length && matches(kept, bytes, start)) {
            return kept;
        }
        return new AsciiString(bytes, start, length, true);
    }

    private static boolean matches(AsciiString kept, byte[] bytes, int start) {
        for (int i = 0; i < kept.length(); i++) {
            if (kept.byteAt(i) != bytes[start + i]) {
                return false;
            }
        }
        return true;
    }

    /** On a collision the first stays; the other is merely copied each time. */
    private static void put(AsciiString name) {
        int slot = slot(name.array(), name.arrayOffset(), name.length());
        if (TABLE[slot] == null) {
            TABLE[slot] = name;
        }
    }

    private static int slot(byte[] bytes, int start, int length) {
        int first = bytes[start];
        int middle = bytes[start + (length >> 1)];
        int last = bytes[start + length - 1];
        int hash = ((first * 31 + middle) * 31 + last) * 31 + length;
        return (hash ^ hash >>> 7) & (SLOTS - 1);
    }
}
