package io.portcullis.server.e2e.kit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An application that speaks HTTP/2 and nothing else, and does with each stream what a test says. Where nothing is said
 * for a path, it answers 200 with the path when the request is whole.
 */
public final class Http2Application implements AutoCloseable {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, Consumer<Http2Visit>> behaviours = new ConcurrentHashMap<>();
    private final List<Http2Visit> visits = new CopyOnWriteArrayList<>();
    private final List<Channel> connections = new CopyOnWriteArrayList<>();
    private final Channel listening;

    private Http2Application(Http2Settings settings, @Nullable SslContext tls) {
        listening = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline()
                                .addLast(Http2FrameCodecBuilder.forServer()
                                        .initialSettings(settings)
                                        .validateHeaders(false)
                                        .decoderEnforceMaxRstFramesPerWindow(0, 1)
                                        .build())
                                .addLast(new Http2MultiplexHandler(streams(connections.size())))
                                .addLast(new Quiet());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    /** Over plain TCP, with prior knowledge. */
    public static Http2Application start() {
        return start(Http2Settings.defaultSettings());
    }

    public static Http2Application start(Http2Settings settings) {
        return new Http2Application(settings, null);
    }

    /** Over TLS, whatever the context agrees on by ALPN. */
    public static Http2Application start(SslContext tls) {
        return new Http2Application(Http2Settings.defaultSettings(), tls);
    }

    private ChannelInitializer<Http2StreamChannel> streams(int connection) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Http2StreamChannel stream) {
                stream.pipeline().addLast(new Http2Visit(Http2Application.this, connection, stream));
            }
        };
    }

    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** The endpoint over plain TCP. */
    public String url() {
        return "h2c://127.0.0.1:" + port();
    }

    /** What is done from a request's head on, on the application's event loop. */
    public Http2Application on(String path, Consumer<Http2Visit> behaviour) {
        behaviours.put(path, behaviour);
        return this;
    }

    void visited(Http2Visit visit) {
        visits.add(visit);
        String path = String.valueOf(visit.head().path());
        Consumer<Http2Visit> behaviour = behaviours.get(path);
        if (behaviour != null) {
            behaviour.accept(visit);
        } else {
            visit.body().thenAccept(body -> visit.answer(200, path));
        }
    }

    /** The requests for a path so far. */
    public List<Http2Visit> visits(String path) {
        return visits.stream()
                .filter(visit -> path.contentEquals(visit.head().path()))
                .toList();
    }

    /** How many connections were made so far. */
    public int connections() {
        return connections.size();
    }

    /** Says on every connection that it deals with no stream beyond this one, and closes nothing. */
    public void goAway(int lastStream) {
        for (Channel connection : connections) {
            Http2FrameCodec codec = connection.pipeline().get(Http2FrameCodec.class);
            ChannelHandlerContext ctx = connection.pipeline().context(codec);
            connection.eventLoop().execute(() -> {
                codec.encoder()
                        .frameWriter()
                        .writeGoAway(
                                ctx, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
                ctx.flush();
            });
        }
    }

    /** Closes every connection without a word. */
    public void drop() {
        connections.forEach(connection ->
                connection.eventLoop().execute(() -> connection.unsafe().closeForcibly()));
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Faults of the proxy's show in what the tests look at. */
    private static final class Quiet extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
