package io.portcullis.server.runtime;

import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.ban.BanStore;
import io.portcullis.server.admin.Handover;
import io.portcullis.server.store.ReleasableBanStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Has the bans of a predecessor in force here: those of the store that it has let go of, those that it could not write
 * there, and those that it makes as long as it lives. Used by one thread.
 */
final class Heir {

    /** The predecessor's store may still be writing to a slow disk; ours tries again every 5 s. */
    static final Duration STORE_PATIENCE = Duration.ofSeconds(15);

    private static final long POLL_MILLIS = 20;

    private final BanEngine bans;
    private final BanStore store;
    private final BanListener told;
    private final Duration patience;

    /** @param told of bans that the predecessor has made and logged */
    Heir(BanEngine bans, BanStore store, BanListener told, Duration patience) {
        this.bans = bans;
        this.store = store;
        this.told = told;
        this.patience = patience;
    }

    /**
     * Starts the store and waits until every ban that is in force there is in force here; follows it from then on.
     *
     * @param retired run when the predecessor accepts nothing any more
     * @throws IOException where some of the bans cannot be had: then nobody may be served here
     */
    void inherit(Predecessor from, Runnable retired) throws IOException {
        store.start(bans::restore); // first: what was taken back and is not written must find its ban
        Thread following = new Thread(() -> from.follow(news -> adopt(news, retired)), "predecessor");
        following.setDaemon(true);
        following.start();
        boolean hasAll = from.awaitListed();
        if (!hasAll && store instanceof ReleasableBanStore file) {
            awaitLoaded(file);
        }
    }

    private void awaitLoaded(ReleasableBanStore file) throws IOException {
        long begunAt = System.nanoTime();
        try {
            while (!file.isLoaded()) {
                if (System.nanoTime() - begunAt > patience.toNanos()) {
                    throw new IOException("--take-over: the bans cannot be read: "
                            + file.condition().fault().orElse("the store does not answer")
                            + " (expected: the file that the other process has just closed)");
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** What the predecessor does after it has let go of its store is done here as well. */
    private void adopt(Handover.News news, Runnable retired) {
        if (news instanceof Handover.Banned banned) {
            bans.restore(banned.ban());
            told.banned(banned.ban());
        } else if (news instanceof Handover.Unbanned unbanned) {
            bans.lift(unbanned.ban());
        } else if (news instanceof Handover.Retired) {
            retired.run();
        }
    }
}
