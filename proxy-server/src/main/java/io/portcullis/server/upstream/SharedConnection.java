package io.portcullis.server.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection to an endpoint, which the exchanges of one event loop share.
 *
 * <p>It is used from the endpoint's first SETTINGS on: only then is it known that HTTP/2 is spoken there, and how many
 * streams it takes. Owned by its event loop.
 */
final class SharedConnection extends ChannelInboundHandlerAdapter {

    /** How many exchanges share a connection at most, whatever the endpoint would take. */
    static final int MAX_STREAMS = 128;

    /** What an endpoint may send of one answer before the client has taken any of it. */
    static final int STREAM_WINDOW = 256 * 1024;

    /** An application's cookies and policies can be long; a whole page in the head is a fault. */
    private static final int MAX_HEADER_LIST = 64 * 1024;

    /** Above what an endpoint has reason for; below it, each costs less than the request that it answers. */
    private static final int MAX_RESETS = 20_000;

    private static final int RESETS_WINDOW_SECONDS = 10;
    private static final int MAX_EMPTY_FRAMES = 16;
    private static final int MAX_CONTROL_FRAMES = 10_000;

    /** Ids are never used again, and end at 2^30 streams. */
    private static final int LAST_STREAM = 1 << 29;

    /** Who has said nothing at all for so long, though asked, is perhaps no longer there. */
    static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final SharedConnections owner;
    private final Channel channel;
    private final Http2FrameCodec codec;
    private final Http2StreamChannelBootstrap streamOpener;
    private final AsciiString scheme;
    private final long until;

    private int maxStreams;
    private long maxHeaderList = Long.MAX_VALUE;
    private int streams;
    private int carried;
    private boolean ready;
    private boolean goingAway;
    /** Whether it may be gone without a word; until something is heard again, new exchanges take another. */
    private boolean silent;

    private boolean timedOut;
    private boolean gone;
    /** Whether it is counted as one that waits for exchanges. */
    private boolean idle;

    private long heard;
    private long idleSince;
    private @Nullable String reason;

    private SharedConnection(SharedConnections owner, Channel channel, AsciiString scheme, long until) {
        this.owner = owner;
        this.channel = channel;
        this.scheme = scheme;
        this.until = until;
        this.codec = codec();
        this.streamOpener = new Http2StreamChannelBootstrap(channel);
    }

    /**
     * Makes one of a channel that is connected.
     *
     * @param until when the endpoint has to have begun
     */
    static SharedConnection on(Channel channel, SharedConnections owner, AsciiString scheme, long until) {
        SharedConnection connection = new SharedConnection(owner, channel, scheme, until);
        channel.pipeline()
                .addLast("codec", connection.codec)
                .addLast("streams", new Http2MultiplexHandler(new NoPush()))
                .addLast("shared", connection);
        return connection;
    }

    private static Http2FrameCodec codec() {
        Http2Settings settings = new Http2Settings()
                .pushEnabled(false)
                .initialWindowSize(STREAM_WINDOW)
                .maxHeaderListSize(MAX_HEADER_LIST);
        return Http2FrameCodecBuilder.forClient()
                .initialSettings(settings)
                .validateHeaders(true)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_FRAMES)
                .decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESETS_WINDOW_SECONDS)
                .encoderEnforceMaxQueuedControlFrames(MAX_CONTROL_FRAMES)
                .encoderEnforceMaxRstFramesPerWindow(0, 1) // each is a client's that left
                .gracefulShutdownTimeoutMillis(0)
                .build();
    }

    /** The window of the connection has room for those of all streams, so that one that stalls takes none of another's. */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(
                new DefaultHttp2WindowUpdateFrame(MAX_STREAMS * STREAM_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE),
                ctx.newPromise());
    }

    // Streams

    boolean hasRoom() {
        return isUsable() && streams < maxStreams && carried < LAST_STREAM && channel.isActive();
    }

    /** Whether it takes exchanges, now or when others have ended. */
    boolean isUsable() {
        return ready && !goingAway && !silent;
    }

    boolean hasTimedOut() {
        return timedOut;
    }

    long now() {
        return owner.now();
    }

    int maxStreams() {
        return maxStreams;
    }

    /** The way of one more exchange; to be asked where there is room. */
    @Nullable
    EndpointStream open() {
        Future<Http2StreamChannel> opening = streamOpener.open();
        if (!opening.isSuccess()) {
            // Never on this event loop, but for a stack that is too deep: then it comes too late to be of use.
            opening.addListener(late -> {
                if (late.isSuccess()) {
                    opening.getNow().close();
                }
            });
            return null;
        }
        Http2StreamChannel stream = opening.getNow();
        stream.config().setAutoClose(false); // a write that fails must not throw away what was received
        EndpointStream opened = new EndpointStream(this, stream);
        stream.pipeline().addLast(opened);
        streams++;
        carried++;
        count();
        return opened;
    }

    /** A stream of {@link #open} is over. */
    void ended() {
        streams--;
        count();
        if (streams == 0) {
            idleSince = owner.now();
            if (goingAway || silent) {
                channel.close();
            }
        }
        owner.roomMade();
    }

    private void count() {
        boolean idleNow = ready && streams == 0 && !gone;
        if (idleNow && !idle) {
            owner.tally().idle();
        } else if (idle && !idleNow) {
            owner.tally().taken();
        }
        idle = idleNow;
    }

    AsciiString scheme() {
        return scheme;
    }

    /** Whether it is more than the endpoint has said that it takes. */
    boolean isTooLarge(Http2Headers section) {
        if (maxHeaderList == Long.MAX_VALUE) {
            return false;
        }
        long size = 0;
        for (Map.Entry<CharSequence, CharSequence> field : section) {
            size += field.getKey().length() + field.getValue().length() + 32; // RFC 9113 section 6.5.2
        }
        return size > maxHeaderList;
    }

    boolean mayBeStale() {
        return carried > 1 && !channel.isActive();
    }

    /** How much has come so far; for comparing. */
    long heard() {
        return heard;
    }

    String reasonOfEnd() {
        return reason == null ? "closed the connection" : reason;
    }

    // What the endpoint says of the connection

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Http2SettingsFrame told) {
            onSettings(told.settings());
        } else if (message instanceof Http2GoAwayFrame) {
            goingAway = true;
            closeWhereUnused();
        }
        ReferenceCountUtil.release(message);
    }

    private void onSettings(Http2Settings settings) {
        Long streamsTaken = settings.maxConcurrentStreams();
        if (streamsTaken != null) {
            maxStreams = (int) Math.min(streamsTaken, MAX_STREAMS);
        } else if (!ready) {
            maxStreams = MAX_STREAMS;
        }
        Long headerList = settings.maxHeaderListSize();
        if (headerList != null) {
            maxHeaderList = headerList;
        }
        if (!ready) {
            ready = true;
            idleSince = owner.now();
            count();
            owner.isReady(this);
        } else {
            owner.roomMade();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        heard++;
        if (silent) { // else strangers who give up quiet exchanges could use up all connections one by one
            silent = false;
            owner.roomMade();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2Exception) {
            endFor((ready ? "sent no valid HTTP/2: " : "speaks no HTTP/2: ") + cause.getMessage());
            return; // the codec says GOAWAY and closes
        }
        EndpointFaults.tell(owner.endpoint(), cause);
        endFor(String.valueOf(cause.getMessage()));
        ctx.close();
    }

    private void endFor(String why) {
        goingAway = true;
        if (reason == null) {
            reason = why;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        goingAway = true;
        gone = true;
        count();
        owner.lost(this, !ready);
    }

    // How long it is kept

    /**
     * An exchange was given up that had waited since then, and nothing at all has come meanwhile. New ones had better take
     * another connection: that an endpoint is gone without a word, nobody else would notice. It is not asked by a PING,
     * because gRPC's servers close connections that ask too often, and strangers decide how often exchanges are given up.
     */
    void wasSilentSince(long sentAt) {
        silent |= now() - sentAt >= SILENCE_NANOS;
    }

    /** Closes it where it has been idle for too long, or where the endpoint has not begun in time. */
    void sweep(long now) {
        if (!ready) {
            if (now - until > 0) {
                timedOut = true;
                endFor("sent no SETTINGS in time");
                channel.close();
            }
        } else if (streams == 0 && now - idleSince > ConnectionPool.MAX_IDLE_NANOS) {
            goingAway = true;
            channel.close();
        }
    }

    private void closeWhereUnused() {
        if (streams == 0) {
            channel.close();
        }
    }

    /** Refuses what the endpoint was told not to send; the codec has refused it before. */
    @ChannelHandler.Sharable
    private static final class NoPush extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel pushed) {
            pushed.close();
        }
    }
}
