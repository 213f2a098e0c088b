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
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.PacketFilter;
import io.portcullis.server.exchange.ListenerRules;
import io.portcullis.server.exchange.Rules;
import io.portcullis.server.exchange.Worker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An address and port that accepts connections. A reload may give it another name, other settings and other rules; the
 * socket stays.
 *
 * <p>Thread-safe; opened, served and closed by one thread at a time.
 */
public final class Listener implements FilteredListener {

    /** Connections that the kernel completes while the event loop is busy; the kernel's own bound may be lower. */
    private static final int BACKLOG = 4096;

    /** What listeners accept for; shared by all of them. */
    public record Accepting(
            EventLoopGroup eventLoops,
            Transport transport,
            Function<EventLoop, Worker> workers,
            BanEngine bans,
            ConnectionLimit limit) {}

    private final Entrance entrance;
    private final Channel channel;
    private final Transport transport;

    private Listener(Entrance entrance, Channel channel, Transport transport) {
        this.entrance = entrance;
        this.channel = channel;
        this.transport = transport;
    }

    /** What its connections are known by to have come here, and ask when something begins on them. */
    private static final class Entrance implements Supplier<ListenerRules> {
        final RefusedPeers refused = new RefusedPeers();
        final SocketFilter filter = new SocketFilter(System::nanoTime);
        private volatile ListenerRules now;

        Entrance(ListenerRules first) {
            now = first;
        }

        @Override
        public ListenerRules get() {
            return now;
        }
    }

    /**
     * Binds; connections wait in the kernel until {@link #serve}. Blocks until it is bound. Nobody else listens there
     * then, and another process may {@link #join} from now on.
     *
     * @param rules those until then, by which nobody is served
     * @throws IOException if the address cannot be bound; the message says what to do
     */
    public static Listener open(ListenerConfig config, Rules rules, Accepting accepting) throws IOException {
        Entrance entrance = new Entrance(new ListenerRules(config, rules));
        Listener listener = bind(entrance, accepting, bootstrap(entrance, accepting));
        accepting.transport().share(listener.channel);
        return listener;
    }

    /**
     * The same beside another socket of the same user that listens there, or may do so: that one has all new connections
     * until this one {@link #steer}s or it stops.
     */
    public static Listener join(ListenerConfig config, Rules rules, Accepting accepting) throws IOException {
        Entrance entrance = new Entrance(new ListenerRules(config, rules));
        ServerBootstrap bootstrap = bootstrap(entrance, accepting);
        accepting.transport().bindBeside(bootstrap);
        Listener listener = bind(entrance, accepting, bootstrap);
        // What waits here is reset where another listener cannot be bound. Without this it is half of all that come,
        // and
        // all of them where the one that listens there has itself taken over, and steered to the newer.
        listener.steerBack();
        return listener;
    }

    private static ServerBootstrap bootstrap(Entrance entrance, Accepting accepting) {
        ListenerConfig config = entrance.now.listener();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(accepting.eventLoops(), accepting.eventLoops())
                .channelFactory(() -> accepting.transport().serverChannels().apply(family(config)))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                // TCP_NODELAY is on by default: to set it here would be a system call for each connection
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(new AcceptGate(entrance, accepting, entrance.refused, entrance.filter))
                .childHandler(new ServerPipeline(entrance, accepting.workers()));
        accepting.transport().boundUnsent(bootstrap);
        return bootstrap;
    }

    private static Listener bind(Entrance entrance, Accepting accepting, ServerBootstrap bootstrap) throws IOException {
        ListenerConfig config = entrance.now.listener();
        InetSocketAddress address = new InetSocketAddress(config.address().toInetAddress(), config.port());
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "listener " + config.name() + " cannot bind " + show(config, config.port()) + ": "
                            + bound.cause().getMessage() + hint(config.port(), bound.cause()),
                    bound.cause());
        }
        bound.channel().pipeline().addLast("faults", new AcceptFaults(entrance, InstantSource.system()));
        return new Listener(entrance, bound.channel(), accepting.transport());
    }

    /**
     * Serves by these from now on, and accepts if it did not yet, or was to {@link #leave}. Connections that are open take the name and the rules;
     * what they speak stays as it was when they were accepted.
     *
     * @param config of the same address and port
     */
    public void serve(ListenerConfig config, Rules next) {
        entrance.now = new ListenerRules(config, next);
        channel.config().setAutoRead(true);
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

    private static SocketProtocolFamily family(ListenerConfig config) {
        return config.address().isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    /** Its settings as they are now. */
    public ListenerConfig config() {
        return entrance.now.listener();
    }

    public String name() {
        return entrance.now.name();
    }

    @Override
    public Supplier<ListenerRules> entrance() {
        return entrance;
    }

    /** Where it really listens: the port that the system chose, where the configuration says 0. */
    public InetSocketAddress address() {
        int port = ((InetSocketAddress) channel.localAddress()).getPort();
        return new InetSocketAddress(config().address().toInetAddress(), port);
    }

    @Override
    public void drainRefused(Consumer<IpAddress> each) {
        entrance.refused.drain(each);
    }

    @Override
    public Optional<String> filter(PacketFilter filter) {
        return entrance.filter.set(channel, filter);
    }

    @Override
    public void unfilter() {
        entrance.filter.lift(channel);
    }

    /** Stops accepting; connections that are open stay. */
    public void close() {
        entrance.filter.close();
        channel.close().awaitUninterruptibly();
    }

    /**
     * Its connections keep the rules that they have from now on, and end with their next answers. It goes on accepting
     * until {@link #close}: what clients have begun to connect to would be reset.
     */
    public void leave() {
        entrance.now = entrance.now.leaving();
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
        return toString(config());
    }

    /** The same under another name. */
    public String toString(ListenerConfig config) {
        return config.name() + "=" + show(config, address().getPort());
    }

    private static String show(ListenerConfig config, int port) {
        return (config.address().isIpv4() ? config.address().toString() : "[" + config.address() + "]") + ":" + port;
    }
}
