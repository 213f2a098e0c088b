package io.portcullis.server.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpScheme;
import io.portcullis.core.upstream.Endpoint;
import io.portcullis.server.observe.metrics.EndpointTally;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections of one event loop to one destination.
 *
 * <p>Mostly one. Another is opened when the endpoint takes no more streams on those there are; when there are as many as
 * there may be, exchanges wait for a stream, and not for long. The oldest with room is used first, so that those a lull
 * makes superfluous grow idle and go.
 *
 * <p>Owned by its event loop.
 */
final class SharedConnections {

    /** A connection that many clients share can tell of none. */
    private static final byte[] NOTHING = {};

    static final int MAX_CONNECTIONS = 64;

    /** Exchanges that wait for a stream; more are told at once that there is none. */
    static final int MAX_WAITING = 1_024;

    /** After a failed try, those that wait wait for a stream of the connections there are. */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String HANDSHAKE = "handshake";
    private static final Handshaking HANDSHAKING = new Handshaking();

    private record Waiting(ConnectionPool.Connecting outcome, Duration timeout, long until) {}

    private final Destination destination;
    private final Connector connector;
    private final LongSupplier nanoTime;
    /** Those that are not ready yet among them. */
    private final List<SharedConnection> open = new ArrayList<>();

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    /** Tries under way: sockets not connected yet, and connections not ready. */
    private int opening;
    /** How many streams a new connection is thought to take: as many as the last one did. */
    private int expectedStreams = SharedConnection.MAX_STREAMS;

    private boolean failedLately;
    private long failedAt;

    SharedConnections(Destination destination, Connector connector, LongSupplier nanoTime) {
        this.destination = destination;
        this.connector = connector;
        this.nanoTime = nanoTime;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** What this event loop counts in of the endpoint. */
    EndpointTally tally() {
        return connector.tally(destination);
    }

    Endpoint endpoint() {
        return destination.endpoint();
    }

    /** A stream of a connection that has room for it, if any has. */
    @Nullable
    UpstreamConnection take() {
        for (int i = 0; i < open.size(); i++) {
            SharedConnection connection = open.get(i);
            if (connection.hasRoom()) {
                return connection.open();
            }
        }
        return null;
    }

    void connect(Duration timeout, ConnectionPool.Connecting outcome) {
        UpstreamConnection stream = waiting.isEmpty() ? take() : null;
        if (stream != null) {
            outcome.connected(stream);
        } else if (waiting.size() >= MAX_WAITING) {
            outcome.connectFailed("no stream free, and " + MAX_WAITING + " exchanges wait for one", false);
        } else {
            waiting.add(new Waiting(outcome, timeout, now() + timeout.toNanos()));
            openAsNeeded(timeout);
        }
    }

    private void openAsNeeded(Duration timeout) {
        if (failedLately && hasUsable() && now() - failedAt < RETRY_NANOS) {
            return;
        }
        int needed = (waiting.size() + expectedStreams - 1) / Math.max(1, expectedStreams);
        int more = Math.min(needed - opening, MAX_CONNECTIONS - open.size() - opening);
        for (int i = 0; i < more; i++) {
            openOne(timeout);
        }
    }

    private void openOne(Duration timeout) {
        opening++;
        connector.open(
                destination,
                NOTHING,
                timeout,
                channel -> channel.pipeline().addLast(HANDSHAKE, HANDSHAKING),
                new Connector.Outcome() {
                    @Override
                    public void opened(Channel channel) {
                        channel.pipeline().remove(HANDSHAKE);
                        HttpScheme scheme = destination.tls() == null ? HttpScheme.HTTP : HttpScheme.HTTPS;
                        open.add(SharedConnection.on(
                                channel, SharedConnections.this, scheme.name(), now() + timeout.toNanos()));
                    }

                    @Override
                    public void failed(String reason, boolean timedOut) {
                        notOpened(reason, timedOut);
                    }
                });
    }

    private boolean hasUsable() {
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i).isUsable()) {
                return true;
            }
        }
        return false;
    }

    private void notOpened(String reason, boolean timedOut) {
        opening--;
        failedLately = true;
        failedAt = now();
        if (opening > 0 || hasUsable()) {
            return; // those who wait may still get a stream
        }
        List<Waiting> all = new ArrayList<>(waiting);
        waiting.clear();
        all.forEach(one -> one.outcome.connectFailed(reason, timedOut));
    }

    // What connections tell

    void isReady(SharedConnection connection) {
        opening--;
        failedLately = false;
        expectedStreams = connection.maxStreams();
        serve();
    }

    /** It has ended an exchange, or takes more than before. */
    void roomMade() {
        serve();
    }

    void lost(SharedConnection connection, boolean neverReady) {
        open.remove(connection);
        if (neverReady) {
            notOpened(connection.reasonOfEnd(), connection.hasTimedOut());
        } else {
            serve();
        }
    }

    private void serve() {
        while (!waiting.isEmpty()) {
            UpstreamConnection stream = take();
            if (stream == null) {
                openAsNeeded(waiting.element().timeout);
                return;
            }
            waiting.remove().outcome.connected(stream);
        }
    }

    /** Closes what is idle, and tells those who have waited for too long; called every now and then. */
    void sweep(long now) {
        new ArrayList<>(open).forEach(connection -> connection.sweep(now));
        List<Waiting> late = new ArrayList<>();
        waiting.removeIf(one -> now - one.until > 0 && late.add(one));
        late.forEach(one -> one.outcome.connectFailed("no stream free in time", true));
    }

    /** Stands where HTTP/2 will, as long as it is not known that it is spoken; faults are told by the handshake's end. */
    @ChannelHandler.Sharable
    private static final class Handshaking extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** Whether there is nothing to keep it for. */
    boolean isUnused() {
        return open.isEmpty() && waiting.isEmpty() && opening == 0;
    }
}
