package io.portcullis.core.ban;

import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.config.JailConfig.Drop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The bans of one client, immutable: at most one for each scope.
 *
 * <p>Where two cover the same host, the one that drops goes before the one that answers, then the one that lasts
 * longer. So the request tier drops exactly those whom the accept tier may refuse.
 */
final class ClientBans {

    static final ClientBans NONE = new ClientBans(new Ban[0]);

    private final Ban[] bans;
    /** By index of its ban; made once, so that a lookup allocates nothing. */
    private final Refuse[] refusals;
    /** When the first of them ends; here so that a sweep need not look at each. */
    private final long firstEnd;

    private ClientBans(Ban[] bans) {
        this.bans = bans;
        this.refusals =
                Arrays.stream(bans).map(ban -> new Refuse(ban.sentence())).toArray(Refuse[]::new);
        this.firstEnd = Arrays.stream(bans).mapToLong(Ban::until).min().orElse(Ban.FOREVER);
    }

    boolean isEmpty() {
        return bans.length == 0;
    }

    /** Whether one of them has run out. */
    boolean isAnyOver(long now) {
        return firstEnd != Ban.FOREVER && now >= firstEnd;
    }

    /** Whether every request within the scope is refused. */
    boolean covers(BanScope scope, boolean dryRunToo, long now) {
        for (Ban ban : bans) {
            if (!ban.isOver(now)
                    && (dryRunToo || !ban.isDryRun())
                    && (ban.scope() == BanScope.AllHosts.ALL_HOSTS
                            || ban.scope().equals(scope))) {
                return true;
            }
        }
        return false;
    }

    /** How a request for the virtual host is refused, or null where it is not. */
    @Nullable
    Refuse refusal(String virtualHost, long now) {
        int strongest = strongest(virtualHost, now);
        return strongest < 0 ? null : refusals[strongest];
    }

    private int strongest(String virtualHost, long now) {
        int strongest = -1;
        for (int i = 0; i < bans.length; i++) {
            if (!bans[i].isDryRun()
                    && bans[i].scope().covers(virtualHost)
                    && !bans[i].isOver(now)
                    && (strongest < 0 || isStronger(bans[i], bans[strongest]))) {
                strongest = i;
            }
        }
        return strongest;
    }

    /**
     * How requests for any of the virtual hosts are dropped, or null where one of them is let through or gets an answer.
     * Of several bans that do so together, one is given.
     */
    @Nullable
    Refuse refusalOfEvery(Set<String> virtualHosts, long now) {
        for (int i = 0; i < bans.length; i++) {
            if (bans[i].scope() == BanScope.AllHosts.ALL_HOSTS && isDropping(bans[i], now)) {
                return refusals[i];
            }
        }
        if (bans.length < virtualHosts.size() || virtualHosts.isEmpty()) {
            return null;
        }
        Refuse first = null;
        for (String virtualHost : virtualHosts) {
            Refuse refusal = refusal(virtualHost, now);
            if (refusal == null || refusal.sentence().action() != Drop.DROP) {
                return null;
            }
            first = refusal;
        }
        return first;
    }

    /**
     * With that ban in it. Of two with the same scope the one that lasts longer is kept, the older one if they last
     * equally long: neither a jail nor a person shortens a ban, except by an unban.
     */
    ClientBans with(Ban ban, long now) {
        List<Ban> kept = new ArrayList<>(bans.length + 1);
        for (Ban other : bans) {
            if (other.isOver(now)) {
                continue;
            }
            if (!other.scope().equals(ban.scope())
                    || other.sentence().mode() != ban.sentence().mode()) {
                kept.add(other);
            } else if (other.until() >= ban.until()) {
                return this;
            }
        }
        kept.add(ban);
        return new ClientBans(kept.toArray(Ban[]::new));
    }

    /** With those of a wider prefix. */
    ClientBans and(ClientBans wider) {
        return new ClientBans(
                Stream.concat(Arrays.stream(bans), Arrays.stream(wider.bans)).toArray(Ban[]::new));
    }

    ClientBans without(Predicate<Ban> taken) {
        Ban[] kept = Arrays.stream(bans).filter(taken.negate()).toArray(Ban[]::new);
        return kept.length == bans.length ? this : new ClientBans(kept);
    }

    /** When the host's refusal ends; 0 where there is none. */
    long endOfRefusal(String virtualHost, long now) {
        int strongest = strongest(virtualHost, now);
        return strongest < 0 ? 0 : bans[strongest].until();
    }

    List<Ban> inForce(long now) {
        return Arrays.stream(bans).filter(ban -> !ban.isOver(now)).toList();
    }

    int size() {
        return bans.length;
    }

    private static boolean isDropping(Ban ban, long now) {
        return ban.action() == Drop.DROP && !ban.isDryRun() && !ban.isOver(now);
    }

    private static boolean isStronger(Ban ban, Ban other) {
        boolean drops = ban.action() == Drop.DROP;
        boolean otherDrops = other.action() == Drop.DROP;
        return drops == otherDrops ? ban.until() > other.until() : drops;
    }
}
