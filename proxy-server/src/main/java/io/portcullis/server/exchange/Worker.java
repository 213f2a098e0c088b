package io.portcullis.server.exchange;

import io.netty.channel.EventLoop;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.server.observe.AccessLog;
import io.portcullis.server.observe.Events;
import io.portcullis.server.observe.RareWarning;
import io.portcullis.server.observe.metrics.WorkerMeter;
import io.portcullis.server.upstream.ConnectionPool;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop, with all that its connections share: time-outs, pooled endpoint connections, who is connected.
 *
 * <p>Owned by its event loop; what may be called from elsewhere says so.
 */
public final class Worker {

    /**
     * What all workers share; thread-safe each.
     *
     * @param clock the wall clock, for what people are told
     * @param nanoTime for time-outs and durations, as {@link System#nanoTime}
     */
    public record Shared(
            BanEngine bans,
            AccessLog accessLog,
            Events events,
            InstantSource clock,
            LongSupplier nanoTime,
            TarpitPlaces tarpit,
            ClientPlaces places) {}

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long IDLE_SWEEP_MILLIS = 1_000;

    final EventLoop eventLoop;
    final Shared shared;
    final WorkerMeter meter;
    final Deadlines deadlines;
    final LiveClients live = new LiveClients();
    final ConnectionPool pool;
    final ErrorResponder responder = new ErrorResponder();
    final VerdictHeader verdictHeader;
    final RareWarning proxyHeaderWarning;
    final RareWarning greedyClientWarning;

    final RandomGenerator random;
    /** From the oldest to the newest. */
    private final Set<ClientConnection> connections = new LinkedHashSet<>();

    private @Nullable Patience draining;

    /**
     * @param meter what this event loop counts in, as the pool does
     * @param random for request ids; used on the event loop only
     */
    public Worker(EventLoop eventLoop, Shared shared, WorkerMeter meter, ConnectionPool pool, RandomGenerator random) {
        this.eventLoop = eventLoop;
        this.shared = shared;
        this.meter = meter;
        this.pool = pool;
        this.random = random;
        this.deadlines = new Deadlines(shared.nanoTime());
        this.verdictHeader = new VerdictHeader(shared.clock());
        this.proxyHeaderWarning = new RareWarning(shared.clock());
        this.greedyClientWarning = new RareWarning(shared.clock());
    }

    /** Begins the sweeps. */
    public void start() {
        every(Deadlines.SWEEP_MILLIS, this::sweep);
        every(IDLE_SWEEP_MILLIS, pool::closeIdle);
    }

    /** An event loop ends for good what has thrown once, and without time-outs its connections fill the process. */
    private void every(long millis, Runnable round) {
        Runnable guarded = () -> {
            try {
                round.run();
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.error("internal fault in what an event loop does again and again. Please report this", e);
            }
        };
        eventLoop.scheduleWithFixedDelay(guarded, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        meter.ticked(shared.nanoTime().getAsLong());
        deadlines.sweep();
    }

    /** Ends what a ban covers on this event loop. From any thread. */
    public void endFor(Ban ban) {
        if (ban.isDryRun()) {
            return;
        }
        boolean ofOneClient = shared.bans().keyOf(ban.client().network()).equals(ban.client());
        eventLoop.execute(() -> {
            if (ofOneClient) {
                live.endFor(ban);
            } else {
                live.endInside(ban);
            }
        });
    }

    /**
     * Lets every connection end with its exchange, and those without one as the patience says. May be asked for again
     * with less patience; with more, nothing changes. From any thread.
     */
    public void drain(Patience patience) {
        if (eventLoop.isShuttingDown()) {
            return;
        }
        eventLoop.execute(() -> {
            if (draining != Patience.SHORT) {
                draining = patience;
                new ArrayList<>(connections).forEach(connection -> connection.drain(patience));
            }
        });
    }

    /**
     * Lets the connections of a listener that is gone end with their next exchanges. From any thread.
     */
    public void leave(Supplier<ListenerRules> listener) {
        eventLoop.execute(() -> cameBy(listener).forEach(connection -> connection.drain(Patience.LONG)));
    }

    /** Cuts what is left of the connections of a listener that is gone. From any thread. */
    public void cut(Supplier<ListenerRules> listener) {
        eventLoop.execute(() -> cameBy(listener).forEach(ClientConnection::cut));
    }

    /**
     * Ends connections on which nothing is under way, those first that wait for longest. From any thread.
     *
     * @param most how many
     * @param then is told how many there were, on the event loop
     */
    public void closeIdle(int most, IntConsumer then) {
        if (eventLoop.isShuttingDown()) {
            then.accept(0);
            return;
        }
        eventLoop.execute(() -> {
            int closed = 0;
            try {
                closed = closeIdle(most);
            } finally {
                then.accept(closed);
            }
        });
    }

    private int closeIdle(int most) {
        List<ClientConnection> idle = connections.stream()
                .filter(ClientConnection::canMakeWay)
                .sorted(LiveClients.LONGEST_FIRST)
                .limit(most)
                .toList();
        idle.forEach(ClientConnection::makeWay);
        return idle.size();
    }

    private List<ClientConnection> cameBy(Supplier<ListenerRules> listener) {
        return connections.stream()
                .filter(connection -> connection.cameBy(listener))
                .toList();
    }

    /** Whether each exchange is the last of its connection. */
    boolean isDraining() {
        return draining != null;
    }

    /** Whether a connection without an exchange has to end. */
    boolean endsIdle() {
        return draining == Patience.SHORT;
    }

    void opened(ClientConnection connection) {
        connections.add(connection);
    }

    void closed(ClientConnection connection) {
        connections.remove(connection);
    }
}
