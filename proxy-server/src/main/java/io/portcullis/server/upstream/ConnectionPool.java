package io.portcullis.server.upstream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.portcullis.server.observe.metrics.WorkerMeter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The kept-alive connections of one event loop to the endpoints.
 *
 * <p>Those of HTTP/1.1 carry one exchange at a time, and the one used last is used next, so that those a lull makes
 * superfluous grow old and go. Those of HTTP/2 are shared: {@link SharedConnections}. Owned by its event loop.
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

    private final Connector connector;
    private final LongSupplier nanoTime;
    private final IdentityHashMap<Destination, ArrayDeque<Http1Connection>> idle = new IdentityHashMap<>();
    private final IdentityHashMap<Destination, SharedConnections> shared = new IdentityHashMap<>();

    /** @param meter the event loop's */
    public ConnectionPool(
            EventLoop eventLoop, Class<? extends SocketChannel> channelType, LongSupplier nanoTime, WorkerMeter meter) {
        this.connector = new Connector(eventLoop, channelType, meter);
        this.nanoTime = nanoTime;
    }

    /**
     * Takes an idle connection, or a stream of a shared one that has room for it.
     *
     * @param maxIdleNanos one that has been idle for longer is left, because the endpoint may just be closing it; a
     *     shared one is not, because there the endpoint would say so first (GOAWAY)
     */
    public @Nullable UpstreamConnection take(Destination destination, long maxIdleNanos) {
        if (destination.isHttp2()) {
            SharedConnections connections = shared.get(destination);
            return connections == null ? null : connections.take();
        }
        ArrayDeque<Http1Connection> connections = idle.get(destination);
        if (connections == null) {
            return null;
        }
        for (Http1Connection latest = connections.peekLast(); latest != null; latest = connections.peekLast()) {
            if (nanoTime.getAsLong() - latest.idleSince() > maxIdleNanos) {
                return null;
            }
            connections.removeLast();
            connector.tally(destination).taken();
            if (latest.isClean()) {
                return latest;
            }
            latest.close();
        }
        return null;
    }

    /**
     * Opens a connection, or finds a stream of a shared one; the outcome is told on this event loop.
     *
     * @param first what a new connection begins with, before TLS; empty where nothing does
     */
    public void connect(Destination destination, byte[] first, Duration timeout, Connecting outcome) {
        if (destination.isHttp2()) {
            shared.computeIfAbsent(destination, key -> new SharedConnections(key, connector, nanoTime))
                    .connect(timeout, outcome);
            return;
        }
        Consumer<Channel> handlers = channel -> addHandlers(channel, destination);
        connector.open(destination, first, timeout, handlers, new Connector.Outcome() {
            @Override
            public void opened(Channel channel) {
                outcome.connected(channel.pipeline().get(Http1Connection.class));
            }

            @Override
            public void failed(String reason, boolean timedOut) {
                outcome.connectFailed(reason, timedOut);
            }
        });
    }

    private void addHandlers(Channel channel, Destination destination) {
        channel.pipeline().addLast("upstream", new Http1Connection(channel, destination, this));
    }

    void keep(Http1Connection connection) {
        ArrayDeque<Http1Connection> connections =
                idle.computeIfAbsent(connection.destination(), key -> new ArrayDeque<>());
        if (connections.size() >= MAX_IDLE) {
            connection.close();
            return;
        }
        connection.idleSince(nanoTime.getAsLong());
        connections.addLast(connection);
        connector.tally(connection.destination()).idle();
    }

    void forget(Http1Connection connection) {
        ArrayDeque<Http1Connection> connections = idle.get(connection.destination());
        if (connections != null && connections.remove(connection)) {
            connector.tally(connection.destination()).taken();
        }
    }

    /** Closes what has been idle for too long, and tells those who have waited for too long; called every now and then. */
    public void closeIdle() {
        long now = nanoTime.getAsLong();
        List<Http1Connection> old = new ArrayList<>();
        for (ArrayDeque<Http1Connection> connections : idle.values()) {
            Iterator<Http1Connection> oldestFirst = connections.iterator();
            while (oldestFirst.hasNext()) {
                Http1Connection connection = oldestFirst.next();
                if (now - connection.idleSince() <= MAX_IDLE_NANOS) {
                    break;
                }
                old.add(connection);
            }
        }
        old.forEach(Http1Connection::close); // each is forgotten as it closes
        new ArrayList<>(shared.values()).forEach(connections -> connections.sweep(now));
        shared.values().removeIf(SharedConnections::isUnused);
        idle.values().removeIf(ArrayDeque::isEmpty); // what no configuration names any more must not stay here
    }
}
