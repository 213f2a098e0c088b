package io.portcullis.server.exchange;

import io.portcullis.core.upstream.Endpoint;
import io.portcullis.core.upstream.Upstream;
import io.portcullis.server.observe.Event;
import io.portcullis.server.observe.metrics.EndpointFailure;
import io.portcullis.server.observe.metrics.EndpointTally;
import io.portcullis.server.upstream.ConnectionPool;
import io.portcullis.server.upstream.Destination;
import io.portcullis.server.upstream.ReachableUpstream;
import io.portcullis.server.upstream.UpstreamConnection;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tries of one exchange to reach an endpoint of its upstream.
 *
 * <p>An endpoint that cannot be connected to is passed over for the next, as long as there is one: not a byte was sent.
 * A pooled connection that turns out stale is replaced by a fresh one, once, where the request may be sent twice.
 *
 * <p>Owned by one event loop.
 */
final class EndpointTries {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointTries.class);

    /**
     * A request that may not be sent twice takes only a connection used this recently: the endpoint is unlikely to be
     * closing it at this moment, and if it does, the client gets a 502 that nobody can spare it.
     */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final byte[] NOTHING = {};

    private final ReachableUpstream reachable;
    private final Worker worker;
    private final Exchange exchange;
    private final boolean bodyless;
    private final boolean repeatable;

    private @Nullable Set<Endpoint> tried;
    private @Nullable Endpoint endpoint;
    private @Nullable EndpointTally tally;
    private boolean retried;
    private boolean givenUp;

    /**
     * @param bodyless whether the request is its head, and so can be sent again
     * @param idempotent whether it may be done twice
     */
    EndpointTries(ReachableUpstream reachable, Exchange exchange, boolean bodyless, boolean idempotent) {
        this.reachable = reachable;
        this.exchange = exchange;
        this.worker = exchange.stream().worker();
        this.bodyless = bodyless;
        this.repeatable = bodyless && idempotent;
    }

    /** Finds a connection: a pooled one at once, otherwise a new one. One of the two is told, once. */
    void next(Consumer<UpstreamConnection> connected, Consumer<Fault> exhausted) {
        Endpoint chosen = reachable.upstream().next(tried == null ? Set.of() : tried, now());
        if (chosen == null) {
            exhausted.accept(fault(502, "no endpoint left to try"));
            return;
        }
        endpoint = chosen;
        Destination destination = reachable.destination(chosen);
        tally = worker.meter.tally(destination.meter());
        UpstreamConnection pooled = worker.pool.take(destination, repeatable ? Long.MAX_VALUE : FRESH_NANOS);
        if (pooled != null) {
            connected.accept(pooled);
        } else {
            connect(destination, connected, exhausted);
        }
    }

    /** Tries the same endpoint again, on a fresh connection. */
    void again(Consumer<UpstreamConnection> connected, Consumer<Fault> exhausted) {
        retried = true;
        if (tally != null) {
            tally.retried();
        }
        connect(reachable.destination(current()), connected, exhausted);
    }

    private void connect(Destination destination, Consumer<UpstreamConnection> connected, Consumer<Fault> exhausted) {
        byte[] first = destination.isToldTheClient() ? exchange.proxyHeader() : NOTHING;
        Duration timeout = exchange.rules().timeouts().connect();
        worker.pool.connect(destination, first, timeout, new ConnectionPool.Connecting() {
            @Override
            public void connected(UpstreamConnection connection) {
                connected.accept(connection);
                connection.flush(); // no read of the client's is under way whose end would do it
            }

            @Override
            public void connectFailed(String reason, boolean timedOut) {
                Fault fault = fault(timedOut ? 504 : 502, endpointName() + " not reached: " + reason);
                failed(timedOut ? EndpointFailure.CONNECT_TIMEOUT : EndpointFailure.CONNECT, reason);
                if (givenUp) {
                    return;
                }
                if (haveTried() < reachable.upstream().endpoints().size()) {
                    next(this::connected, exhausted); // a pooled one, too, has to be flushed now
                } else {
                    exhausted.accept(fault);
                }
            }
        });
    }

    private int haveTried() {
        Set<Endpoint> all = tried;
        if (all == null) {
            all = new HashSet<>();
            tried = all;
        }
        all.add(current());
        return all.size();
    }

    /** The client is gone: no further endpoint is tried for it. */
    void giveUp() {
        givenUp = true;
    }

    /**
     * Whether the request may go out again: the endpoint says that it did nothing with it, or the connection may have been
     * stale, having failed before any answer.
     */
    boolean mayRetry(UpstreamConnection lost) {
        return !retried && ((bodyless && lost.isUnprocessed()) || (repeatable && lost.mayBeStale()));
    }

    /** The endpoint answered, so long after it was given the request: it is well. */
    void answered(long nanos) {
        if (tally != null) {
            tally.answered(nanos);
        }
        if (reachable.upstream().succeeded(current())) {
            LOG.info("endpoint {} of {} is back", current(), upstreamName());
            worker.shared.events().publish(new Event.EndpointBack(upstreamName(), endpointName()));
        }
    }

    /** The endpoint failed this exchange. An upstream's only one is tried all the same, so it never is out. */
    void failed(EndpointFailure how, String reason) {
        if (tally != null) {
            tally.failed(how);
        }
        Endpoint failing = endpoint;
        Upstream upstream = reachable.upstream();
        if (failing == null || !upstream.failed(failing, now())) {
            return;
        }
        worker.shared.events().publish(new Event.EndpointOut(upstreamName(), endpointName(), reason));
        if (upstream.endpoints().size() > 1) {
            int tries = upstream.config().maxFails();
            LOG.warn(
                    "endpoint {} of {} is out for {} s after {} failed {}: {}",
                    failing,
                    upstreamName(),
                    upstream.config().failTimeout().toSeconds(),
                    tries,
                    tries == 1 ? "try" : "tries",
                    reason);
        }
    }

    Fault fault(int status, String message) {
        return Fault.ofUpstream(status, upstreamName(), message);
    }

    String endpointName() {
        return String.valueOf(endpoint);
    }

    private String upstreamName() {
        return reachable.upstream().config().name();
    }

    private Endpoint current() {
        Endpoint chosen = endpoint;
        if (chosen == null) {
            throw new IllegalStateException("no endpoint chosen (expected: after next)");
        }
        return chosen;
    }

    private long now() {
        return worker.shared.clock().millis();
    }
}
