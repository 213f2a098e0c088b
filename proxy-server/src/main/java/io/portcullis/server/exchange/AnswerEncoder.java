package io.portcullis.server.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.portcullis.server.http1.ChunkLine;
import io.portcullis.server.http1.FieldLines;
import io.portcullis.server.http1.Statuses;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encodes answers to an HTTP/1 client. It is told which exchange it encodes for, because an answer to HEAD has the
 * head of an answer with a body, and none (RFC 9112 section 6.3).
 *
 * <p>A head waits for the first part of its body or for a flush, so that a small answer is one buffer and one write;
 * large parts are never copied.
 *
 * <p>Owned by the connection's event loop.
 */
public final class AnswerEncoder extends ChannelOutboundHandlerAdapter {

    /** A part of a body up to this size is copied behind what goes before it; beyond it, a write of two costs less. */
    static final int SMALL_PART = 2 * 1024;

    private static final int CRLF = '\r' << 8 | '\n';

    /** A chunk's size, its line end, and the chunk's own. */
    private static final int MAX_CHUNK_FRAME = 8 + 2 + 2;

    /** More than the end of a chunked body without trailers. */
    private static final int CHUNKED_END = 8;

    private static final ByteBuf LINE_END = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(2).writeShort(CRLF).asReadOnly());

    private enum Body {
        NONE,
        PLAIN,
        CHUNKED
    }

    private Body body = Body.NONE;
    private boolean answersHead;
    private @Nullable HttpResponse held;

    void answersHead(boolean head) {
        answersHead = head;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse head) {
            writeHeld(ctx, ctx.voidPromise());
            begin(head);
            if (!(message instanceof HttpContent) && !promise.isVoid()) {
                writeHeld(ctx, promise);
            }
        }
        if (message instanceof HttpContent part) {
            writePart(ctx, part, promise);
        } else if (!(message instanceof HttpResponse)) {
            writeHeld(ctx, ctx.voidPromise());
            ctx.write(message, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        writeHeld(ctx, ctx.voidPromise());
        ctx.flush();
    }

    /** The connection has become a tunnel, or is closed. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            writeHeld(ctx, ctx.voidPromise());
        }
    }

    // Heads

    private void begin(HttpResponse head) {
        HttpHeaders headers = head.headers();
        int code = head.status().code();
        if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL || code == 204) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH); // RFC 9110 section 8.6
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING); // RFC 9112 section 6.1
            body = Body.NONE;
        } else if (code == 205) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING); // RFC 9110 section 15.3.6
            headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
            body = Body.NONE;
        } else if (answersHead || code == 304) {
            body = Body.NONE;
        } else {
            body = headers.contains(HttpHeaderNames.TRANSFER_ENCODING) ? Body.CHUNKED : Body.PLAIN;
        }
        held = head;
    }

    private void writeHeld(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (held != null) {
            ctx.write(withHead(ctx, 0), promise);
        }
    }

    /** A buffer that begins with the head, where one is held, and has room for so many octets more. */
    private ByteBuf withHead(ChannelHandlerContext ctx, int more) {
        HttpResponse head = held;
        if (head == null) {
            return ctx.alloc().buffer(more);
        }
        held = null;
        int lineLength = Statuses.lineLength(head.status());
        if (head.headers() instanceof FieldLines lines) {
            ByteBuf out = ctx.alloc().buffer(lineLength + lines.encodedLength() + 2 + more);
            Statuses.writeLine(head.status(), out);
            lines.encode(out);
            return out.writeShort(CRLF);
        }
        ByteBuf out = ctx.alloc().buffer(lineLength + 256 + more);
        Statuses.writeLine(head.status(), out);
        writeFields(head.headers(), out);
        return out.writeShort(CRLF);
    }

    private static void writeFields(HttpHeaders fields, ByteBuf out) {
        Iterator<Map.Entry<CharSequence, CharSequence>> each = fields.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = each.next();
            ByteBufUtil.writeAscii(out, field.getKey());
            out.writeShort(':' << 8 | ' ');
            ByteBufUtil.writeAscii(out, field.getValue());
            out.writeShort(CRLF);
        }
    }

    // Bodies

    private void writePart(ChannelHandlerContext ctx, HttpContent part, ChannelPromise promise) {
        boolean last = part instanceof LastHttpContent;
        switch (body) {
            case NONE -> {
                part.release();
                writeOrComplete(ctx, Unpooled.EMPTY_BUFFER, promise);
            }
            case PLAIN -> writePlain(ctx, part.content(), promise);
            case CHUNKED -> writeChunk(ctx, part, promise);
        }
        if (last) {
            body = Body.NONE;
        }
    }

    private void writePlain(ChannelHandlerContext ctx, ByteBuf content, ChannelPromise promise) {
        int length = content.readableBytes();
        if (held == null || length > SMALL_PART) {
            writeOrComplete(ctx, content, promise);
            return;
        }
        ByteBuf out = withHead(ctx, length, content).writeBytes(content);
        content.release();
        ctx.write(out, promise);
    }

    /** The same where a part follows, which goes with the exchange if there is no memory for the head. */
    private ByteBuf withHead(ChannelHandlerContext ctx, int more, ByteBuf part) {
        try {
            return withHead(ctx, more);
        } catch (OutOfMemoryError e) {
            part.release();
            throw e;
        }
    }

    /** Writes the head, where one is held, and octets behind it, which may be none. */
    private void writeOrComplete(ChannelHandlerContext ctx, ByteBuf octets, ChannelPromise promise) {
        if (!octets.isReadable() && (held != null || promise.isVoid())) {
            octets.release();
            writeHeld(ctx, promise);
            return;
        }
        if (held != null) {
            ctx.write(withHead(ctx, 0, octets), ctx.voidPromise());
        }
        ctx.write(octets, promise);
    }

    private void writeChunk(ChannelHandlerContext ctx, HttpContent part, ChannelPromise promise) {
        ByteBuf content = part.content();
        HttpHeaders trailers = part instanceof LastHttpContent last ? last.trailingHeaders() : null;
        int length = content.readableBytes();
        if (length > SMALL_PART) {
            ctx.write(ChunkLine.write(withHead(ctx, MAX_CHUNK_FRAME, content), length), ctx.voidPromise());
            ctx.write(content, ctx.voidPromise());
            ctx.write(trailers == null ? LINE_END.duplicate() : end(ctx, trailers), promise);
            return;
        }
        if (length == 0 && trailers == null) {
            writeOrComplete(ctx, content, promise); // a chunk of no octets would be the last one
            return;
        }
        ByteBuf out = withHead(ctx, MAX_CHUNK_FRAME + length + CHUNKED_END, content);
        if (length > 0) {
            ChunkLine.write(out, length).writeBytes(content).writeShort(CRLF);
        }
        content.release();
        ctx.write(trailers == null ? out : writeEnd(out, trailers), promise);
    }

    private static ByteBuf end(ChannelHandlerContext ctx, HttpHeaders trailers) {
        return writeEnd(ctx.alloc().buffer(2 + CHUNKED_END).writeShort(CRLF), trailers);
    }

    private static ByteBuf writeEnd(ByteBuf out, HttpHeaders trailers) {
        out.writeByte('0').writeShort(CRLF);
        if (trailers instanceof FieldLines lines) {
            lines.encode(out);
        } else {
            writeFields(trailers, out);
        }
        return out.writeShort(CRLF);
    }
}
