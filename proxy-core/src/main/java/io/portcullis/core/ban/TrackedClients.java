package io.portcullis.core.ban;

import io.portcullis.core.net.ClientKey;
import org.jspecify.annotations.Nullable;

/**
 * The clients that have counters, bounded in number: the least recently seen is forgotten first.
 *
 * <p>A client is also forgotten some time after the longest find-time in use has passed since its last offence: no window
 * can hold anything of it then. Taking a time into use only ever prolongs that, so after a reload with shorter windows
 * clients are kept longer than needed, within the bound.
 *
 * <p>Safe for use by many threads; what is in a {@link TrackedClient} is guarded by its client's lock in the
 * {@link BanEngine}.
 */
final class TrackedClients {

    private final RecentClients<TrackedClient> clients;
    private volatile long longestFindTime = 1;

    /** @param seed random */
    TrackedClients(int bound, long seed) {
        this.clients = new RecentClients<>(bound, seed);
    }

    /** Sees the client: it becomes the most recent one. */
    TrackedClient see(ClientKey key, long now) {
        return clients.see(key, now, TrackedClient::new);
    }

    /** Does not count as seeing it. */
    @Nullable
    TrackedClient peek(ClientKey key) {
        return clients.peek(key);
    }

    /**
     * Forgets what was counted for bans of that scope, and for a while counts no more.
     *
     * @param scope null for every scope
     * @param grace in milliseconds; 0 for none
     */
    void pardon(ClientKey key, @Nullable BanScope scope, long now, long grace) {
        TrackedClient client = clients.peek(key);
        if (scope == null) {
            clients.forget(key);
        } else if (client != null) {
            client.clear(scope);
        }
        if (grace > 0) {
            keepFor(grace);
            see(key, now).grant(scope, now, BanTime.until(now, grace));
        }
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
        longestFindTime = Math.max(longestFindTime, findTime);
    }

    /** Lets go of a share of the clients whose time is over: of all, when called every second, within about a minute. */
    void expire(long now) {
        clients.sweep(now, longestFindTime);
    }

    int size() {
        return clients.size();
    }

    int bound() {
        return clients.bound();
    }

    /** How many were forgotten early because there were too many. */
    long evicted() {
        return clients.evicted();
    }
}
