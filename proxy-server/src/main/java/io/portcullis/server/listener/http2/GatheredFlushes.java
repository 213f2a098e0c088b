package io.portcullis.server.listener.http2;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;

/**
 * Flushes a connection once in a turn of its event loop, whatever number of its streams has been answered in it: their
 * frames leave in one TLS record and one write. Stands between the frame codec and the streams, each of which flushes for
 * itself.
 *
 * <p>Netty gathers by itself only what is flushed while the client's own connection is read from. Answers come from the
 * endpoints' connections, several in a turn.
 *
 * <p>Owned by the connection's event loop.
 */
public final class GatheredFlushes extends ChannelDuplexHandler {

    /** As much as a TLS record takes (RFC 8446 section 5.1): it gains nothing by waiting for more, and holds memory. */
    static final int ENOUGH = 16 * 1024;

    /** Whether a stream has asked for the flush that is still to come. */
    private boolean asked;

    private boolean scheduled;
    private boolean readCompletes;
    private int octets;

    @Override
    public void write(ChannelHandlerContext ctx, Object frame, ChannelPromise promise) {
        if (frame instanceof Http2DataFrame data) {
            octets += data.content().readableBytes();
        } else if (frame instanceof Http2ResetFrame && asked) {
            flushNow(ctx); // a reset throws away what the stream's window is still to be asked for
        }
        ctx.write(frame, promise);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (readCompletes) {
            return;
        }
        asked = true;
        if (octets >= ENOUGH) {
            flushNow(ctx);
        } else if (!scheduled) {
            scheduled = true;
            ctx.executor().execute(() -> {
                scheduled = false;
                if (asked) {
                    flushNow(ctx);
                }
            });
        }
    }

    private void flushNow(ChannelHandlerContext ctx) {
        flushed();
        ctx.flush();
    }

    private void flushed() {
        asked = false;
        octets = 0;
    }

    /** The frame codec flushes after this, whoever has asked for it. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readCompletes = true;
        try {
            ctx.fireChannelReadComplete();
        } finally {
            readCompletes = false;
            flushed();
        }
    }

    /** What was flushed before the end is still sent. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (asked) {
            flushNow(ctx);
        }
        ctx.close(promise);
    }
}
