package io.portcullis.server.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.portcullis.core.config.AdminConfig;
import io.portcullis.server.listener.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address and port of the admin API, with an event loop and threads of its own: the proxy's event loops do nothing
 * for it, whoever speaks to it and however slowly. Thread-safe.
 */
public final class AdminListener implements AutoCloseable {

    static final int MOST_LINE_BYTES = 2 * 1024;
    static final int MOST_FIELD_BYTES = 6 * 1024;
    static final int MOST_BODY_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(AdminListener.class);
    private static final long IDLE_THREAD_SECONDS = 10;
    private static final long LAST_WORDS_MILLIS = 500;

    private final AdminConfig.Bind bind;
    private final AdminToken token;
    private final AdminApi api;
    private final Transport transport = Transport.nio();
    private final EventLoopGroup eventLoop;
    private final ExecutorService executor;
    private final AdminPlaces places = new AdminPlaces();
    private volatile int port;
    private volatile @Nullable Channel listening;

    private AdminListener(AdminConfig.Bind bind, AdminToken token, AdminApi api) {
        this.bind = bind;
        this.token = token;
        this.api = api;
        this.eventLoop =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("admin", true), transport.ioHandlers());
        // A thread for each that may be answered: one that waits for its reader keeps no other from its turn.
        this.executor = new ThreadPoolExecutor(
                0,
                AdminPlaces.MOST_ANSWERED,
                IDLE_THREAD_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                new DefaultThreadFactory("admin-answer", true));
    }

    /**
     * Binds and begins to accept; blocks until it does.
     *
     * @throws IOException if the address cannot be bound; the message says what to do, and nothing is left running
     */
    public static AdminListener open(AdminConfig.Bind bind, AdminToken token, AdminApi api) throws IOException {
        AdminListener listener = new AdminListener(bind, token, api);
        try {
            listener.listen();
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        if (!bind.address().toInetAddress().isLoopbackAddress()) {
            LOG.warn(
                    "admin.bind {} can be reached from other machines, and the token travels in plain text"
                            + " (expected a loopback address; ssh -L reaches that from afar)",
                    bind);
        }
        return listener;
    }

    private void listen() throws IOException {
        InetSocketAddress address = new InetSocketAddress(bind.address().toInetAddress(), bind.port());
        SocketProtocolFamily family = bind.address().isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        ChannelFuture bound = new ServerBootstrap()
                .group(eventLoop, eventLoop)
                .channelFactory(() -> transport.serverChannels().apply(family))
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new Pipeline())
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "admin.bind: cannot bind " + bind + ": " + bound.cause().getMessage()
                            + " (is another process listening there? Two proxies on one machine need different ports)",
                    bound.cause());
        }
        listening = bound.channel();
        port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    /** Every handler that a client of the API meets, in order. */
    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            places.enter(channel);
            ChannelPipeline pipeline = channel.pipeline();
            pipeline.addLast(
                    "codec",
                    new HttpServerCodec(new HttpDecoderConfig()
                            .setMaxInitialLineLength(MOST_LINE_BYTES)
                            .setMaxHeaderSize(MOST_FIELD_BYTES)));
            AdminGate gate = new AdminGate(token, api::isPublic);
            pipeline.addLast("gate", gate); // who may ask at all
            pipeline.addLast("body", new BodyLimit()); // requests whole, with bodies that are short
            // asks the API, and ends
            pipeline.addLast("connection", new AdminConnection(api, executor, places, gate::hasToken));
        }
    }

    private static final class BodyLimit extends HttpObjectAggregator {
        BodyLimit() {
            super(MOST_BODY_BYTES, true);
        }

        @Override
        protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
            AdminConnection.refuse(ctx.channel(), AdminGate.tooLong());
        }
    }

    /** Where it really listens: the port that the system chose, where the configuration says 0. */
    public AdminConfig.Bind address() {
        return new AdminConfig.Bind(bind.address(), port);
    }

    /** Frees the address for another process; who is connected stays so. Blocks until that is done. */
    public void stopListening() {
        Channel bound = listening;
        if (bound != null) {
            bound.close().awaitUninterruptibly();
        }
    }

    /** Ends at once but for answers that are nearly done, such as the last events of a stream. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            executor.awaitTermination(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** As the ready line has it. */
    @Override
    public String toString() {
        return "admin=" + address();
    }
}
