package io.portcullis.core.ban;

import io.portcullis.core.config.BansConfig.SickUpstream;
import io.portcullis.core.net.ClientKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an application that is at fault from clients that are: where a large share of all clients of a virtual host gets
 * the same error, it is not they who have begun to offend.
 *
 * <p>It counts the distinct clients of the last minute that got any answer, and for each status those that were about to
 * have it counted against them. While their share is too large, that status is not counted by jails that go by statuses;
 * what these had counted before is void, and the bans that they made for it are given back to be lifted. That lasts
 * until for a whole minute the share has not been too large.
 *
 * <p>Strangers whom it has already banned are in neither number: who came only to offend says nothing of the
 * application. Otherwise ten attackers, one after the other, would get a quiet site to excuse the eleventh. A client that
 * was served well in the last minutes is no stranger, and what it gets now is told by all that it gets.
 *
 * <p>Safe for use by many threads; {@link #check} is called by one at a time, every second.
 */
final class ErrorSurvey {

    static final long WINDOW = 60_000;

    /** Half as long as good standing lasts. */
    private static final long STANDING = 300_000;

    private static final Logger LOG = LoggerFactory.getLogger(ErrorSurvey.class);
    private static final int FIRST_ERROR = 400;
    private static final int LAST_ERROR = 599;

    /** More bans than that within a minute are not lifted together: memory is bounded before fairness is. */
    private static final int MAX_RECENT = 10_000;

    private final String virtualHost;
    private final KeyedHash hash;
    private final DistinctClients answered = new DistinctClients();

    /** Those that got something other than an error. */
    private final DistinctClients served = new DistinctClients();

    private final AtomicReferenceArray<@Nullable Status> statuses =
            new AtomicReferenceArray<>(LAST_ERROR - FIRST_ERROR + 1);

    /** Those that have ever been too frequent; hardly any. */
    private volatile List<Status> onceSick = List.of();

    /** Bans of the last minute, oldest first; guarded by itself. */
    private final Deque<Fallen> recent = new ArrayDeque<>();

    private long rotatedAt;
    private long standingRotatedAt;

    private record Fallen(int status, Ban ban) {}

    private static final class Status {
        private final int code;
        private final DistinctClients clients = new DistinctClients();
        private final DistinctClients bannedStrangers = new DistinctClients();
        private volatile boolean sick;
        private final AtomicInteger amnesties = new AtomicInteger();
        private volatile long lastTooMany;

        Status(int code) {
            this.code = code;
        }
    }

    ErrorSurvey(String virtualHost, KeyedHash hash) {
        this.virtualHost = virtualHost;
        this.hash = hash;
    }

    /** An answer, of whatever status, goes to that client. Allocates nothing. */
    void answered(ClientKey client, int status) {
        long hashed = hash.of(client);
        answered.add(hashed);
        if (status < FIRST_ERROR) {
            served.add(hashed);
        }
    }

    /**
     * An answer of that status is about to be counted against that client by a jail that goes by statuses.
     *
     * @return whether it must not be
     */
    boolean excuses(int status, ClientKey client) {
        if (status < FIRST_ERROR || status > LAST_ERROR) {
            return false;
        }
        long hashed = hash.of(client);
        Status error = of(status);
        error.clients.add(hashed);
        // Whoever is in the one is in the other: the share can't be larger than the whole.
        answered.add(hashed);
        return error.sick;
    }

    /**
     * A jail that goes by statuses is about to ban that client for that one: the last moment to find out that it is the
     * application's fault, since a burst of errors is over before {@link #check} comes by.
     *
     * @return whether it must not ban
     */
    boolean excusesFromBan(int status, ClientKey client, SickUpstream limits, long now) {
        if (status < FIRST_ERROR || status > LAST_ERROR) {
            return false;
        }
        Status error = of(status);
        if (isTooMany(error, limits)) {
            error.lastTooMany = now;
            fallSick(error);
            return true;
        }
        long hashed = hash.of(client);
        if (!served.has(hashed)) {
            error.bannedStrangers.add(hashed);
        }
        return false;
    }

    private boolean isTooMany(Status error, SickUpstream limits) {
        double strangers = error.bannedStrangers.estimate();
        double failed = error.clients.estimate() - strangers;
        return limits.share() > 0
                // Of bits and not of clients: among a hundred thousand, one client more or less is ten in the estimate.
                && error.clients.atLeast() - error.bannedStrangers.atLeast() >= limits.minClients()
                && failed * 100 >= limits.share() * (answered.estimate() - strangers);
    }

    private Status of(int status) {
        Status error = statuses.get(status - FIRST_ERROR);
        if (error == null) {
            Status added = new Status(status);
            Status raced = statuses.compareAndExchange(status - FIRST_ERROR, null, added);
            error = raced == null ? added : raced;
        }
        return error;
    }

    /** How often what the jail has counted became void. */
    int amnesties(Jail jail) {
        int sum = 0;
        for (Status error : onceSick) {
            if (jail.namesStatus(error.code)) {
                sum += error.amnesties.get();
            }
        }
        return sum;
    }

    /** A jail that goes by statuses banned for that one. */
    void banned(int status, Ban ban) {
        if (status < FIRST_ERROR || status > LAST_ERROR) {
            return;
        }
        Ban bare = new Ban(ban.client(), ban.sentence(), ban.since(), ban.until(), Ban.Grounds.UNTOLD);
        synchronized (recent) {
            if (recent.size() == MAX_RECENT) {
                recent.removeFirst();
            }
            recent.addLast(new Fallen(status, bare));
        }
    }

    /**
     * Decides anew which statuses are the application's fault.
     *
     * @return the bans that were made for them, each given once
     */
    List<Ban> check(SickUpstream limits, long now) {
        for (int i = 0; i < statuses.length(); i++) {
            Status error = statuses.get(i);
            if (error != null) {
                check(error, limits, now);
            }
        }
        if (now < rotatedAt || now - rotatedAt >= WINDOW / 2) {
            rotate(now);
        }
        if (now < standingRotatedAt || now - standingRotatedAt >= STANDING) {
            standingRotatedAt = now;
            served.rotate();
        }
        return unjust(now);
    }

    private void check(Status error, SickUpstream limits, long now) {
        if (isTooMany(error, limits)) {
            error.lastTooMany = now;
            fallSick(error);
        } else if (error.sick
                && (limits.share() == 0 || now < error.lastTooMany || now - error.lastTooMany >= WINDOW)) {
            error.sick = false;
            LOG.warn("{}: status {} is counted again: no longer do most clients get it", virtualHost, error.code);
        }
    }

    private synchronized void fallSick(Status error) {
        if (error.sick) {
            return;
        }
        error.sick = true;
        error.amnesties.incrementAndGet();
        if (!onceSick.contains(error)) {
            List<Status> more = new ArrayList<>(onceSick);
            more.add(error);
            onceSick = List.copyOf(more);
        }
        LOG.warn(
                "{}: {} of {} clients of the last minute got status {}: it is taken for the application's fault, is not"
                        + " counted, and bans for it are lifted",
                virtualHost,
                Math.round(error.clients.estimate()),
                Math.round(answered.estimate()),
                error.code);
    }

    private void rotate(long now) {
        rotatedAt = now;
        answered.rotate();
        for (int i = 0; i < statuses.length(); i++) {
            Status error = statuses.get(i);
            if (error != null) {
                error.clients.rotate();
                error.bannedStrangers.rotate();
            }
        }
    }

    private List<Ban> unjust(long now) {
        List<Ban> unjust = new ArrayList<>();
        synchronized (recent) {
            recent.removeIf(fallen -> {
                if (of(fallen.status).sick) {
                    unjust.add(fallen.ban);
                    return true;
                }
                return now - fallen.ban.since() >= WINDOW;
            });
        }
        return unjust;
    }
}
