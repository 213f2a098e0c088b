package io.portcullis.core.ban;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy.FixedExpiration;
import io.portcullis.core.net.ClientKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clients that have counters, bounded in number: the least recently seen is forgotten first.
 *
 * <p>The bound is not Caffeine's {@code maximumSize}, since that admits by frequency (TinyLFU): what is new and rare
 * loses against what was often seen. That is right for a cache and wrong here. Whoever first makes the cache warm with
 * many addresses has every later one forgotten between two of its offences: with 8 offences each, a client that should
 * be banned at its 5th was banned at its 10th to 15th. By recency, as many other clients as the bound must be seen
 * between two offences before one is lost. So Caffeine keeps the order of access, which it does for its expiry, and the
 * oldest are taken out by it.
 *
 * <p>A client is also forgotten once the longest find-time in use has passed since its last offence: no window can hold
 * anything of it then. Taking a time into use only ever prolongs that, so after a reload with shorter windows clients
 * are kept longer than needed, within the bound.
 *
 * <p>Safe for use by many threads; what is in a {@link TrackedClient} is guarded by its client's lock in the
 * {@link BanEngine}.
 */
final class TrackedClients {

    /** How many are forgotten at once, at most: enough to share the price of asking for the oldest. */
    private static final int MAX_BATCH = 256;

    private final int bound;
    private final int batch;
    private final Cache<ClientKey, TrackedClient> clients;
    private final FixedExpiration<ClientKey, TrackedClient> expiration;
    private final Object trimming = new Object();
    private volatile long longestFindTime = 1;

    TrackedClients(int bound, InstantSource clock) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound: " + bound + " (expected: >= 1)");
        }
        this.bound = bound;
        this.batch = Math.max(1, Math.min(MAX_BATCH, bound / 64));
        this.clients = Caffeine.newBuilder()
                .expireAfterAccess(Duration.ofMillis(longestFindTime))
                // Time goes by the clock that offences are stamped with. Only differences matter, so wrapping is
                // harmless.
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                // Upkeep on the calling thread is short, and no pool of threads outlives the engine.
                .executor(Runnable::run)
                .build();
        this.expiration = clients.policy().expireAfterAccess().orElseThrow();
    }

    /** Sees the client: it becomes the most recent one. Never more than the bound and a client a thread are held. */
    TrackedClient see(ClientKey key) {
        TrackedClient client = clients.get(key, k -> new TrackedClient());
        if (clients.estimatedSize() > bound) {
            trim();
        }
        return client;
    }

    /** Does not count as seeing it. */
    @Nullable
    TrackedClient peek(ClientKey key) {
        return clients.policy().getIfPresentQuietly(key);
    }

    void forget(ClientKey key) {
        clients.invalidate(key);
    }

    /**
     * Keeps clients at least that long after they were seen. To be called before the first offence in a window of that
     * length is counted.
     *
     * @param findTime in milliseconds
     */
    void keepFor(long findTime) {
        if (findTime > longestFindTime) {
            lengthen(findTime);
        }
    }

    private synchronized void lengthen(long findTime) {
        if (findTime > longestFindTime) {
            expiration.setExpiresAfter(Duration.ofMillis(findTime));
            longestFindTime = findTime;
        }
    }

    /** Lets go of clients whose time is over; without it that happens as others are seen. */
    void expire() {
        clients.cleanUp();
    }

    long size() {
        return clients.estimatedSize();
    }

    private void trim() {
        synchronized (trimming) {
            long excess = clients.estimatedSize() - bound;
            if (excess > 0) {
                int limit = (int) Math.max(batch, excess);
                clients.invalidateAll(expiration.oldest(limit).keySet());
            }
        }
    }
}
