package io.portcullis.server.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the body of an HTTP/1 message ends (RFC 9112 sections 6 and 7), and takes chunks apart. Whoever reads a
 * body's end differently than its sender takes the rest of it for the next message.
 *
 * <p>Owned by the connection's event loop.
 */
public final class BodyDecoder {

    /** The length of a body that comes in chunks. */
    public static final long CHUNKED = -1;
    /** The length of a body that ends with its connection; only an answer's may. */
    public static final long UNTIL_CLOSE = -2;

    /** RFC 9112 section 7.1.1 asks for a limit on chunk extensions; nobody uses them, attackers do (CVE-2023-39326). */
    private static final int MAX_CHUNK_LINE = 256;

    private static final int MAX_CHUNK_DIGITS = 15;

    /** The line before a chunk is copied here to be parsed: one for each event loop, never kept across events. */
    private static final FastThreadLocal<byte[]> CHUNK_LINE = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[MAX_CHUNK_LINE];
        }
    };

    private enum State {
        FIXED,
        UNTIL_CLOSE,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        ENDED
    }

    private final Sender sender;
    private final int maxFields;
    private final long maxSize;
    private final SectionScanner sections;

    private State state = State.ENDED;

    /** Octets left of the fixed body or of the current chunk. */
    private long left;

    private long chunkedTotal;
    private boolean handedOver;

    /**
     * @param maxTrailers octets of a trailer section
     * @param maxFields in a trailer section
     * @param maxSize of a body that comes in chunks, in octets; 0 for any
     */
    public BodyDecoder(Sender sender, int maxTrailers, int maxFields, long maxSize) {
        this.sender = sender;
        this.maxFields = maxFields;
        this.maxSize = maxSize;
        this.sections = new SectionScanner(Integer.MAX_VALUE, maxTrailers);
    }

    /**
     * The next octets are a body's.
     *
     * @param length in octets, or {@link #CHUNKED}, or {@link #UNTIL_CLOSE}
     */
    public void begin(long length) {
        chunkedTotal = 0;
        left = length;
        if (length == CHUNKED) {
            state = State.CHUNK_SIZE;
        } else if (length == UNTIL_CLOSE) {
            state = State.UNTIL_CLOSE;
        } else {
            state = length == 0 ? State.ENDED : State.FIXED;
        }
    }

    /** Whether the body is whole, and what follows it another message. */
    public boolean isEnded() {
        return state == State.ENDED;
    }

    /** Whether the body ends with the connection. */
    public boolean endsByClosing() {
        return state == State.UNTIL_CLOSE;
    }

    /**
     * The next part of the body, the last one being a {@link LastHttpContent}; null where more octets are needed. A part
     * may be the buffer itself: {@link #isHandedOver}.
     */
    public @Nullable HttpContent next(ByteBuf in) throws MalformedMessage {
        handedOver = false;
        while (in.isReadable()) {
            switch (state) {
                case FIXED -> {
                    return fixed(in);
                }
                case UNTIL_CLOSE -> {
                    handedOver = true;
                    return new DefaultHttpContent(in);
                }
                case CHUNK_SIZE -> {
                    if (!chunkSize(in)) {
                        return null;
                    }
                }
                case CHUNK_DATA -> {
                    return chunkData(in);
                }
                case CHUNK_END -> {
                    if (!chunkEnd(in)) {
                        return null;
                    }
                }
                case TRAILERS -> {
                    return trailers(in);
                }
                case ENDED -> {
                    return null;
                }
            }
        }
        return null;
    }

    /** Whether the part given last is the whole buffer that it was taken from, and is to be released in its place. */
    public boolean isHandedOver() {
        return handedOver;
    }

    private HttpContent fixed(ByteBuf in) {
        ByteBuf part = take(in);
        if (left > 0) {
            return new DefaultHttpContent(part);
        }
        state = State.ENDED;
        return new DefaultLastHttpContent(part, EmptyHttpHeaders.INSTANCE);
    }

    private boolean chunkSize(ByteBuf in) throws MalformedMessage {
        int length = lineLength(in);
        if (length < 0) {
            return false;
        }
        byte[] line = CHUNK_LINE.get();
        in.readBytes(line, 0, length);
        left = ChunkLine.size(line, end(line, length - 2), MAX_CHUNK_DIGITS);
        chunkedTotal += left;
        if (maxSize > 0 && chunkedTotal > maxSize) {
            throw MalformedMessage.bodyTooLarge(maxSize);
        }
        state = left > 0 ? State.CHUNK_DATA : State.TRAILERS;
        return true;
    }

    /** Old servers fill a chunk's size up with blanks, which nobody reads differently; no honest client does. */
    private int end(byte[] line, int lineEnd) {
        int end = lineEnd;
        while (sender == Sender.ENDPOINT && end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
            end--;
        }
        return end;
    }

    private HttpContent chunkData(ByteBuf in) {
        ByteBuf part = take(in);
        if (left == 0) {
            state = State.CHUNK_END;
        }
        return new DefaultHttpContent(part);
    }

    private boolean chunkEnd(ByteBuf in) throws MalformedMessage {
        int at = in.readerIndex();
        if (in.getByte(at) != '\r' || (in.readableBytes() > 1 && in.getByte(at + 1) != '\n')) {
            throw MalformedMessage.rule("chunk longer than its size");
        }
        if (in.readableBytes() < 2) {
            return false;
        }
        in.skipBytes(2);
        state = State.CHUNK_SIZE;
        return true;
    }

    private @Nullable HttpContent trailers(ByteBuf in) throws MalformedMessage {
        int length = sections.length(in);
        if (length == SectionScanner.INCOMPLETE) {
            return null;
        }
        state = State.ENDED;
        if (length == 2) {
            in.skipBytes(length);
            return LastHttpContent.EMPTY_LAST_CONTENT;
        }
        byte[] section = new byte[length];
        in.readBytes(section);
        FieldLines trailers = FieldLineParser.parse(section, 0, length - 2, maxFields, sender);
        return new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, trailers);
    }

    private ByteBuf take(ByteBuf in) {
        int readable = in.readableBytes();
        if (left >= readable) {
            left -= readable;
            handedOver = true;
            return in;
        }
        int length = (int) left;
        left = 0;
        return in.readRetainedSlice(length);
    }

    /** The length of a line with its CRLF, or -1 where that has not come yet. */
    private static int lineLength(ByteBuf in) throws MalformedMessage {
        int base = in.readerIndex();
        int found = in.indexOf(base, base + Math.min(in.readableBytes(), MAX_CHUNK_LINE), (byte) '\n');
        if (found < 0) {
            if (in.readableBytes() >= MAX_CHUNK_LINE) {
                throw MalformedMessage.rule("chunk size line too long");
            }
            return -1;
        }
        if (found == base || in.getByte(found - 1) != '\r') {
            throw MalformedMessage.rule("line feed without carriage return"); // CVE-2025-58056
        }
        return found - base + 1;
    }
}
