package io.portcullis.core.ban;

import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.net.ClientKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is banned now.
 *
 * <p>Reads take no lock: what a client has is one immutable {@link ClientBans}, replaced as a whole,
 * so a reader sees a ban entirely or not at all. Writes to the same client are atomic. A ban that has run out is left
 * until {@link #expire} or the next write to its client, so whoever reads asks with the time.
 */
final class BanList {

    private final ConcurrentHashMap<ClientKey, ClientBans> clients = new ConcurrentHashMap<>();
    private final AtomicIntegerArray clientsOfLength = new AtomicIntegerArray(129);
    private final AtomicLong givenUp = new AtomicLong();

    /** @param seed random, so that nobody can choose addresses that fall together */
    BanList(int maxBans, long seed) {
        if (maxBans < 1) {
            throw new IllegalArgumentException("maxBans: " + maxBans + " (expected: at least 1), seed " + seed);
        }
    }

    /**
     * How requests of the client for the virtual host are refused, or null where they are not. Allocates nothing, and
     * reads the clock only where the client has a ban.
     */
    @Nullable
    Refuse refusal(ClientKey client, String virtualHost, InstantSource clock) {
        ClientBans bans = of(client);
        return bans.isEmpty() ? null : bans.refusal(virtualHost, clock.millis());
    }

    /**
     * How requests of the client for any of the virtual hosts are dropped, or null where one of them is let through or
     * gets an answer. Of several bans that do so together, one is given.
     */
    @Nullable
    Refuse refusalOfEvery(ClientKey client, Set<String> virtualHosts, InstantSource clock) {
        ClientBans bans = of(client);
        return bans.isEmpty() ? null : bans.refusalOfEvery(virtualHosts, clock.millis());
    }

    /** When the host's refusal ends; 0 where there is none. */
    long endOfRefusal(ClientKey client, String virtualHost, long now) {
        return of(client).endOfRefusal(virtualHost, now);
    }

    /**
     * Whether a ban in force covers every request within the scope.
     *
     * @param dryRunToo whether bans that only tell count
     */
    boolean covers(ClientKey client, BanScope scope, boolean dryRunToo, long now) {
        return of(client).covers(scope, dryRunToo, now);
    }

    /**
     * Puts a ban into force; its grounds are not kept. Of two of the same client, scope and mode the one that lasts
     * longer is kept, the older one if they last equally long: neither a jail nor a person shortens a ban, except by an
     * unban.
     *
     * @return whether it is in force now
     */
    boolean put(Ban ban, long now) {
        if (ban.isOver(now)) {
            return false;
        }
        boolean[] changed = {false};
        Ban kept = new Ban(ban.client(), ban.sentence(), ban.since(), ban.until(), Ban.Grounds.UNTOLD);
        clients.compute(ban.client(), (client, bans) -> {
            ClientBans before = bans == null ? ClientBans.NONE : bans;
            ClientBans after = before.with(kept, now);
            changed[0] = after != before;
            if (bans == null) {
                clientsOfLength.incrementAndGet(client.prefixLength());
            }
            return after;
        });
        return changed[0];
    }

    /** The bans in force of exactly that client. */
    List<Ban> inForce(ClientKey exactly, long now) {
        return clients.getOrDefault(exactly, ClientBans.NONE).inForce(now);
    }

    /** The bans in force that concern the client: its own and those on wider prefixes that contain it. */
    List<Ban> inForceOn(ClientKey client, long now) {
        return of(client).inForce(now);
    }

    /**
     * Takes bans of exactly that client out of force.
     *
     * @param now in milliseconds since the epoch
     * @return those taken that had not run out
     */
    List<Ban> remove(ClientKey exactly, Predicate<Ban> taken, long now) {
        List<Ban> removed = new ArrayList<>();
        clients.computeIfPresent(exactly, (key, bans) -> {
            bans.inForce(now).stream().filter(taken).forEach(removed::add);
            return orNull(key, bans.without(taken));
        });
        return removed;
    }

    /** Looks at every ban in force, in no order: not for an event loop. */
    void forEach(long now, Consumer<Ban> action) {
        clients.values().forEach(bans -> bans.inForce(now).forEach(action));
    }

    /** Those that have run out and are not yet swept among them. */
    int size() {
        return clients.values().stream().mapToInt(ClientBans::size).sum();
    }

    /** How many bans were ended early because there were too many. */
    long givenUp() {
        return givenUp.get();
    }

    /**
     * Sweeps out bans that have run out: not for an event loop.
     *
     * @return how many
     */
    int expire(long now) {
        int[] expired = {0};
        clients.forEach((client, bans) -> {
            if (bans.isAnyOver(now)) {
                clients.computeIfPresent(client, (key, latest) -> {
                    ClientBans kept = latest.without(ban -> ban.isOver(now));
                    expired[0] += latest.size() - kept.size();
                    return orNull(key, kept);
                });
            }
        });
        return expired[0];
    }

    private ClientBans of(ClientKey client) {
        ClientBans all = clients.getOrDefault(client, ClientBans.NONE);
        for (int length = 0; length < client.prefixLength(); length++) {
            if (clientsOfLength.get(length) > 0) {
                ClientKey wider = new ClientKey(client.network().truncate(length), length);
                all = all.and(clients.getOrDefault(wider, ClientBans.NONE));
            }
        }
        return all;
    }

    private @Nullable ClientBans orNull(ClientKey client, ClientBans bans) {
        if (bans.isEmpty()) {
            clientsOfLength.decrementAndGet(client.prefixLength());
            return null;
        }
        return bans;
    }
}
