package io.portcullis.server.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.portcullis.server.http1.ChunkLine;
import io.portcullis.server.http1.FieldLines;
import io.portcullis.server.http1.Tokens;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests to a connection in HTTP/1.1, one after the other.
 *
 * <p>A head is held until the next flush, so that a small body goes out in its buffer; without a body it is one write. Of
 * a request nothing is trusted here that could end a line: fields are checked as {@link FieldLines} are made, and the
 * request line is checked as it is written.
 *
 * <p>Owned by the connection's event loop.
 */
final class RequestWriter {

    /** What is cheaper copied than written by itself. */
    private static final int SMALL = 512;

    /** A chunk's size line (RFC 9112 section 7.1), and the line end behind its octets. */
    private static final int CHUNK_FRAME = 8 + 2 + 2;

    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(US_ASCII);
    private static final int CRLF = '\r' << 8 | '\n';
    private static final ByteBuf CRLF_BUFFER = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(2).writeShort(CRLF).asReadOnly());

    private final Channel channel;
    private @Nullable ByteBuf held;
    private boolean chunked;

    RequestWriter(Channel channel) {
        this.channel = channel;
    }

    /** The head of the next request, whose parts follow; they come in chunks where it says so, else as they are. */
    void head(HttpRequest head) {
        HttpHeaders headers = head.headers();
        FieldLines fields = headers instanceof FieldLines lines ? lines : FieldLines.of(headers);
        AsciiString method = head.method().asciiName();
        String target = head.uri();
        check(method, target);
        chunked = fields.contains(HttpHeaderNames.TRANSFER_ENCODING);
        int line = method.length() + 1 + target.length() + VERSION.length;
        int room = chunked || fields.contains(HttpHeaderNames.CONTENT_LENGTH) ? SMALL : 0;
        ByteBuf out = reserve(line + fields.encodedLength() + 2 + room);
        out.writeBytes(method.array(), method.arrayOffset(), method.length());
        out.writeByte(' ');
        ByteBufUtil.writeAscii(out, target);
        out.writeBytes(VERSION);
        fields.encode(out);
        out.writeShort(CRLF);
    }

    /** Whoever can put a blank or a line end in here writes the rest of the head himself. */
    private static void check(AsciiString method, String target) {
        boolean valid = !method.isEmpty() && !target.isEmpty();
        for (int i = 0; i < method.length(); i++) {
            valid &= Tokens.isTokenByte(method.byteAt(i));
        }
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            valid &= c > ' ' && c < 0x7F;
        }
        if (!valid) {
            throw new IllegalArgumentException(
                    "request line: " + method + ' ' + target + " (expected: a token, and visible US-ASCII)");
        }
    }

    /** A part of the body, which is released. */
    void part(HttpContent part) {
        if (!chunked) {
            octets(part.content());
            return;
        }
        int length = part.content().readableBytes();
        if (length > 0) {
            chunk(part.content(), length);
        } else {
            part.release();
        }
        if (part instanceof LastHttpContent last) {
            lastChunk(last.trailingHeaders());
        }
    }

    private void octets(ByteBuf content) {
        ByteBuf before = held;
        if (before != null && content.readableBytes() <= before.writableBytes()) {
            before.writeBytes(content);
            content.release();
        } else if (content.isReadable()) {
            writeHeld();
            channel.write(content, channel.voidPromise());
        } else {
            content.release();
        }
    }

    private void chunk(ByteBuf content, int length) {
        boolean small = length <= SMALL;
        ByteBuf out;
        try {
            out = reserve(CHUNK_FRAME + (small ? length : 0));
        } catch (OutOfMemoryError e) {
            content.release();
            throw e;
        }
        ChunkLine.write(out, length);
        if (small) {
            out.writeBytes(content);
            out.writeShort(CRLF);
            content.release();
        } else {
            writeHeld();
            channel.write(content, channel.voidPromise());
            channel.write(CRLF_BUFFER.duplicate(), channel.voidPromise());
        }
    }

    private void lastChunk(HttpHeaders trailers) {
        FieldLines fields = trailers instanceof FieldLines lines ? lines : FieldLines.of(trailers);
        ByteBuf out = reserve(1 + 2 + fields.encodedLength() + 2);
        out.writeByte('0');
        out.writeShort(CRLF);
        fields.encode(out);
        out.writeShort(CRLF);
    }

    /** The held buffer where it has room for so much, else another one, after it. */
    private ByteBuf reserve(int length) {
        ByteBuf before = held;
        if (before != null && before.writableBytes() >= length) {
            return before;
        }
        writeHeld();
        ByteBuf next = channel.alloc().buffer(length);
        held = next;
        return next;
    }

    private void writeHeld() {
        ByteBuf out = held;
        held = null;
        if (out != null) {
            channel.write(out, channel.voidPromise());
        }
    }

    void flush() {
        writeHeld();
        channel.flush();
    }

    /** What is held is not written any more. */
    void discard() {
        ByteBuf out = held;
        held = null;
        if (out != null) {
            out.release();
        }
    }
}
