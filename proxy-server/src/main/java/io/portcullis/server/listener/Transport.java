package io.portcullis.server.listener;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.portcullis.core.config.TransportKind;
import java.net.StandardSocketOptions;
import java.nio.channels.spi.SelectorProvider;
import java.util.Locale;
import java.util.function.Function;

/**
 * The system's interface for event loops and sockets, and the classes that use it.
 *
 * @param name as the configuration has it
 * @param serverChannels makes a listening channel of an address family. One of IPv6 takes IPv4 clients too; one of IPv4
 *     must not take IPv6 clients, or {@code 0.0.0.0} would open more than it says. io_uring's can't be told so: the
 *     {@link AcceptGate} sees to it
 */
public record Transport(
        String name,
        IoHandlerFactory ioHandlers,
        Function<SocketProtocolFamily, ServerSocketChannel> serverChannels,
        Class<? extends SocketChannel> channel) {

    private static final String NIO = "nio";

    private static final ChannelOption<Boolean> NIO_REUSEPORT = NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT);

    private static final int IPPROTO_TCP = 6;
    private static final ChannelOption<Integer> TCP_NOTSENT_LOWAT =
            new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", IPPROTO_TCP, 25);

    /** Twice what the connection itself holds back before it stops the endpoint: the kernel never runs dry. */
    private static final int UNSENT = 128 * 1024;

    /**
     * Loads the configured one; {@code auto} takes epoll, and NIO where that does not load.
     *
     * @throws IllegalStateException if the one asked for by name does not work here; the message says why
     */
    public static Transport load(TransportKind kind) {
        return switch (kind) {
            case AUTO -> Epoll.isAvailable() ? epoll() : nio();
            case EPOLL -> {
                require(Epoll.isAvailable(), kind, Epoll.unavailabilityCause());
                yield epoll();
            }
            case IO_URING -> {
                require(IoUring.isAvailable(), kind, IoUring.unavailabilityCause());
                yield new Transport(
                        "io_uring",
                        IoUringIoHandler.newFactory(),
                        family -> new IoUringServerSocketChannel(),
                        IoUringSocketChannel.class);
            }
            case NIO -> nio();
        };
    }

    /**
     * Bounds what the kernel takes of an answer beyond what the client's receive window lets it send. Otherwise that is
     * up to 4 MiB, of which a third must be gone before there is room again: a slow reader that takes more than enough
     * would be held for one that takes nothing. Set on the listening socket, from which the others inherit it. NIO has
     * no name for it.
     */
    void boundUnsent(ServerBootstrap bootstrap) {
        if (!name.equals(NIO)) {
            bootstrap.option(TCP_NOTSENT_LOWAT, UNSENT);
        }
    }

    private ChannelOption<Boolean> reusePort() {
        return name.equals(NIO) ? NIO_REUSEPORT : UnixChannelOption.SO_REUSEPORT;
    }

    /** Has a listening socket bound beside those of another process of the same user, which has shared its own. */
    void bindBeside(ServerBootstrap bootstrap) {
        bootstrap.option(reusePort(), true);
    }

    /**
     * Lets another process of the same user bind beside this socket from now on (SO_REUSEPORT of socket(7)). Said after
     * it listens: as it was bound without, the system has made sure that nobody else listened there.
     */
    void share(Channel listening) {
        listening.config().setOption(reusePort(), true);
    }

    /**
     * Has new connections come to this listening socket alone, of the two that are bound there: it must be the newer.
     * Those that have begun elsewhere stay there.
     *
     * @return false where that cannot be had; the system goes on spreading them
     */
    boolean steer(Channel listening) {
        return !name.equals(NIO) && ReusePortGroup.steer(listening, ReusePortGroup.NEWER);
    }

    /** Has them go to the other again. */
    void steerBack(Channel listening) {
        if (!name.equals(NIO)) {
            ReusePortGroup.steer(listening, ReusePortGroup.OLDER);
        }
    }

    private static Transport epoll() {
        return new Transport(
                "epoll", LastingEpoll.newFactory(), EpollServerSocketChannel::new, EpollSocketChannel.class);
    }

    private static Transport nio() {
        return new Transport(
                NIO,
                NioIoHandler.newFactory(),
                family -> new NioServerSocketChannel(SelectorProvider.provider(), family),
                NioSocketChannel.class);
    }

    private static void require(boolean available, TransportKind kind, Throwable cause) {
        if (!available) {
            throw new IllegalStateException(
                    "transport: " + kind.name().toLowerCase(Locale.ROOT) + " does not work here: " + cause.getMessage()
                            + " (expected: auto, which takes what does)",
                    cause);
        }
    }
}
