package io.portcullis.core.ban;

import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.net.ClientKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Bans an IPv6 /56 of which several prefixes are banned, and a /48 of which several /56s are: who is given so much (RFC
 * 6177, section 2) need not offend from the same /64 twice. What a person has banned does not count: he said whom.
 *
 * <p>The wider prefix has a lock of its own, which is held here; never along with that of a client inside it.
 */
final class Widening {

    /** The jail's name in a ban of a wider prefix. */
    static final String JAIL = "widened";

    private static final int[] WIDER = {56, 48};

    private final int ipv6Prefix;

    /** By wider prefix, what was last banned inside it. */
    private final RecentClients<List<Inside>> inside;

    private record Inside(ClientKey client, BanScope scope) {}

    /** @param seed random */
    Widening(int ipv6Prefix, int maxClients, long seed) {
        this.ipv6Prefix = ipv6Prefix;
        this.inside = new RecentClients<>(maxClients, seed);
    }

    /** The prefix to which bans of the client widen; null for none. */
    @Nullable
    ClientKey widerThan(ClientKey client) {
        if (client.network().isIpv4()) {
            return null;
        }
        int length = client.prefixLength();
        for (int wider : WIDER) {
            // Between the prefix by which clients are told apart and the next step, or from step to step.
            if (length > wider && (length == ipv6Prefix || length == WIDER[0])) {
                return new ClientKey(client.network().truncate(wider), wider);
            }
        }
        return null;
    }

    static boolean counts(Ban ban) {
        return !ban.isDryRun() && !ban.jail().equals(BanEngine.BY_HAND);
    }

    /**
     * Notes a ban that counts.
     *
     * @param after how many inside ban the wider prefix
     */
    void note(Ban ban, ClientKey wider, int after) {
        List<Inside> noted = inside.see(wider, ban.until(), () -> new ArrayList<>(after));
        Inside latest = new Inside(ban.client(), ban.scope());
        noted.remove(latest);
        noted.add(latest);
        // Enough to decide by, even if a person takes back some of them; bounded, since a /56 has 256 of them.
        if (noted.size() > 4 * after + 4) {
            noted.remove(0);
        }
    }

    /**
     * The ban of the wider prefix, if so many inside it are banned in the same scope.
     *
     * @param ban the last of them, which has been noted
     * @param inForce the bans in force of exactly that client
     */
    @Nullable
    Ban widened(Ban ban, ClientKey wider, int after, Function<ClientKey, List<Ban>> inForce) {
        List<Inside> noted = inside.peek(wider);
        if (noted == null) {
            return null;
        }
        List<Ban> longest = noted.stream()
                .filter(one -> one.scope.equals(ban.scope()))
                .flatMap(one -> longestOf(inForce.apply(one.client), ban.scope()))
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
