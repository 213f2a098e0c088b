package io.portcullis.server.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.portcullis.server.http1.BodyDecoder;
import io.portcullis.server.http1.ConnectionOptions;
import io.portcullis.server.http1.ContentLength;
import io.portcullis.server.http1.FieldLineParser;
import io.portcullis.server.http1.FieldLines;
import io.portcullis.server.http1.MalformedMessage;
import io.portcullis.server.http1.SectionScanner;
import io.portcullis.server.http1.Sender;
import io.portcullis.server.http1.Statuses;
import org.jspecify.annotations.Nullable;

/**
 * Decodes an endpoint's answers, strictly by RFC 9112: an answer that its reader and we would end at different octets
 * makes the rest of it the next visitor's answer.
 *
 * <p>There is one exchange at a time on a connection, so what an answer belongs to is simply told; nothing is kept in a
 * queue that an unexpected interim answer could put out of step (CVE-2026-42584). What follows an answer is never
 * decoded before the next is expected.
 *
 * <p>Owned by the connection's event loop.
 */
final class AnswerDecoder {

    /** What hears what has been decoded, in order. It may {@link #discard} the rest at any time. */
    interface Sink {
        /** A head: any number of interim ones, which have no body, and then the final one. */
        void head(HttpResponse head);

        /** A part of the final answer's body, the last one being a {@link LastHttpContent}; to be released. */
        void content(HttpContent part);

        /** It is no valid answer; nothing more is decoded. */
        void malformed(boolean inBody, String reason);
    }

    /** An application's cookies and policies can be long; a whole page in the head is a fault. */
    private static final int MAX_HEAD = 64 * 1024;

    private static final int MAX_LINE = 8 * 1024;

    /** Octets behind a head for what is added for the client, so that it needs no other array. */
    private static final int ROOM_TO_ADD = 64;

    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(ISO_8859_1);
    private static final int MINOR = VERSION.length - 2;

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final int SWITCHING_PROTOCOLS = 101;

    private enum State {
        HEAD,
        BODY,
        /** The answer is whole; what comes now was not asked for, or is a tunnel's. */
        ENDED,
        /** It makes no sense, or nobody wants it: whatever comes is thrown away. */
        DISCARDING
    }

    private final Sink sink;
    private final SectionScanner sections = new SectionScanner(MAX_LINE, MAX_LINE + MAX_HEAD);
    private final BodyDecoder body = new BodyDecoder(Sender.ENDPOINT, MAX_HEAD, Integer.MAX_VALUE, 0);

    private State state = State.ENDED;
    private @Nullable ByteBuf pending;
    private boolean decoding;
    private boolean toHead;
    private boolean heard;
    private boolean persists;

    AnswerDecoder(Sink sink) {
        this.sink = sink;
    }

    /**
     * The next answer is expected.
     *
     * @param answersHead whether it is to HEAD, and has no body (RFC 9112 section 6.3)
     */
    void expectAnswer(boolean answersHead) {
        toHead = answersHead;
        heard = false;
        persists = false;
        state = State.HEAD;
    }

    /** Whether any octet has come since {@link #expectAnswer}. */
    boolean hasHeard() {
        return heard;
    }

    /** Whether the endpoint leaves the connection open after the answer (RFC 9112 section 9.3), which is whole. */
    boolean isEndedAndPersists() {
        return state == State.ENDED && persists;
    }

    /** Whether octets have come that nobody asked for, behind an answer's end. */
    boolean hasSurplus() {
        ByteBuf kept = pending;
        return kept != null && kept.isReadable();
    }

    /** Decodes what has come, and releases it. */
    void decode(ByteBuf received, ByteBufAllocator allocator) {
        heard = true;
        if (state == State.DISCARDING) {
            received.release();
            return;
        }
        ByteBuf kept = pending;
        pending = kept == null ? received : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, kept, received);
        decodePending();
    }

    /** The connection has been closed; an answer of unknown length ends with it. */
    void inputEnded() {
        if (state == State.BODY && body.endsByClosing()) {
            state = State.ENDED;
            sink.content(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    /** Nothing more is wanted. */
    void discard() {
        state = State.DISCARDING;
        if (!decoding) {
            ByteBuf rest = pending;
            pending = null;
            if (rest != null) {
                rest.release();
            }
        }
    }

    /** What came behind the answer, for the tunnel that the connection has become; null where nothing did. */
    @Nullable
    ByteBuf takeRest() {
        ByteBuf rest = pending;
        pending = null;
        state = State.DISCARDING;
        return rest;
    }

    private void decodePending() {
        if (decoding) {
            return;
        }
        decoding = true;
        boolean inBody = state == State.BODY;
        try {
            for (ByteBuf in = pending; in != null && in.isReadable(); in = pending) {
                inBody = state == State.BODY;
                if (!(inBody ? decodeBody(in) : state == State.HEAD && decodeHead(in))) {
                    break;
                }
            }
        } catch (MalformedMessage malformed) {
            state = State.DISCARDING;
            sink.malformed(inBody, malformed.getMessage());
        } finally {
            decoding = false;
            ByteBuf in = pending;
            if (in != null && (!in.isReadable() || state == State.DISCARDING)) {
                pending = null;
                in.release();
            }
        }
    }

    private boolean decodeHead(ByteBuf in) throws MalformedMessage {
        int length = sections.length(in);
        if (length == SectionScanner.INCOMPLETE) {
            checkBeginning(in);
            return false;
        }
        byte[] octets = new byte[length + ROOM_TO_ADD];
        in.readBytes(octets, 0, length);
        boolean http11 = isHttp11(octets);
        int lineEnd = SectionScanner.firstLineEnd(octets);
        int code = VERSION.length;
        while (code < lineEnd && octets[code] == ' ') {
            code++;
        }
        HttpResponseStatus status = Statuses.parse(octets, code, lineEnd);
        FieldLines fields = FieldLineParser.parse(octets, lineEnd + 2, length - 2, Integer.MAX_VALUE, Sender.ENDPOINT);
        announce(http11, status, fields);
        return true;
    }

    /** What speaks another protocol is told from a slow answer by its first octets. */
    private static void checkBeginning(ByteBuf in) throws MalformedMessage {
        int length = Math.min(in.readableBytes(), MINOR);
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != VERSION[i]) {
                throw malformedStart();
            }
        }
    }

    private static MalformedMessage malformedStart() {
        return MalformedMessage.rule("malformed status line (expected: HTTP/1.0 or HTTP/1.1)");
    }

    private static boolean isHttp11(byte[] octets) throws MalformedMessage {
        for (int i = 0; i < MINOR; i++) {
            if (octets[i] != VERSION[i]) {
                throw malformedStart();
            }
        }
        boolean http11 = octets[MINOR] == '1';
        if (octets[MINOR + 1] != ' ' || !(http11 || octets[MINOR] == '0')) {
            throw malformedStart();
        }
        return http11;
    }

    private void announce(boolean http11, HttpResponseStatus status, FieldLines fields) throws MalformedMessage {
        int code = status.code();
        boolean interim = code >= 100 && code < 200 && code != SWITCHING_PROTOCOLS;
        boolean bodyless = toHead || code < 200 || code == NO_CONTENT || code == NOT_MODIFIED;
        long length = bodyLength(http11, fields, bodyless);
        if (!interim) {
            persists = length != BodyDecoder.UNTIL_CLOSE
                    && ConnectionOptions.persist(ConnectionOptions.of(fields), !http11);
            body.begin(length);
            state = State.BODY; // not ended before the head has been taken: one that is refused ends its connection
        }
        sink.head(new DefaultHttpResponse(http11 ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_1_0, status, fields));
        if (state == State.BODY && body.isEnded()) {
            state = State.ENDED;
            sink.content(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    /** RFC 9112 section 6.3. */
    private static long bodyLength(boolean http11, FieldLines fields, boolean bodyless) throws MalformedMessage {
        long length = ContentLength.of(fields);
        boolean coded = fields.contains(HttpHeaderNames.TRANSFER_ENCODING);
        if (coded) {
            if (fields.count(HttpHeaderNames.TRANSFER_ENCODING) > 1
                    || !"chunked".equalsIgnoreCase(fields.get(HttpHeaderNames.TRANSFER_ENCODING))) {
                throw MalformedMessage.rule("transfer coding not supported (expected: chunked)");
            }
            if (bodyless) {
                fields.remove(HttpHeaderNames.TRANSFER_ENCODING); // it tells what a body would have been sent in
            } else if (length != ContentLength.NONE || !http11) {
                // Section 6.1: a message with both is an attempt at smuggling; HTTP/1.0 knows no transfer codings.
                throw MalformedMessage.rule("ambiguous message length");
            }
        }
        if (bodyless) {
            return 0;
        }
        if (coded) {
            return BodyDecoder.CHUNKED;
        }
        return length == ContentLength.NONE ? BodyDecoder.UNTIL_CLOSE : length;
    }

    private boolean decodeBody(ByteBuf in) throws MalformedMessage {
        HttpContent part = body.next(in);
        if (part == null) {
            return false;
        }
        if (body.isHandedOver()) {
            pending = null; // the part has it now
        }
        if (part instanceof LastHttpContent last) {
            state = State.ENDED;
            cleanTrailers(last);
        }
        sink.content(part);
        return true;
    }

    /** What frames a message cannot be said at its end (RFC 9110 section 6.5.1); who merges it would believe it. */
    private static void cleanTrailers(LastHttpContent last) {
        if (!last.trailingHeaders().isEmpty()) {
            last.trailingHeaders()
                    .remove(HttpHeaderNames.CONTENT_LENGTH)
                    .remove(HttpHeaderNames.TRANSFER_ENCODING)
                    .remove(HttpHeaderNames.TRAILER);
        }
    }
}
