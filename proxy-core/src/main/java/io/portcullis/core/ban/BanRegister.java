package io.portcullis.core.ban;

import io.portcullis.core.config.BansConfig;
import io.portcullis.core.net.ClientKey;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bans in force and those remembered, changed together, and the listener told of each change.
 *
 * <p>Whoever changes a client's holds that client's lock; so does whoever asks about past bans.
 */
final class BanRegister {

    private static final Logger LOG = LoggerFactory.getLogger(BanRegister.class);

    private final BanList bans;
    private final PastBans past;
    private final BanListener listener;

    BanRegister(BansConfig.Bounds bounds, RandomGenerator random, BanListener listener) {
        this.bans = new BanList(bounds.maxBans(), random.nextLong());
        this.past = new PastBans(bounds.trackedClients(), random.nextLong());
        this.listener = listener;
    }

    BanList bans() {
        return bans;
    }

    PastBans past() {
        return past;
    }

    /**
     * Puts a ban into force from its beginning.
     *
     * @return false where one of the same scope that lasts as long is in force and stays
     */
    boolean impose(Ban ban) {
        if (!bans.put(ban, ban.since())) {
            return false;
        }
        remember(ban);
        tell(told -> told.banned(ban));
        return true;
    }

    /** A ban from before, or by another process: nobody is told. */
    void restore(Ban ban, long now) {
        bans.put(ban, now);
        remember(ban);
    }

    /**
     * Ends bans of exactly that client at once, as if they, and earlier ones of their scope, had never been.
     *
     * @return those that had not run out
     */
    List<Ban> lift(ClientKey client, Predicate<Ban> taken, long now) {
        List<Ban> lifted = bans.remove(client, taken, now);
        for (Ban ban : lifted) {
            if (!ban.isDryRun()) {
                past.forgive(client, ban.scope());
            }
            tell(told -> told.unbanned(ban));
        }
        return lifted;
    }

    /** What a person decided is no record of the client's; what a jail on trial would have done did not happen. */
    private void remember(Ban ban) {
        if (!ban.isDryRun() && !ban.jail().equals(BanEngine.BY_HAND)) {
            past.add(ban);
        }
    }

    /** The ban is in force whatever the listener does: its fault is logged and goes no further. */
    private void tell(Consumer<BanListener> news) {
        try {
            news.accept(listener);
        } catch (RuntimeException e) {
            LOG.error("The ban list changed, and a listener failed when told", e);
        }
    }
}
