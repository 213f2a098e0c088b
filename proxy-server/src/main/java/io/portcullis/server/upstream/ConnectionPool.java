package io.portcullis.server.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The kept-alive connections of one event loop to the endpoints.
 *
 * <p>The one used last is used next, so that those a lull makes superfluous grow old and go. Owned by its event loop.
 */
public final class ConnectionPool {

    /** Idle connections kept for one destination and event loop; more are closed when their exchange ends. */
    static final int MAX_IDLE = 256;

    /** Shorter than most applications' own limit would need (Apache's is 5 s, so a race stays: see the retry). */
    static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** What hears how a connection attempt ended. */
    public interface Connecting {
        void connected(UpstreamConnection connection);

        /**
         * Not a byte of the request was sent.
         *
         * @param timedOut whether the endpoint did not answer within the time-out
         */
        void connectFailed(String reason, boolean timedOut);
    }

    private final EventLoop eventLoop;
    private final Class<? extends SocketChannel> channelType;
    private final LongSupplier nanoTime;
    private final IdentityHashMap<Destination, ArrayDeque<UpstreamConnection>> idle = new IdentityHashMap<>();

    public ConnectionPool(EventLoop eventLoop, Class<? extends SocketChannel> channelType, LongSupplier nanoTime) {
        this.eventLoop = eventLoop;
        this.channelType = channelType;
        this.nanoTime = nanoTime;
    }

    /**
     * Takes an idle connection.
     *
     * @param maxIdleNanos one that has been idle for longer is left, because the endpoint may just be closing it
     */
    public @Nullable UpstreamConnection take(Destination destination, long maxIdleNanos) {
        ArrayDeque<UpstreamConnection> connections = idle.get(destination);
        if (connections == null) {
            return null;
        }
        for (UpstreamConnection latest = connections.peekLast(); latest != null; latest = connections.peekLast()) {
            if (nanoTime.getAsLong() - latest.idleSince() > maxIdleNanos) {
                return null;
            }
            connections.removeLast();
            if (latest.isClean()) {
                return latest;
            }
            latest.close();
        }
        return null;
    }

    /** Opens a connection; the outcome is told on this event loop. */
    public void connect(Destination destination, Duration timeout, Connecting outcome) {
        InetSocketAddress address = destination.address();
        if (address == null) {
            outcome.connectFailed("the name does not resolve", false);
            return;
        }
        ChannelFuture connecting = new Bootstrap()
                .group(eventLoop)
                .channel(channelType)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        ChannelPipeline pipeline = channel.pipeline();
                        SslContext tls = destination.tls();
                        if (tls != null) {
                            pipeline.addLast("tls", tlsHandler(channel, tls, destination, timeout));
                        }
                        pipeline.addLast("encoder", new HttpRequestEncoder());
                        AnswerDecoder decoder = new AnswerDecoder();
                        pipeline.addLast("decoder", decoder);
                        pipeline.addLast(
                                "upstream", new UpstreamConnection(channel, destination, ConnectionPool.this, decoder));
                    }
                })
                .connect(address);
        connecting.addListener(done -> {
            if (eventLoop.inEventLoop()) {
                opened(connecting, outcome);
            } else {
                // Where no socket could be made (no descriptor left), Netty tells so on a thread of its own.
                eventLoop.execute(() -> opened(connecting, outcome));
            }
        });
    }

    private static void opened(ChannelFuture connecting, Connecting outcome) {
        if (!connecting.isSuccess()) {
            fail(outcome, "", connecting.cause());
            return;
        }
        Channel channel = connecting.channel();
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            outcome.connected(channel.pipeline().get(UpstreamConnection.class));
            return;
        }
        tls.handshakeFuture().addListener(handshake -> {
            if (handshake.isSuccess()) {
                outcome.connected(channel.pipeline().get(UpstreamConnection.class));
            } else {
                channel.close();
                fail(outcome, "TLS: ", handshake.cause());
            }
        });
    }

    private static void fail(Connecting outcome, String prefix, Throwable cause) {
        boolean timedOut = cause instanceof ConnectTimeoutException || cause instanceof SslHandshakeTimeoutException;
        outcome.connectFailed(prefix + cause.getMessage(), timedOut);
    }

    private static SslHandler tlsHandler(Channel channel, SslContext tls, Destination destination, Duration timeout) {
        SslHandler handler = tls.newHandler(
                channel.alloc(),
                destination.tlsName(),
                destination.endpoint().config().port());
        handler.setHandshakeTimeoutMillis(timeout.toMillis());
        return handler;
    }

    void keep(UpstreamConnection connection) {
        ArrayDeque<UpstreamConnection> connections =
                idle.computeIfAbsent(connection.destination(), key -> new ArrayDeque<>());
        if (connections.size() >= MAX_IDLE) {
            connection.close();
            return;
        }
        connection.idleSince(nanoTime.getAsLong());
        connections.addLast(connection);
    }

    void forget(UpstreamConnection connection) {
        ArrayDeque<UpstreamConnection> connections = idle.get(connection.destination());
        if (connections != null) {
            connections.remove(connection);
        }
    }

    /** Closes what has been idle for too long; called every now and then. */
    public void closeIdle() {
        long now = nanoTime.getAsLong();
        List<UpstreamConnection> old = new ArrayList<>();
        for (ArrayDeque<UpstreamConnection> connections : idle.values()) {
            Iterator<UpstreamConnection> oldestFirst = connections.iterator();
            while (oldestFirst.hasNext()) {
                UpstreamConnection connection = oldestFirst.next();
                if (now - connection.idleSince() <= MAX_IDLE_NANOS) {
                    break;
                }
                old.add(connection);
            }
        }
        old.forEach(UpstreamConnection::close); // each is forgotten as it closes
    }
}
