package io.portcullis.server.exchange;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.ClientKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is connected through one event loop, by client: what a ban has to end.
 *
 * <p>Owned by its event loop. A ban that falls on another one arrives as a task.
 */
final class LiveClients {

    /** Something of a client's that is alive: its connection, or its exchange on one that carries others, too. */
    interface Live {
        /** Ends at once if the ban's scope covers it, and the client is not exempt. */
        void endFor(Ban ban);

        /** Whether it is a connection on which nothing is under way, so that it can end for a new one. */
        default boolean canMakeWay() {
            return false;
        }

        /** Since when it waits, by {@link System#nanoTime}; means something where it {@link #canMakeWay}. */
        default long waitsSince() {
            return 0;
        }

        /** Ends, as one that {@link #canMakeWay}. */
        default void makeWay() {
            throw new IllegalStateException("something is under way");
        }
    }

    /** By how long they wait. */
    static final Comparator<Live> LONGEST_FIRST = (one, other) -> Long.signum(one.waitsSince() - other.waitsSince());

    private final Map<ClientKey, Set<Live>> byClient = new HashMap<>();

    void add(ClientKey client, Live live) {
        byClient.computeIfAbsent(client, key -> new HashSet<>(2)).add(live);
    }

    void remove(ClientKey client, Live live) {
        Set<Live> all = byClient.get(client);
        if (all != null && all.remove(live) && all.isEmpty()) {
            byClient.remove(client);
        }
    }

    /**
     * Ends the connection of the client's that waits for longest.
     *
     * @return false if on each of the others something is under way
     */
    boolean makeWay(ClientKey client, Live newcomer) {
        Optional<Live> longest = byClient.getOrDefault(client, Set.of()).stream()
                .filter(live -> live != newcomer && live.canMakeWay())
                .min(LONGEST_FIRST);
        longest.ifPresent(Live::makeWay);
        return longest.isPresent();
    }

    /** Ends what a ban of one client covers. */
    void endFor(Ban ban) {
        Set<Live> all = byClient.get(ban.client());
        if (all != null) {
            List<Live> ending = new ArrayList<>(all); // each removes itself
            ending.forEach(live -> live.endFor(ban));
        }
    }

    /** Ends what a ban of a whole block covers, which everybody who is connected is asked. */
    void endInside(Ban ban) {
        Cidr banned = cidr(ban.client());
        List<Live> ending = new ArrayList<>();
        byClient.forEach((client, all) -> {
            // A ban that is older than the prefix by which clients are counted now may be narrower than a client.
            if (banned.contains(client.network()) || cidr(client).contains(banned.network())) {
                ending.addAll(all);
            }
        });
        ending.forEach(live -> live.endFor(ban));
    }

    private static Cidr cidr(ClientKey client) {
        return new Cidr(client.network(), client.prefixLength());
    }
}
