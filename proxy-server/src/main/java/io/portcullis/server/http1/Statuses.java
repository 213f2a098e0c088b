package io.portcullis.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * The status codes and reason phrases that answers usually have, as octets, so that most status lines are recognised and
 * written without a character being decoded.
 *
 * <p>Any thread may use it.
 */
public final class Statuses {

    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(ISO_8859_1);
    private static final int LEAST = 100;
    private static final int END = 600;
    private static final int CODE_DIGITS = 3;

    /**
     * Each is made when its code is first met, for the first request has better to do than to wait for all five hundred.
     * Two threads may both make one, and either is as good; what is in it is final, so no thread sees half of it.
     */
    private static final @Nullable Usual[] USUAL = new Usual[END - LEAST];

    private static final class Usual {
        private final HttpResponseStatus status;
        private final byte[] line;

        Usual(HttpResponseStatus status) {
            this.status = status;
            this.line = ("HTTP/1.1 " + status + "\r\n").getBytes(ISO_8859_1);
        }

        /** Whether code and reason stand there. */
        boolean stands(byte[] octets, int start, int end) {
            int length = end - start;
            if (length != line.length - VERSION.length - 2) {
                return false;
            }
            for (int i = CODE_DIGITS; i < length; i++) {
                if (octets[start + i] != line[VERSION.length + i]) {
                    return false;
                }
            }
            return true;
        }
    }

    private Statuses() {}

    private static @Nullable Usual usual(int code) {
        if (code < LEAST || code >= END) {
            return null;
        }
        Usual usual = USUAL[code - LEAST];
        if (usual == null) {
            usual = new Usual(HttpResponseStatus.valueOf(code));
            USUAL[code - LEAST] = usual;
        }
        return usual;
    }

    /**
     * Reads {@code 3DIGIT [SP [reason-phrase]]}: RFC 9112 section 4 wants the space even where there is no reason, and
     * many an application leaves it out.
     */
    public static HttpResponseStatus parse(byte[] octets, int start, int end) throws MalformedMessage {
        int code = 0;
        for (int i = start; i < start + CODE_DIGITS; i++) {
            int digit = i < end ? octets[i] - '0' : -1;
            if (digit < 0 || digit > 9) {
                throw MalformedMessage.rule("malformed status code");
            }
            code = code * 10 + digit;
        }
        if (code < LEAST) {
            throw MalformedMessage.rule("malformed status code"); // RFC 9110 section 15: of no class
        }
        Usual usual = usual(code);
        if (usual != null && usual.stands(octets, start, end)) {
            return usual.status;
        }
        int reason = start + CODE_DIGITS;
        if (reason < end && octets[reason] != ' ') {
            throw MalformedMessage.rule("malformed status code");
        }
        for (int i = reason; i < end; i++) {
            if (!FieldLineParser.isValueByte(octets[i])) {
                throw MalformedMessage.rule("control character in the reason phrase");
            }
        }
        String text = new String(octets, reason, end - reason, ISO_8859_1).strip();
        return HttpResponseStatus.valueOf(code, text);
    }

    /** The most octets that {@link #writeLine} writes. */
    public static int lineLength(HttpResponseStatus status) {
        return VERSION.length + CODE_DIGITS + 1 + status.reasonPhrase().length() + 2;
    }

    /** Writes the status line of HTTP/1.1 and the CRLF at its end. */
    public static void writeLine(HttpResponseStatus status, ByteBuf out) {
        Usual usual = usual(status.code());
        if (usual != null && usual.status.reasonPhrase().equals(status.reasonPhrase())) {
            out.writeBytes(usual.line);
            return;
        }
        out.writeBytes(VERSION);
        out.writeBytes((status.code() + " " + status.reasonPhrase()).getBytes(ISO_8859_1));
        out.writeByte('\r').writeByte('\n');
    }
}
