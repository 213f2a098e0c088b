package io.portcullis.core.ban;

import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.net.ClientKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Bans an IPv6 /56 of which several prefixes are banned, and a /48 of which several /56s are: who is given so much (RFC
 * 6177, section 2) need not offend from the same /64 twice. What a person has banned does not count: he said whom.
 *
 * <p>Safe for use by many threads that hold no client's lock. The wider prefix is another client with a lock of its own,
 * which is taken here: so the bans of one prefix have an order, and no thread ever holds two of these locks.
 */
final class Widening {

    /** The jail's name in a ban of a wider prefix. */
    static final String JAIL = "widened";

    private static final int[] WIDER = {56, 48};

    private final int ipv6Prefix;
    private final BanRegister register;
    private final ClientLocks locks;

    /** By wider prefix, what was last banned inside it. */
    private final RecentClients<List<Inside>> inside;

    private record Inside(ClientKey client, BanScope scope) {}

    /**
     * @param config how clients are told apart, and how many are remembered
     * @param seed random
     */
    Widening(BansConfig config, BanRegister register, ClientLocks locks, long seed) {
        this.ipv6Prefix = config.prefixes().ipv6Prefix();
        this.register = register;
        this.locks = locks;
        int maxClients = config.bounds().trackedClients();
        this.inside = new RecentClients<>(maxClients, seed);
    }

    /**
     * Bans wider prefixes where that ban is the last that it took.
     *
     * @param cause has been told
     * @param after how many inside ban the wider prefix; 0 for never
     * @return those that have been told
     */
    List<Ban> widen(Ban cause, int after) {
        ClientKey wider = widerThan(cause, after);
        if (wider == null) {
            return List.of();
        }
        Ban widened;
        synchronized (locks.of(wider)) {
            note(cause, wider, after);
            widened = widened(cause, wider, after);
            if (widened == null || !register.impose(widened)) {
                return List.of();
            }
        }
        List<Ban> all = new ArrayList<>(widen(widened, after));
        all.add(widened);
        return all;
    }

    /** Counts a ban from before, which bans nobody else by itself. */
    void restore(Ban ban, int after) {
        ClientKey wider = widerThan(ban, after);
        if (wider != null) {
            synchronized (locks.of(wider)) {
                note(ban, wider, after);
            }
        }
    }

    /** The prefix that the ban may widen to; null for none. */
    private @Nullable ClientKey widerThan(Ban ban, int after) {
        ClientKey client = ban.client();
        if (after == 0 || client.network().isIpv4() || !counts(ban)) {
            return null;
        }
        int length = client.prefixLength();
        for (int wider : WIDER) {
            // From the prefix by which clients are told apart to the next step, or from step to step.
            if (length > wider && (length == ipv6Prefix || length == WIDER[0])) {
                return new ClientKey(client.network().truncate(wider), wider);
            }
        }
        return null;
    }

    private static boolean counts(Ban ban) {
        return !ban.isDryRun() && !ban.jail().equals(BanEngine.BY_HAND);
    }

    private void note(Ban ban, ClientKey wider, int after) {
        List<Inside> noted = inside.see(wider, ban.until(), () -> new ArrayList<>(after));
        Inside latest = new Inside(ban.client(), ban.scope());
        noted.remove(latest);
        noted.add(latest);
        // A few more than it takes, since a person may take back some; bounded, since a /48 has 65,536 of them.
        if (noted.size() > 4 * after) {
            noted.remove(0);
        }
    }

    private @Nullable Ban widened(Ban ban, ClientKey wider, int after) {
        List<Inside> noted = inside.peek(wider);
        if (noted == null) {
            return null;
        }
        List<Ban> longest = noted.stream()
                .filter(one -> one.scope.equals(ban.scope()))
                .flatMap(one -> longestOf(register.bans().inForce(one.client, ban.since()), ban.scope()))
                .toList();
        if (longest.size() < after) {
            return null;
        }
        long until = longest.stream().mapToLong(Ban::until).max().orElseThrow();
        Sentence sentence = new Sentence(ban.scope(), JAIL, ban.action(), Sentence.Mode.ENFORCED);
        String reason = longest.size() + " prefixes inside are banned";
        return new Ban(wider, sentence, ban.since(), until, new Grounds(reason, ban.evidence()));
    }

    private static Stream<Ban> longestOf(List<Ban> inForce, BanScope scope) {
        return inForce.stream()
                .filter(ban -> counts(ban) && ban.scope().equals(scope))
                .max(Comparator.comparingLong(Ban::until))
                .stream();
    }

    /** Lets go of a share of what is over. */
    void expire(long now) {
        inside.sweep(now, 0);
    }
}
