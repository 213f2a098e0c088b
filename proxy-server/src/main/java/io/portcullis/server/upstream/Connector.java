package io.portcullis.server.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.portcullis.server.observe.metrics.EndpointTally;
import io.portcullis.server.observe.metrics.WorkerMeter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** Opens the sockets of one event loop to endpoints, with TLS where the endpoint speaks it. */
final class Connector {

    /** What hears how it ended, on the event loop. */
    interface Outcome {
        /** The endpoint is there; with TLS, it is who it should be. */
        void opened(Channel channel);

        /** @param timedOut whether the endpoint did not answer within the time-out */
        void failed(String reason, boolean timedOut);
    }

    private static final EndpointReads READS = EndpointReads.ofProcess();

    private final EventLoop eventLoop;
    private final Class<? extends SocketChannel> channelType;
    private final WorkerMeter meter;

    Connector(EventLoop eventLoop, Class<? extends SocketChannel> channelType, WorkerMeter meter) {
        this.eventLoop = eventLoop;
        this.channelType = channelType;
        this.meter = meter;
    }

    /** What this event loop counts in of the endpoint. */
    EndpointTally tally(Destination destination) {
        return meter.tally(destination.meter());
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    /**
     * Opens one.
     *
     * @param first what it begins with, before TLS; may be empty
     * @param handlers adds what comes after TLS; on the event loop
     */
    void open(Destination destination, byte[] first, Duration timeout, Consumer<Channel> handlers, Outcome outcome) {
        InetSocketAddress address = destination.address();
        if (address == null) {
            outcome.failed("the name does not resolve", false);
            return;
        }
        ChannelFuture connecting = new Bootstrap()
                .group(eventLoop)
                .channel(channelType)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE))
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, READS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        SslContext tls = destination.tls();
                        if (tls != null) {
                            channel.pipeline().addLast("tls", tlsHandler(channel, tls, destination, timeout));
                        }
                        handlers.accept(channel);
                    }
                })
                .connect(address);
        connecting.addListener(done -> {
            if (eventLoop.inEventLoop()) {
                connected(connecting, destination, first, outcome);
            } else {
                // Where no socket could be made (no descriptor left), Netty tells so on a thread of its own.
                eventLoop.execute(() -> connected(connecting, destination, first, outcome));
            }
        });
    }

    private void connected(ChannelFuture connecting, Destination destination, byte[] first, Outcome outcome) {
        if (!connecting.isSuccess()) {
            fail(outcome, "", connecting.cause());
            return;
        }
        Channel channel = connecting.channel();
        if (first.length > 0) { // below the pipeline, in which TLS would take it for its own
            channel.unsafe().write(Unpooled.wrappedBuffer(first), channel.voidPromise());
            channel.unsafe().flush();
        }
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            opened(channel, destination, outcome);
            return;
        }
        tls.handshakeFuture().addListener(handshake -> {
            if (!handshake.isSuccess()) {
                channel.close();
                fail(outcome, "TLS: ", innermost(handshake.cause()));
            } else if (destination.isHttp2() && !ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
                channel.close();
                outcome.failed("TLS: no agreement on HTTP/2 (expected: h2 by ALPN)", false);
            } else {
                opened(channel, destination, outcome);
            }
        });
    }

    private void opened(Channel channel, Destination destination, Outcome outcome) {
        EndpointTally tally = tally(destination);
        tally.opened();
        channel.closeFuture().addListener(closed -> tally.closed());
        outcome.opened(channel);
    }

    private static void fail(Outcome outcome, String prefix, Throwable cause) {
        boolean timedOut = cause instanceof ConnectTimeoutException || cause instanceof SslHandshakeTimeoutException;
        outcome.failed(prefix + cause.getMessage(), timedOut);
    }

    /** BoringSSL's own message says nothing; what it says nothing of is inside. */
    private static Throwable innermost(Throwable failure) {
        Throwable inner = failure;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    private static SslHandler tlsHandler(Channel channel, SslContext tls, Destination destination, Duration timeout) {
        SslHandler handler = tls.newHandler(
                channel.alloc(),
                destination.tlsName(),
                destination.endpoint().config().port());
        handler.setHandshakeTimeoutMillis(timeout.toMillis());
        return handler;
    }
}
