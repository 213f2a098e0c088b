package io.portcullis.core.ban;

import io.portcullis.core.net.ClientKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is banned now.
 *
 * <p>Reads take no lock and allocate nothing: what a client has is one immutable {@link ClientBans}, replaced as a whole,
 * so a reader sees a ban entirely or not at all. Writes to the same client are atomic. A ban that has run out is left
 * until {@link #expire} or the next write to its client, so whoever reads asks with the time.
 */
final class BanList {

    private final ConcurrentHashMap<ClientKey, ClientBans> clients = new ConcurrentHashMap<>();

    /** May hold bans that have run out. */
    ClientBans of(ClientKey client) {
        return clients.getOrDefault(client, ClientBans.NONE);
    }

    /**
     * Puts a ban into force.
     *
     * @return false if one of the same scope that lasts as long was there and is kept
     */
    boolean put(Ban ban) {
        boolean[] changed = {false};
        clients.compute(ban.client(), (client, bans) -> {
            ClientBans before = bans == null ? ClientBans.NONE : bans;
            ClientBans after = before.with(ban);
            changed[0] = after != before;
            return after;
        });
        return changed[0];
    }

    /**
     * Takes bans of a client out of force.
     *
     * @param now in milliseconds since the epoch
     * @return those taken that had not run out
     */
    List<Ban> remove(ClientKey client, Predicate<Ban> taken, long now) {
        List<Ban> removed = new ArrayList<>();
        clients.computeIfPresent(client, (key, bans) -> {
            bans.inForce(now).stream().filter(taken).forEach(removed::add);
            return orNull(bans.without(taken));
        });
        return removed;
    }

    List<Ban> inForce(long now) {
        List<Ban> all = new ArrayList<>();
        clients.values().forEach(bans -> all.addAll(bans.inForce(now)));
        return all;
    }

    /**
     * Sweeps out bans that have run out. Looks at every client, a tenth of a second for a million of them: not for an
     * event loop.
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
                    return orNull(kept);
                });
            }
        });
        return expired[0];
    }

    private static @Nullable ClientBans orNull(ClientBans bans) {
        return bans.isEmpty() ? null : bans;
    }
}
