package io.portcullis.server.http2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/**
 * Writes one message to a stream: its head as HEADERS, its body as DATA, its trailers as HEADERS.
 *
 * <p>A head is held until the next part or flush, so that a message without a body is one HEADERS frame that ends the
 * stream: it costs one frame less, and an answer of gRPC that has failed at once must look so (Trailers-Only).
 *
 * <p>Owned by the stream's event loop.
 */
public final class Http2MessageWriter {

    private @Nullable Http2Headers held;
    private @Nullable ChannelPromise heldPromise;
    private boolean ended;

    /** Whether the end of the stream has been written. */
    public boolean isEnded() {
        return ended;
    }

    /** An answer before the final one (RFC 9110 section 15.2); goes out at once, and another head follows. */
    public void interim(ChannelHandlerContext ctx, Http2Headers head, ChannelPromise promise) {
        ctx.write(new DefaultHttp2HeadersFrame(head, false), promise);
    }

    /** The message's head. Parts follow, the last of them a {@link LastHttpContent}. */
    public void head(Http2Headers head, ChannelPromise promise) {
        held = head;
        heldPromise = promise;
    }

    /** A part of the body, which is taken over. */
    public void content(ChannelHandlerContext ctx, HttpContent part, ChannelPromise promise) {
        if (!(part instanceof LastHttpContent last)) {
            if (!part.content().isReadable()) {
                part.release();
                promise.setSuccess(); // an empty DATA frame says nothing
                return;
            }
            writeHeld(ctx);
            ctx.write(new DefaultHttp2DataFrame(part.content(), false), promise);
            return;
        }
        ended = true;
        HttpHeaders trailers = last.trailingHeaders();
        boolean hasTrailers = !trailers.isEmpty();
        boolean hasData = last.content().isReadable();
        if (hasData) {
            writeHeld(ctx);
            ctx.write(
                    new DefaultHttp2DataFrame(last.content(), !hasTrailers), hasTrailers ? ctx.newPromise() : promise);
        } else {
            last.release();
        }
        if (hasTrailers) {
            writeHeld(ctx);
            ctx.write(new DefaultHttp2HeadersFrame(Http2Sections.ofTrailers(trailers), true), promise);
        } else if (!hasData) {
            end(ctx, promise);
        }
    }

    /** Ends the stream after what has been written. */
    private void end(ChannelHandlerContext ctx, ChannelPromise promise) {
        Http2Headers head = held;
        if (head == null) {
            ctx.write(new DefaultHttp2DataFrame(true), promise);
        } else {
            takePromise(ctx).trySuccess(); // whoever wants to know when all is written, asks the last part
            ctx.write(new DefaultHttp2HeadersFrame(head, true), promise);
        }
    }

    /** To be called before the stream is flushed. */
    public void flushHeld(ChannelHandlerContext ctx) {
        writeHeld(ctx);
    }

    private void writeHeld(ChannelHandlerContext ctx) {
        Http2Headers head = held;
        if (head != null) {
            ctx.write(new DefaultHttp2HeadersFrame(head, false), takePromise(ctx));
        }
    }

    private ChannelPromise takePromise(ChannelHandlerContext ctx) {
        ChannelPromise promise = heldPromise;
        held = null;
        heldPromise = null;
        return promise == null ? ctx.newPromise() : promise;
    }
}
