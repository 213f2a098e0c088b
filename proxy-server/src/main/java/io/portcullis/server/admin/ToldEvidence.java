package io.portcullis.server.admin;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.ban.Evidence;
import io.portcullis.core.net.IpAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the engine holds against a client, with the grounds of its bans, which the store keeps. */
public final class ToldEvidence {

    /** The store may be busy with a disk; what it does not tell by then is left out. */
    private static final long GROUNDS_MILLIS = 2_000;

    private ToldEvidence() {}

    /** Blocks for a moment: not for an event loop. */
    public static Evidence of(IpAddress address, BanEngine engine, BanStore store) {
        Evidence known = engine.why(address);
        return new Evidence(
                known.client(),
                known.exemption(),
                known.denylisted(),
                known.counters(),
                known.lastOffences(),
                known.bans().stream().map(ban -> told(ban, store)).toList(),
                known.pastBans());
    }

    private static Ban told(Ban ban, BanStore store) {
        return new Ban(ban.client(), ban.sentence(), ban.since(), ban.until(), groundsOf(ban, store));
    }

    /** Why the ban was made; untold where the store does not know or does not answer. Blocks. */
    static Grounds groundsOf(Ban ban, BanStore store) {
        if (!ban.grounds().equals(Grounds.UNTOLD)) {
            return ban.grounds();
        }
        try {
            return store.grounds(ban.client(), ban.scope(), ban.since())
                    .toCompletableFuture()
                    .get(GROUNDS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Grounds.UNTOLD;
        } catch (ExecutionException | TimeoutException e) {
            return Grounds.UNTOLD;
        }
    }
}
