package io.portcullis.benchmarks.load.generator;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.handler.ssl.SslHandler;
import io.portcullis.benchmarks.load.Target;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Opens the connections of a load, from one source address after the other. Of the event loop. */
final class Dialer {

    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(128 * 1_024, 256 * 1_024);

    private final EventLoop loop;
    private final InetSocketAddress remote;
    private final @Nullable TlsClient tls;
    private final Sources sources;
    private final FixedRecvByteBufAllocator readBuffer;

    /** @param readBuffer how many octets are read at once at most */
    Dialer(EventLoop loop, LoadOptions options, int readBuffer) {
        Target target = options.target();
        this.loop = loop;
        this.remote = new InetSocketAddress(target.address(), target.port());
        this.tls = target.tls() ? new TlsClient(target.hostName(0)) : null;
        this.sources = Sources.of(options);
        this.readBuffer = new FixedRecvByteBufAllocator(readBuffer);
    }

    EventLoop loop() {
        return loop;
    }

    boolean isTls() {
        return tls != null;
    }

    /** Connects. What comes of it, the connection tells its owner; never before this returns. */
    void dial(Connection connection) {
        EpollSocketChannel channel = new EpollSocketChannel();
        EpollSocketChannelConfig config = channel.config();
        config.setTcpNoDelay(true)
                .setAllocator(PooledByteBufAllocator.DEFAULT)
                .setRecvByteBufAllocator(readBuffer)
                .setWriteBufferWaterMark(WATER_MARK)
                // The load looks itself for what takes too long.
                .setConnectTimeoutMillis(0);
        if (tls != null) {
            SslHandler handler = tls.handler(config.getAllocator());
            handler.setHandshakeTimeoutMillis(0);
            channel.pipeline().addLast(handler);
        }
        channel.pipeline().addLast(connection);
        loop.register(channel).addListener((ChannelFutureListener) registered -> loop.execute(() -> {
            InetSocketAddress local = sources.next();
            // Else each bind would take a port from all that this address has, whatever it connects to.
            config.setIpBindAddressNoPort(local != null);
            channel.connect(remote, local).addListener(connected -> {
                if (!connected.isSuccess()) {
                    connection.connectFailed(connected.cause());
                    channel.close();
                }
            });
        }));
    }
}
