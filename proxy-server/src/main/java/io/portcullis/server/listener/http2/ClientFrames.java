package io.portcullis.server.listener.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.server.exchange.Http2Conversation;
import io.portcullis.server.http1.FieldLines;
import io.portcullis.server.http2.FrameCodecs;
import io.portcullis.server.http2.SectionLimits;
import java.util.function.Consumer;

/** What is told to clients of HTTP/2, and the handlers that hold them to it. */
public final class ClientFrames {

    /** Exchanges at a time; nginx's number. */
    private static final int MAX_STREAMS = 128;

    /** What a stream may send before it is taken further; Envoy's number at the edge. */
    private static final int STREAM_WINDOW = 64 * 1024;

    /** What all streams together may: Envoy's number, too. It bounds what a connection's uploads hold here. */
    private static final int CONNECTION_WINDOW = 1024 * 1024;

    /** What is held of an answer that a client does not take, before the endpoint has to wait. */
    private static final WriteBufferWaterMark UNTAKEN = new WriteBufferWaterMark(16 * 1024, 32 * 1024);

    /** Octets of a browser's request, with those that a proxy adds to it: room for these is made once. */
    private static final int USUAL_HEAD = 768;

    private ClientFrames() {}

    /** Octets to frames; told to the client are the limits that it is held to. */
    public static Http2FrameCodec codec(Http2Conversation conversation, LimitsConfig limits) {
        Http2Settings settings = new Http2Settings()
                .maxConcurrentStreams(MAX_STREAMS)
                .initialWindowSize(STREAM_WINDOW)
                .maxHeaderListSize(limits.maxHeadSize())
                .connectProtocolEnabled(true);
        FrameBudget budget = new FrameBudget(conversation.nanoTime());
        StreamHistory history = new StreamHistory();
        Http2FrameCodec codec = FrameCodecs.server(
                settings,
                new SectionLimits(limits.maxHeadSize(), limits.maxHeaders()),
                () -> FieldLines.withRoom(USUAL_HEAD),
                reader -> new WatchedFrameReader(reader, budget, history),
                writer -> new WatchedFrameWriter(writer, budget, history));
        history.of(codec.connection());
        return codec;
    }

    /** Frames to streams, each a channel of its own, with the handlers that are given. */
    public static Http2MultiplexHandler streams(Consumer<Channel> handlers) {
        return new Http2MultiplexHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNTAKEN);
                handlers.accept(stream);
            }
        });
    }

    /** Widens the window of the whole connection, which settings cannot. */
    public static void open(ChannelPipeline pipeline, Http2FrameCodec codec) {
        Http2Connection connection = codec.connection();
        Http2LocalFlowController window = connection.local().flowController();
        int more = CONNECTION_WINDOW - window.windowSize(connection.connectionStream());
        try {
            window.incrementWindowSize(connection.connectionStream(), more);
        } catch (Http2Exception e) {
            throw new IllegalStateException("a new connection's window cannot be widened", e);
        }
        pipeline.flush();
    }
}
