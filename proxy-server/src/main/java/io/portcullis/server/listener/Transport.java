package io.portcullis.server.listener;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.portcullis.core.config.TransportKind;

/**
 * The system's interface for event loops and sockets, and the classes that use it.
 *
 * @param name as the configuration has it
 */
public record Transport(
        String name,
        IoHandlerFactory ioHandlers,
        Class<? extends ServerSocketChannel> serverChannel,
        Class<? extends SocketChannel> channel) {

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
                        IoUringServerSocketChannel.class,
                        IoUringSocketChannel.class);
            }
            case NIO -> nio();
        };
    }

    private static Transport epoll() {
        return new Transport(
                "epoll", EpollIoHandler.newFactory(), EpollServerSocketChannel.class, EpollSocketChannel.class);
    }

    private static Transport nio() {
        return new Transport("nio", NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
    }

    private static void require(boolean available, TransportKind kind, Throwable cause) {
        if (!available) {
            throw new IllegalStateException(
                    "transport: " + kind.name().toLowerCase(java.util.Locale.ROOT) + " does not work here: "
                            + cause.getMessage() + " (expected: auto, which takes what does)",
                    cause);
        }
    }
}
