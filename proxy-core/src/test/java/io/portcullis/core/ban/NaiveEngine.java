package io.portcullis.core.ban;

import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Count;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.config.PathPattern;
import io.portcullis.core.http.StatusSet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The ban engine in its plainest form: every offence and every ban in one list each, of which everything is worked out
 * anew. Slow, unbounded, and short enough to be believed.
 */
final class NaiveEngine {

    private final int promoteAfter;
    private final long remember;
    private final long grace;
    private List<Offended> offences = new ArrayList<>();
    private final List<Banned> bans = new ArrayList<>();
    private final List<Banned> past = new ArrayList<>();
    private final List<Pardon> pardons = new ArrayList<>();

    record Banned(String client, BanScope scope, String jail, boolean dryRun, long since, long until) {
        boolean isInForce(long now) {
            return now < until;
        }
    }

    /** One entry for each offence: one that weighs three is three. */
    private record Offended(String client, String host, String jail, BanScope scope, String path, long time) {}

    private record Pardon(String client, @Nullable BanScope scope, long since) {}

    NaiveEngine(int promoteAfter, long remember, long grace) {
        this.promoteAfter = promoteAfter;
        this.remember = remember;
        this.grace = grace;
    }

    void observe(String client, String host, List<JailConfig> jails, Seen seen, long now) {
        List<Banned> fallen = new ArrayList<>();
        for (JailConfig jail : jails) {
            BanScope scope = scopeOf(jail, host);
            int weight = weightOf(jail, seen);
            if (weight > 0 && !isCovered(client, scope, jail.dryRun(), now) && !isPardoned(client, scope, now)) {
                count(client, host, jail, seen.path(), weight, now);
                long within = offences.stream()
                        .filter(offence -> isOf(offence, client, host, jail.name())
                                && now - offence.time
                                        < jail.threshold().findTime().toMillis())
                        .count();
                if (within >= jail.threshold().maxRetry() || weight == AnswerWeight.NOW) {
                    offences.removeIf(offence -> isOf(offence, client, host, jail.name()));
                    fallen.add(new Banned(
                            client, scope, jail.name(), jail.dryRun(), now, now + banTime(client, jail, scope, now)));
                }
            }
        }
        for (boolean all : new boolean[] {false, true}) {
            for (boolean dryRun : new boolean[] {false, true}) {
                fallen.stream()
                        .filter(ban -> ban.dryRun == dryRun && isForAll(ban.scope) == all)
                        .reduce((first, second) -> second.until > first.until ? second : first)
                        .filter(this::impose)
                        .filter(ban -> !dryRun)
                        .ifPresent(ban -> follow(ban, host, jails));
            }
        }
    }

    /** What is seen, as far as a jail looks at it. */
    record Seen(On kind, int status, String path, AnswerWeight weight) {}

    private static int weightOf(JailConfig jail, Seen seen) {
        boolean conditions = (jail.conditions().statuses().equals(StatusSet.ANY)
                        || jail.conditions().statuses().contains(seen.status))
                && (jail.conditions().paths().isEmpty()
                        || jail.conditions().paths().contains(new PathPattern.Glob(seen.path)));
        boolean response = jail.conditions().on().contains(On.RESPONSE);
        boolean kind = jail.conditions().on().contains(seen.kind);
        boolean verdict = jail.conditions().on().contains(On.VERDICT);
        if (!conditions || jail.conditions().on().contains(On.BAN)) {
            return 0;
        }
        if (seen.kind != On.RESPONSE) {
            return kind || (response && seen.status != 0) ? jail.threshold().weight() : 0;
        }
        if (!seen.weight.isSaid()) {
            return response ? jail.threshold().weight() : 0;
        }
        if (seen.weight.offences() == AnswerWeight.NOW) {
            return verdict ? AnswerWeight.NOW : response ? 1 : 0;
        }
        return response || verdict ? seen.weight.offences() : 0;
    }

    private void count(String client, String host, JailConfig jail, String path, int weight, long now) {
        boolean distinct = jail.threshold().count() == Count.DISTINCT_PATHS;
        if (distinct) {
            offences.removeIf(offence -> isOf(offence, client, host, jail.name()) && offence.path.equals(path));
        }
        int times = distinct ? 1 : Math.min(weight, jail.threshold().maxRetry());
        for (int i = 0; i < times; i++) {
            offences.add(new Offended(client, host, jail.name(), scopeOf(jail, host), path, now));
        }
    }

    private long banTime(String client, JailConfig jail, BanScope scope, long now) {
        long banTime = jail.penalty().banTime().toMillis();
        long before = past.stream()
                .filter(ban -> ban.client.equals(client)
                        && ban.scope.equals(scope)
                        && ban.jail.equals(jail.name())
                        && now - ban.until < remember)
                .count();
        if (jail.penalty().increment().isEmpty() || jail.dryRun() || before == 0) {
            return banTime;
        }
        return Math.min(
                banTime << before, jail.penalty().increment().get().max().toMillis());
    }

    private void follow(Banned cause, String host, List<JailConfig> jails) {
        long now = cause.since;
        for (JailConfig jail : jails) {
            long recent = past.stream()
                    .filter(ban -> ban.client.equals(cause.client)
                            && !ban.jail.equals("promoted")
                            && !ban.jail.equals(jail.name())
                            && ban.scope.covers(host)
                            && now - ban.since < jail.threshold().findTime().toMillis())
                    .count();
            if (jail.conditions().on().contains(On.BAN)
                    && recent >= jail.threshold().maxRetry()) {
                BanScope scope = scopeOf(jail, host);
                long until = now + banTime(cause.client, jail, scope, now);
                impose(new Banned(cause.client, scope, jail.name(), false, now, until));
            }
        }
        List<Banned> ofHosts = bans.stream()
                .filter(ban -> ban.client.equals(cause.client)
                        && !ban.dryRun
                        && ban.scope instanceof OneHost
                        && ban.isInForce(now))
                .toList();
        TreeSet<String> hosts = new TreeSet<>();
        ofHosts.forEach(ban -> hosts.add(ban.scope.toString()));
        if (cause.scope instanceof OneHost && hosts.size() >= promoteAfter) {
            long until = ofHosts.stream().mapToLong(Banned::until).max().orElseThrow();
            impose(new Banned(cause.client, AllHosts.ALL_HOSTS, "promoted", false, now, until));
        }
    }

    private boolean impose(Banned ban) {
        List<Banned> same = inForce(ban.since).stream()
                .filter(other ->
                        other.client.equals(ban.client) && other.scope.equals(ban.scope) && other.dryRun == ban.dryRun)
                .toList();
        if (same.stream().anyMatch(other -> other.until >= ban.until)) {
            return false;
        }
        bans.removeAll(same);
        bans.add(ban);
        if (!ban.dryRun) {
            past.add(ban);
            List<Banned> ofClient = past.stream()
                    .filter(other -> other.client.equals(ban.client))
                    .toList();
            if (ofClient.size() > PastBans.MAX_A_CLIENT) {
                past.remove(ofClient.get(0));
            }
        }
        return true;
    }

    List<Banned> inForce(long now) {
        return bans.stream().filter(ban -> ban.isInForce(now)).toList();
    }

    boolean isCovered(String client, BanScope scope, boolean dryRunToo, long now) {
        return inForce(now).stream()
                .anyMatch(ban -> ban.client.equals(client)
                        && (dryRunToo || !ban.dryRun)
                        && (ban.scope == AllHosts.ALL_HOSTS || ban.scope.equals(scope)));
    }

    private boolean isPardoned(String client, BanScope scope, long now) {
        return pardons.stream()
                .anyMatch(pardon -> pardon.client.equals(client)
                        && (pardon.scope == null || pardon.scope.equals(scope))
                        && now - pardon.since < grace);
    }

    /** @param scope null for every scope */
    void unban(String client, @Nullable BanScope scope, long now) {
        List<Banned> lifted = inForce(now).stream()
                .filter(ban -> ban.client.equals(client) && (scope == null || ban.scope.equals(scope)))
                .toList();
        bans.removeAll(lifted);
        past.removeIf(ban -> lifted.stream()
                .anyMatch(one -> !one.dryRun && one.client.equals(ban.client) && one.scope.equals(ban.scope)));
        offences.removeIf(offence -> offence.client.equals(client) && (scope == null || offence.scope.equals(scope)));
        pardons.add(new Pardon(client, scope, now));
    }

    /** Counters are lost, and grace; bans are not. */
    void restart() {
        offences = new ArrayList<>();
        pardons.clear();
    }

    private static boolean isForAll(BanScope scope) {
        return scope == AllHosts.ALL_HOSTS;
    }

    private static boolean isOf(Offended offence, String client, String host, String jail) {
        return offence.client.equals(client) && offence.host.equals(host) && offence.jail.equals(jail);
    }

    private static BanScope scopeOf(JailConfig jail, String host) {
        return jail.penalty().scope() == Scope.ALL ? AllHosts.ALL_HOSTS : new OneHost(host);
    }
}
