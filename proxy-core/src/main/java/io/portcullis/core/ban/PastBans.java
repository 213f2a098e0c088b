package io.portcullis.core.ban;

import io.portcullis.core.ban.Evidence.PastBan;
import io.portcullis.core.net.ClientKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The bans that are remembered against those who come back: those in force, and those that have ended no longer ago than
 * the configuration says. The last {@value #MAX_A_CLIENT} of a client, and of as many clients as are tracked.
 *
 * <p>Safe for use by many threads as long as each holds the lock of the client that it asks about.
 */
final class PastBans {

    static final int MAX_A_CLIENT = 20;

    private final RecentClients<List<Past>> clients;

    private record Past(Sentence sentence, long since, long until) {

        boolean isOf(Ban ban) {
            return since == ban.since() && sentence.equals(ban.sentence());
        }

        boolean isRemembered(long now, long remember) {
            return until >= now || now - until < remember;
        }
    }

    /** @param seed random */
    PastBans(int maxClients, long seed) {
        this.clients = new RecentClients<>(maxClients, seed);
    }

    /** Remembers a ban, which need not be the latest. */
    void add(Ban ban) {
        List<Past> past = clients.see(ban.client(), ban.until(), () -> new ArrayList<>(1));
        int at = past.size();
        while (at > 0 && past.get(at - 1).since > ban.since()) {
            at--;
        }
        if (at > 0 && past.get(at - 1).isOf(ban)) {
            return; // a store that several machines share may tell it twice
        }
        past.add(at, new Past(ban.sentence(), ban.since(), ban.until()));
        if (past.size() > MAX_A_CLIENT) {
            past.remove(0);
        }
    }

    /** Remembers no ban of that scope any longer: whoever is let in again begins anew. */
    void forgive(ClientKey client, BanScope scope) {
        List<Past> past = clients.peek(client);
        if (past != null) {
            past.removeIf(one -> one.sentence.scope().equals(scope));
            if (past.isEmpty()) {
                clients.forget(client);
            }
        }
    }

    /** How often that jail has banned the client in that scope. */
    int count(ClientKey client, Sentence sentence, long now, long remember) {
        return count(
                client,
                past -> past.isRemembered(now, remember)
                        && past.sentence.jail().equals(sentence.jail())
                        && past.sentence.scope().equals(sentence.scope()));
    }

    /** How often the client has been banned on the host, or on all, since that time, by the jails that are wanted. */
    int countSince(ClientKey client, String virtualHost, long since, Predicate<String> jails) {
        return count(
                client,
                past -> past.since > since
                        && past.sentence.scope().covers(virtualHost)
                        && jails.test(past.sentence.jail()));
    }

    private int count(ClientKey client, Predicate<Past> wanted) {
        List<Past> past = clients.peek(client);
        return past == null ? 0 : (int) past.stream().filter(wanted).count();
    }

    /** Those that have ended, oldest first. */
    List<PastBan> ended(ClientKey client, long now, long remember) {
        List<Past> past = clients.peek(client);
        if (past == null) {
            return List.of();
        }
        return past.stream()
                .filter(one -> one.until <= now && one.isRemembered(now, remember))
                .map(one -> new PastBan(one.sentence.scope(), one.sentence.jail(), one.since))
                .toList();
    }

    /** Lets go of a share of those that are remembered no longer. */
    void expire(long now, long remember) {
        clients.sweep(now, remember);
    }
}
