package io.portcullis.server.http1;

import io.netty.handler.codec.http.HttpHeaderNames;

/** What a head says of its body's length in {@code Content-Length} (RFC 9110 section 8.6). */
public final class ContentLength {

    /** Nothing is said. */
    public static final long NONE = -1;

    private static final int MAX_DIGITS = 18;

    private ContentLength() {}

    /** In octets, or {@link #NONE}. */
    public static long of(FieldLines fields) throws MalformedMessage {
        int line = fields.find(HttpHeaderNames.CONTENT_LENGTH, 0);
        if (line == StoredLines.NONE) {
            return NONE;
        }
        if (fields.find(HttpHeaderNames.CONTENT_LENGTH, line + StoredLines.WIDTH) != StoredLines.NONE) {
            // Equal values could be taken for one; no honest sender sends two.
            throw MalformedMessage.rule("more than one Content-Length");
        }
        int digits = fields.valueLength(line);
        if (digits == 0 || digits > MAX_DIGITS) {
            throw MalformedMessage.rule("malformed Content-Length");
        }
        long length = 0;
        for (int i = 0; i < digits; i++) {
            int digit = fields.valueOctet(line, i) - '0';
            if (digit < 0 || digit > 9) {
                throw MalformedMessage.rule("malformed Content-Length");
            }
            length = length * 10 + digit;
        }
        return length;
    }
}
