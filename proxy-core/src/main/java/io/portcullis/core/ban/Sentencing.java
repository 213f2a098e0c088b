package io.portcullis.core.ban;

import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.net.ClientKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes bans of convictions, longer ones for those who were banned before, and the bans of the same client that follow
 * from them: of recidivists, and for all hosts where enough single ones have banned.
 *
 * <p>The client's lock is held.
 */
final class Sentencing {

    /** The jail's name in a ban on all hosts that those of single hosts led to. */
    static final String PROMOTED = "promoted";

    /** What is no ban of a jail's own: it would count the same offences twice. */
    private static final Set<String> NOT_BY_JAILS = Set.of(PROMOTED, Widening.JAIL, BanEngine.BY_HAND);

    private final BanRegister register;
    private final RandomGenerator random;

    /**
     * A ban that is in force and has been told.
     *
     * @param forStatus whether the jail that it comes from goes by statuses
     */
    record Imposed(Ban ban, boolean forStatus) {}

    Sentencing(BanRegister register, RandomGenerator random) {
        this.register = register;
        this.random = random;
    }

    /** @return all that came of it, in the order in which they were told */
    List<Imposed> pass(ClientKey client, List<Conviction> convictions, JailSet jails, BansConfig config, long now) {
        List<Imposed> imposed = new ArrayList<>();
        for (Imposed made : longestOfEachScope(client, convictions, config, now)) {
            if (register.impose(made.ban)) {
                imposed.add(made);
                if (!made.ban.isDryRun()) {
                    follow(made, jails, config, imposed);
                }
            }
        }
        return imposed;
    }

    private List<Imposed> longestOfEachScope(
            ClientKey client, List<Conviction> convictions, BansConfig config, long now) {
        List<Imposed> kept = new ArrayList<>(convictions.size());
        for (Conviction conviction : convictions) {
            Jail jail = conviction.jail();
            Grounds grounds = new Grounds("", conviction.offences());
            Ban ban = new Ban(client, jail.sentence(), now, until(client, jail, config, now), grounds);
            if (kept.stream().noneMatch(other -> isCoveredBy(ban, other.ban))) {
                kept.removeIf(other -> isCoveredBy(other.ban, ban));
                kept.add(new Imposed(ban, jail.namesStatuses()));
            }
        }
        // The graver one is told last.
        kept.sort(Comparator.comparing(made -> made.ban.scope() == AllHosts.ALL_HOSTS));
        return kept;
    }

    private static boolean isCoveredBy(Ban ban, Ban other) {
        return other.until() >= ban.until() && other.scope().equals(ban.scope()) && other.isDryRun() == ban.isDryRun();
    }

    private long until(ClientKey client, Jail jail, BansConfig config, long now) {
        long banTime = jail.banTime();
        if (jail.increment().isPresent() && jail.sentence().mode() != Sentence.Mode.DRY_RUN) {
            int before = register.past().count(client, jail.sentence(), now, BanTime.millis(config.remember()));
            banTime = BanTime.escalated(banTime, jail.increment().get(), before, random);
        }
        return BanTime.until(now, banTime);
    }

    private void follow(Imposed cause, JailSet jails, BansConfig config, List<Imposed> imposed) {
        for (Jail jail : jails.onBan()) {
            Ban again = ofRecidivist(cause.ban, jail, jails, config);
            if (again != null && register.impose(again)) {
                imposed.add(new Imposed(again, cause.forStatus));
            }
        }
        Ban promoted = promoted(cause.ban, config.promoteAfter());
        if (promoted != null && register.impose(promoted)) {
            imposed.add(new Imposed(promoted, cause.forStatus));
        }
    }

    /** Counts what is remembered, so it survives a restart; no more than that: {@link PastBans#MAX_A_CLIENT}. */
    private @Nullable Ban ofRecidivist(Ban cause, Jail jail, JailSet jails, BansConfig config) {
        long now = cause.since();
        List<String> recidives = Stream.of(jails.onBan()).map(Jail::name).toList();
        int bans = register.past()
                .countSince(
                        cause.client(),
                        jail.virtualHost(),
                        now - jail.findTime(),
                        name -> !recidives.contains(name) && !NOT_BY_JAILS.contains(name));
        if (bans < Math.min(jail.maxRetry(), PastBans.MAX_A_CLIENT)) {
            return null;
        }
        String reason = "banned " + bans + " times within " + Duration.ofMillis(jail.findTime());
        return new Ban(
                cause.client(),
                jail.sentence(),
                now,
                until(cause.client(), jail, config, now),
                new Grounds(reason, cause.evidence()));
    }

    private @Nullable Ban promoted(Ban cause, int after) {
        if (after == 0 || !(cause.scope() instanceof OneHost)) {
            return null;
        }
        long until = cause.until();
        Set<String> hosts = new TreeSet<>();
        for (Ban ban : register.bans().inForce(cause.client(), cause.since())) {
            // A person who bans on single hosts has said on which.
            if (!ban.isDryRun() && !ban.jail().equals(BanEngine.BY_HAND) && ban.scope() instanceof OneHost host) {
                hosts.add(host.virtualHost());
                until = Math.max(until, ban.until());
            }
        }
        if (hosts.size() < after) {
            return null;
        }
        Sentence sentence = new Sentence(AllHosts.ALL_HOSTS, PROMOTED, cause.action(), Sentence.Mode.ENFORCED);
        String reason = "banned on " + hosts.size() + " hosts: " + String.join(", ", hosts);
        return new Ban(cause.client(), sentence, cause.since(), until, new Grounds(reason, cause.evidence()));
    }
}
