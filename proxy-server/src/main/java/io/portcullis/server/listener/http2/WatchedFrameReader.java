package io.portcullis.server.listener.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Sees each frame that comes before Netty's connection does, which drops many without a word, and ends the connection
 * when its {@link FrameBudget} is spent.
 *
 * <p>CONTINUATION frames are not seen here: they belong to a section, whose parts the frame reader counts and bounds.
 *
 * <p>Owned by the connection's event loop.
 */
final class WatchedFrameReader implements Http2FrameReader, Http2FrameListener {

    private final Http2FrameReader reader;
    private final FrameBudget budget;
    private Http2FrameListener listener;

    WatchedFrameReader(Http2FrameReader reader, FrameBudget budget) {
        this.reader = reader;
        this.budget = budget;
        this.listener = this; // until the first frame says whose it is
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener next) throws Http2Exception {
        listener = next;
        reader.readFrame(ctx, input, this);
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }

    private void spend() throws Http2Exception {
        budget.spend();
        check();
    }

    /** Also where nothing is spent: resets that we had to send have been, and can't throw where they are written. */
    private void check() throws Http2Exception {
        if (budget.isOverdrawn()) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many frames that carry nothing");
        }
    }

    // What carries something

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
            throws Http2Exception {
        if (data.isReadable() || endOfStream) {
            check();
        } else {
            spend();
        }
        return listener.onDataRead(ctx, streamId, data, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        check();
        listener.onHeadersRead(ctx, streamId, headers, padding, endOfStream);
    }

    /** Priorities in a head are read over: RFC 9113 section 5.3.2 has them deprecated, and Netty's tree costs memory. */
    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        check();
        if (streamDependency == streamId) {
            throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "stream depends on itself");
        }
        listener.onHeadersRead(ctx, streamId, headers, padding, endOfStream);
    }

    // What carries nothing

    @Override
    public void onPriorityRead(
            ChannelHandlerContext ctx, int streamId, int streamDependency, short weight, boolean exclusive)
            throws Http2Exception {
        spend();
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
        spend();
        listener.onRstStreamRead(ctx, streamId, errorCode);
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
        spend();
        listener.onSettingsAckRead(ctx);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        spend();
        listener.onSettingsRead(ctx, settings);
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        spend();
        listener.onPingRead(ctx, data);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        spend();
        listener.onPingAckRead(ctx, data);
    }

    @Override
    public void onPushPromiseRead(
            ChannelHandlerContext ctx, int streamId, int promisedStreamId, Http2Headers headers, int padding)
            throws Http2Exception {
        listener.onPushPromiseRead(ctx, streamId, promisedStreamId, headers, padding);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData)
            throws Http2Exception {
        spend();
        listener.onGoAwayRead(ctx, lastStreamId, errorCode, debugData);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int windowSizeIncrement)
            throws Http2Exception {
        spend();
        listener.onWindowUpdateRead(ctx, streamId, windowSizeIncrement);
    }

    /** RFC 9113 section 4.1: ignored, and discarded. */
    @Override
    public void onUnknownFrame(
            ChannelHandlerContext ctx, byte frameType, int streamId, Http2Flags flags, ByteBuf payload)
            throws Http2Exception {
        spend();
    }
}
