package io.portcullis.server.listener.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Tells the {@link FrameBudget} of the answers that go out, and of the resets that the client has made us send: who
 * provokes them gets rid of his streams as fast as who sends them (CVE-2025-8671).
 *
 * <p>Owned by the connection's event loop.
 */
final class WatchedFrameWriter extends DecoratingHttp2FrameWriter {

    private final FrameBudget budget;

    WatchedFrameWriter(Http2FrameWriter writer, FrameBudget budget) {
        super(writer);
        this.budget = budget;
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        budget.earnHead();
        return super.writeHeaders(ctx, streamId, headers, padding, endStream, promise);
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx,
            int streamId,
            ByteBuf data,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        budget.earnData(data.readableBytes());
        return super.writeData(ctx, streamId, data, padding, endStream, promise);
    }

    @Override
    public ChannelFuture writeRstStream(
            ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
        if (isOfClient(errorCode)) {
            budget.spend();
        }
        return super.writeRstStream(ctx, streamId, errorCode, promise);
    }

    /** We cancel, and end early, for reasons of our own or of the application's. */
    private static boolean isOfClient(long errorCode) {
        return errorCode != Http2Error.NO_ERROR.code()
                && errorCode != Http2Error.CANCEL.code()
                && errorCode != Http2Error.INTERNAL_ERROR.code();
    }
}
