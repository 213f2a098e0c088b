package io.portcullis.server.listener;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.server.exchange.Rules;
import io.portcullis.server.exchange.Worker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/** An address and port that accepts connections. Thread-safe. */
public final class Listener {

    /** Connections that the kernel completes while the event loop is busy; the kernel's own bound may be lower. */
    private static final int BACKLOG = 4096;

    /** What listeners accept for; shared by all of them. */
    public record Accepting(
            EventLoopGroup eventLoops,
            Transport transport,
            Function<EventLoop, Worker> workers,
            BanEngine bans,
            Supplier<? extends Rules> rules,
            ConnectionLimit limit) {}

    private final ListenerConfig config;
    private final Channel channel;
    private final Transport transport;

    private Listener(ListenerConfig config, Channel channel, Transport transport) {
        this.config = config;
        this.channel = channel;
        this.transport = transport;
    }

    /**
     * Binds and begins to accept; blocks until it does. Nobody else listens there then, and another process may
     * {@link #join} from now on.
     *
     * @throws IOException if the address cannot be bound; the message says what to do
     */
    public static Listener open(ListenerConfig config, Accepting accepting) throws IOException {
        Listener listener = bind(config, accepting, bootstrap(config, accepting));
        accepting.transport().share(listener.channel);
        return listener;
    }

    /**
     * The same beside another process of the same user that listens there, or may do so: each has some of the new
     * connections, until one of them {@link #steer}s or stops.
     */
    public static Listener join(ListenerConfig config, Accepting accepting) throws IOException {
        ServerBootstrap bootstrap = bootstrap(config, accepting);
        accepting.transport().bindBeside(bootstrap);
        return bind(config, accepting, bootstrap);
    }

    private static ServerBootstrap bootstrap(ListenerConfig config, Accepting accepting) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(accepting.eventLoops(), accepting.eventLoops())
                .channelFactory(() -> accepting.transport().serverChannels().apply(family(config)))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(new AcceptGate(config, accepting))
                .childHandler(new ServerPipeline(
                        config,
                        accepting.workers(),
                        () -> accepting.rules().get().limits()));
        accepting.transport().boundUnsent(bootstrap);
        return bootstrap;
    }

    private static Listener bind(ListenerConfig config, Accepting accepting, ServerBootstrap bootstrap)
            throws IOException {
        InetSocketAddress bind = new InetSocketAddress(config.address().toInetAddress(), config.port());
        ChannelFuture bound = bootstrap.bind(bind).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "listener " + config.name() + " cannot bind " + show(config, config.port()) + ": "
                            + bound.cause().getMessage() + hint(config.port(), bound.cause()),
                    bound.cause());
        }
        return new Listener(config, bound.channel(), accepting.transport());
    }

    private static SocketProtocolFamily family(ListenerConfig config) {
        return config.address().isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    public String name() {
        return config.name();
    }

    /** Where it really listens: the port that the system chose, where the configuration says 0. */
    public InetSocketAddress address() {
        int port = ((InetSocketAddress) channel.localAddress()).getPort();
        return new InetSocketAddress(config.address().toInetAddress(), port);
    }

    /**
     * Has all new connections come here after a {@link #join}; those that the other process has begun stay its own.
     *
     * @return false where the system cannot be told so, and goes on spreading them
     */
    public boolean steer() {
        return transport.steer(channel);
    }

    /** Has all new connections go to the other process again, which was there first. */
    public void steerBack() {
        transport.steerBack(channel);
    }

    /** Stops accepting; connections that are open stay. */
    public void close() {
        channel.close().awaitUninterruptibly();
    }

    private static String hint(int port, Throwable cause) {
        String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (reason.contains("assign requested address")) { // EADDRNOTAVAIL, as epoll, io_uring and the JDK tell it
            return " (no interface of this machine has that address)";
        }
        if (reason.contains("in use")) { // EADDRINUSE
            return " (is another process listening there? If it is a Portcullis that this one is to take over from:"
                    + " portcullis upgrade, or run --take-over as the same user)";
        }
        return port > 0 && port < 1024 ? " (ports below 1024 need root or CAP_NET_BIND_SERVICE)" : "";
    }

    /** {@code name=address:port}. */
    @Override
    public String toString() {
        return name() + "=" + show(config, address().getPort());
    }

    private static String show(ListenerConfig config, int port) {
        return (config.address().isIpv4() ? config.address().toString() : "[" + config.address() + "]") + ":" + port;
    }
}
