package io.portcullis.server.listener;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the clients' connections of all listeners, and bounds them. As nginx does, it has idle ones closed when few places
 * are left, so that who only holds a place loses it to who comes; where nothing is idle, who comes is refused.
 * Thread-safe.
 */
public final class ConnectionLimit {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

    /** That part of all places is to be free: nginx's number. */
    private static final int RESERVE = 16;

    /**
     * So many at least, but no more than a quarter: a connection that makes way has its place until it is closed, and a
     * visitor who comes before that needs another one.
     */
    private static final int LEAST_RESERVE = 4;

    /** Where nothing was idle, nothing is looked for again for so long: that is a walk over all connections. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** The connections on which nothing is under way. */
    @FunctionalInterface
    public interface Idle {
        /**
         * Ends some, soon, and those first that wait for longest.
         *
         * @param most how many
         * @param then is told how many there were, on any thread, and in any case
         */
        void close(int most, IntConsumer then);
    }

    private final Idle idle;
    private final LongSupplier nanoTime;
    private final AtomicInteger open = new AtomicInteger();
    private final RecentPeers recentPeers = new RecentPeers();
    private final AtomicBoolean toldOfFew = new AtomicBoolean();
    private final AtomicBoolean toldOfNone = new AtomicBoolean();

    /** Whether places are being made. */
    private final AtomicBoolean making = new AtomicBoolean();

    private volatile long notBefore;

    /** @param nanoTime as {@link System#nanoTime} */
    public ConnectionLimit(Idle idle, LongSupplier nanoTime) {
        this.idle = idle;
        this.nanoTime = nanoTime;
        this.notBefore = nanoTime.getAsLong();
    }

    /** Counts the connection until it closes; false where there are {@code max} already. */
    boolean enter(Channel connection, int max) {
        int now = open.incrementAndGet();
        int reserve = reserveOf(max);
        if (now > max) {
            open.decrementAndGet();
            if (toldOfNone.compareAndSet(false, true)) {
                LOG.warn(
                        "{} connections are open, more are refused. Raise limits.max-connections if they are wanted",
                        max);
            }
            makePlaces(reserve);
            return false;
        }
        if (now > 1 && now > max - reserve) {
            if (toldOfFew.compareAndSet(false, true)) {
                LOG.warn(
                        "{} connections are open, of {} (limits.max-connections): those that are idle for longest are"
                                + " closed for new ones",
                        now,
                        max);
            }
            makePlaces(reserve);
        }
        recentPeers.add(connection.remoteAddress());
        connection.closeFuture().addListener(closed -> {
            if (open.decrementAndGet() < max / 2) {
                toldOfFew.set(false);
                toldOfNone.set(false);
            }
        });
        return true;
    }

    private static int reserveOf(int max) {
        return Math.max(1, Math.max(max / RESERVE, Math.min(LEAST_RESERVE, max / 4)));
    }

    private void makePlaces(int count) {
        if (nanoTime.getAsLong() - notBefore >= 0 && making.compareAndSet(false, true)) {
            idle.close(count, closed -> {
                if (closed == 0) {
                    notBefore = nanoTime.getAsLong() + PAUSE_NANOS;
                }
                making.set(false);
            });
        }
    }

    /** Where those that were let in came from, open or not. */
    public RecentPeers recentPeers() {
        return recentPeers;
    }

    /** The connections open now. */
    public int open() {
        return open.get();
    }
}
