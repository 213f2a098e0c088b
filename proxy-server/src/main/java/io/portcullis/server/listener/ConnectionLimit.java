package io.portcullis.server.listener;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the clients' connections of all listeners, and bounds them. Thread-safe. */
public final class ConnectionLimit {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

    private final AtomicInteger open = new AtomicInteger();
    private final RecentPeers recentPeers = new RecentPeers();
    private final AtomicBoolean told = new AtomicBoolean();

    /** Counts the connection until it closes; false where there are {@code max} already. */
    boolean enter(Channel connection, int max) {
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            if (told.compareAndSet(false, true)) {
                LOG.warn(
                        "{} connections are open, more are refused. Raise limits.max-connections if they are wanted",
                        max);
            }
            return false;
        }
        recentPeers.add(connection.remoteAddress());
        connection.closeFuture().addListener(closed -> {
            if (open.decrementAndGet() < max / 2) {
                told.set(false);
            }
        });
        return true;
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
