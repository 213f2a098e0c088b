package io.portcullis.core.ban;

import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of addresses of which nobody gets past a listener's accept tier, now and for a while: what may be refused
 * earlier, by somebody who does not ask the ban list for each client. A block with an exempt address in it is none, even
 * where a person has forced the ban.
 *
 * <p>Safe for use by many threads.
 */
public final class RefusedBlocks {

    private static final int ADDRESS = 128;

    private final BanList bans;
    private final int ipv6Prefix;
    private final Supplier<BanEngine.Rules> rules;
    private final InstantSource now;
    private final InstantSource later;

    RefusedBlocks(BanList bans, int ipv6Prefix, Supplier<BanEngine.Rules> rules, InstantSource clock, Duration ahead) {
        this.bans = bans;
        this.ipv6Prefix = ipv6Prefix;
        this.rules = rules;
        this.now = clock;
        this.later = InstantSource.offset(clock, ahead);
    }

    /**
     * Whether all of it is refused.
     *
     * @param virtualHosts the names of all that are reachable on the listener
     */
    public boolean refuses(Cidr block, Set<String> virtualHosts) {
        BanEngine.Rules current = rules.get();
        if (current.allowlist().exemptsAnyOf(block)) {
            return false;
        }
        return current.denylist().contains(block) || isBanned(block, virtualHosts);
    }

    /** By what is banned later and not only by what is banned now: an earlier end may make room for a weaker ban. */
    private boolean isBanned(Cidr block, Set<String> virtualHosts) {
        ClientKey client = ClientKey.of(block.network(), ipv6Prefix);
        boolean isOfOneClient = block.prefixLength() >= client.prefixLength();
        if (!isOfOneClient && bans.mayAnswerInside()) {
            return false;
        }
        ClientKey asked = isOfOneClient ? client : new ClientKey(block.network(), block.prefixLength());
        return bans.refusalOfEvery(asked, virtualHosts, now) != null
                && bans.refusalOfEvery(asked, virtualHosts, later) != null;
    }

    /**
     * The widest block around the address that is refused: that of a ban or of the denylist, or else the address alone.
     * Null where that is not refused either.
     *
     * @param virtualHosts as for {@link #refuses}
     */
    public @Nullable Cidr widestAround(IpAddress address, Set<String> virtualHosts) {
        for (int length : bans.lengthsThatConcern(ClientKey.of(address, ipv6Prefix))) {
            Cidr banned = new Cidr(address, length);
            if (refuses(banned, virtualHosts)) {
                return banned;
            }
        }
        Optional<Cidr> listed = rules.get().denylist().longestMatch(address);
        if (listed.isPresent() && refuses(listed.get(), virtualHosts)) {
            return listed.get();
        }
        Cidr alone = new Cidr(address, ADDRESS);
        return refuses(alone, virtualHosts) ? alone : null;
    }
}
