package io.portcullis.core.ban;

import io.portcullis.core.config.BansConfig.SickUpstream;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.net.ClientKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts what was seen against the client, and says which jails have counted enough.
 *
 * <p>Not counted is what the application is at fault for, what a person has granted grace for, and what a client does
 * within the scope of a ban: what it had in flight does not prolong it.
 *
 * <p>{@link #count} holds the client's lock.
 */
final class Counting {

    private final TrackedClients tracked;
    private final BanList bans;
    private final PathHash paths;

    Counting(TrackedClients tracked, BanList bans, PathHash paths) {
        this.tracked = tracked;
        this.bans = bans;
        this.paths = paths;
    }

    /**
     * How many offences it is for each of the candidates, or null where it is none for any. Holds no lock: to match a
     * path takes as long as a stranger likes to make it.
     */
    static int @Nullable [] offences(Jail[] candidates, Observation seen) {
        int[] offences = null;
        for (int i = 0; i < candidates.length; i++) {
            int counted = candidates[i].offences(seen);
            if (counted > 0) {
                offences = offences == null ? new int[candidates.length] : offences;
                offences[i] = counted;
            }
        }
        return offences;
    }

    /** @param offences by index of the observation's candidates */
    List<Conviction> count(ClientKey client, Observation seen, int[] offences, SickUpstream limits, long now) {
        Jail[] jails = seen.jails().candidates(seen);
        List<Conviction> convictions = List.of();
        for (int i = 0; i < jails.length; i++) {
            // Bans are imposed after all have counted: of two jails that the same answer makes ban, neither keeps the
            // other from it.
            if (offences[i] > 0 && !isExcused(jails[i], seen, client) && !isCovered(client, jails[i], now)) {
                Conviction conviction = count(client, jails[i], seen, offences[i], now);
                if (conviction != null && !isExcusedFromBan(conviction, seen, client, limits, now)) {
                    convictions = convictions.isEmpty() ? new ArrayList<>(2) : convictions;
                    convictions.add(conviction);
                }
            }
        }
        return convictions;
    }

    private static boolean isExcused(Jail jail, Observation seen, ClientKey client) {
        return jail.namesStatuses() && seen.jails().survey().excuses(seen.status(), client);
    }

    private static boolean isExcusedFromBan(
            Conviction conviction, Observation seen, ClientKey client, SickUpstream limits, long now) {
        return conviction.jail().namesStatuses()
                && seen.jails().survey().excusesFromBan(seen.status(), client, limits, now);
    }

    /** A jail on trial is held back by its own bans, too, so that it tells of one once per ban time. */
    private boolean isCovered(ClientKey client, Jail jail, long now) {
        return bans.covers(client, jail.scope(), jail.sentence().mode() == Sentence.Mode.DRY_RUN, now);
    }

    private @Nullable Conviction count(ClientKey client, Jail jail, Observation seen, int offences, long now) {
        TrackedClient counters = tracked.see(client, now);
        if (counters.isInGrace(jail.scope(), now)) {
            return null;
        }
        OffenceCounter counter = counters.counterOf(jail, seen.jails().survey(), now);
        RequestHead request = seen.request();
        Offence offence =
                new Offence(now, jail.virtualHost(), jail.name(), request.method(), request.target(), seen.status());
        counters.remember(offence);
        int count = jail.countsDistinctPaths()
                ? counter.addPath(offence, paths.of(request.path()), jail.maxRetry(), jail.findTime())
                : counter.add(offence, offences, jail.maxRetry(), jail.findTime());
        if (count < jail.maxRetry() && offences != AnswerWeight.NOW) {
            return null;
        }
        List<Offence> evidence = counter.evidence();
        counters.clear(jail);
        return new Conviction(jail, evidence);
    }
}
