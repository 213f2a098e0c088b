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
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringFamilyServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringSocketChannel;
import io.portcullis.core.config.TransportKind;
import java.net.StandardSocketOptions;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The system's interface for event loops and sockets, and the classes that use it.
 *
 * @param name as the configuration has it
 * @param serverChannels makes a listening channel of an address family. One of IPv6 takes IPv4 clients too; one of IPv4
 *     does not take IPv6 clients: {@code 0.0.0.0} would open more than it says
 */
public record Transport(
        String name,
        IoHandlerFactory ioHandlers,
        Function<SocketProtocolFamily, ServerSocketChannel> serverChannels,
        Class<? extends SocketChannel> channel) {

    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

    private static final String NIO = "nio";

    private static final String EPOLL_SELECTORS = "sun.nio.ch.EPollSelectorProvider";

    private static final ChannelOption<Boolean> NIO_REUSEPORT = NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT);

    private static final int SOL_SOCKET = 1;
    /** By its number: Netty's own of io_uring knows no listening channel but Netty's. */
    private static final ChannelOption<Integer> SO_REUSEPORT =
            new IntegerUnixChannelOption("SO_REUSEPORT", SOL_SOCKET, 15);

    private static final int IPPROTO_TCP = 6;
    private static final ChannelOption<Integer> TCP_NOTSENT_LOWAT =
            new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", IPPROTO_TCP, 25);

    /** Twice what the connection itself holds back before it stops the endpoint: the kernel never runs dry. */
    private static final int UNSENT = 128 * 1024;

    /**
     * Loads the one of that name.
     *
     * @param kind not {@code auto}, of which {@link EventLoops} makes one of the others
     * @throws IllegalStateException if it does not work here; the innermost cause says why
     */
    static Transport load(TransportKind kind) {
        presetSelectors();
        return switch (kind) {
            case AUTO -> throw new IllegalArgumentException("transport: auto (expected: one by name)");
            case EPOLL -> {
                require(Epoll.isAvailable(), Epoll.unavailabilityCause());
                yield epoll();
            }
            case IO_URING -> ioUring();
            case NIO -> nio();
        };
    }

    /** The same for who did not ask for it, and has io_uring only from the kernel on with which it was tried. */
    static Transport loadProven(TransportKind kind) {
        Transport transport = load(kind);
        if (kind == TransportKind.IO_URING && !IoUring.isRegisterBufferRingIncSupported()) {
            throw new IllegalStateException("it is taken by itself from Linux 6.12 on");
        }
        return transport;
    }

    /** What takes no system's library: for what is spoken to seldom. */
    public static Transport nio() {
        return new Transport(
                NIO,
                NioIoHandler.newFactory(),
                family -> new NioServerSocketChannel(SelectorProvider.provider(), family),
                NioSocketChannel.class);
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

    /** Has a listening socket bound beside those of another process of the same user, which has shared its own. */
    void bindBeside(ServerBootstrap bootstrap) {
        if (name.equals(NIO)) {
            bootstrap.option(NIO_REUSEPORT, true);
        } else {
            bootstrap.option(SO_REUSEPORT, 1);
        }
    }

    /**
     * Lets another process of the same user bind beside this socket from now on (SO_REUSEPORT of socket(7)). Said after
     * it listens: as it was bound without, the system has made sure that nobody else listened there.
     */
    void share(Channel listening) {
        if (name.equals(NIO)) {
            listening.config().setOption(NIO_REUSEPORT, true);
        } else {
            listening.config().setOption(SO_REUSEPORT, 1);
        }
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

    private static Transport ioUring() {
        // Netty reads these as it loads io_uring. An accept that goes on by itself (Netty 4.2.18) turns when no
        // descriptor is left, and never ends that; it takes a whole flood before anybody else has his turn, too.
        preset("io.netty.iouring.acceptMultiShotEnabled", "false");
        // Else a process that waits for a client counts as one that waits for a disk; before Linux 6.15 it does anyway.
        preset("io.netty.iouring.enterNoIoWaitEnabled", "true");
        require(IoUring.isAvailable(), IoUring.unavailabilityCause());
        return new Transport(
                "io_uring",
                IoUringIoHandler.newFactory(),
                IoUringFamilyServerSocketChannel::new,
                IoUringSocketChannel.class);
    }

    /**
     * Netty opens a selector as it loads its natives. Unless the provider is named, the JDK searches the whole class path
     * for one first, and to open each jar of it is a tenth of the start; it finds none there, and takes this one.
     */
    private static void presetSelectors() {
        try {
            Class.forName(EPOLL_SELECTORS, false, null);
            preset("java.nio.channels.spi.SelectorProvider", EPOLL_SELECTORS);
        } catch (ClassNotFoundException e) {
            LOG.debug("no {} in this JDK: it searches for another", EPOLL_SELECTORS);
        }
    }

    private static void preset(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static void require(boolean available, Throwable cause) {
        if (!available) {
            throw new IllegalStateException(cause.toString(), cause);
        }
    }
}
