package io.portcullis.server.store;

import io.portcullis.core.ban.Ban;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The changes of the ban list on their way from the event loops to the store's thread.
 *
 * <p>A stack that the store's thread takes whole (Treiber, IBM RJ 5118, 1986) and turns round: adding is one node and
 * one compare-and-set, whatever the disk does. The changes of one client come out in the order in which they were made,
 * as they are made one after another. Bounded by what the bans in it weigh, those that are taken but not yet written
 * among them; beyond it changes are dropped, and {@link #takeOverflow} says that some were.
 */
final class ChangeQueue {

    /** In bans and offences. A path is at most 128 characters, so this is some 40 MB at the very worst. */
    static final int MAX_WEIGHT = 1 << 17;

    private final AtomicReference<@Nullable Change> newest = new AtomicReference<>();
    private final AtomicInteger weight = new AtomicInteger();
    private volatile boolean overflowed;

    /** A ban made or taken back. */
    static final class Change {
        final Ban ban;
        final boolean lifted;
        private @Nullable Change older;

        Change(Ban ban, boolean lifted) {
            this.ban = ban;
            this.lifted = lifted;
        }

        private int weight() {
            return 1 + ban.evidence().size();
        }
    }

    /** By any thread; neither waits nor throws. */
    void add(Ban ban, boolean lifted) {
        Change change = new Change(ban, lifted);
        int added = change.weight();
        if (weight.addAndGet(added) > MAX_WEIGHT) {
            weight.addAndGet(-added);
            overflowed = true;
            return;
        }
        Change head;
        do {
            head = newest.get();
            change.older = head;
        } while (!newest.compareAndSet(head, change));
    }

    /** By the store's thread: moves all that there is behind what is in the backlog, the oldest first. */
    void takeInto(ArrayDeque<Change> backlog) {
        Change change = newest.getAndSet(null);
        if (change == null) {
            return;
        }
        ArrayDeque<Change> taken = new ArrayDeque<>();
        while (change != null) {
            Change older = change.older;
            change.older = null; // else each would keep all before it alive
            taken.addFirst(change);
            change = older;
        }
        backlog.addAll(taken);
    }

    /** By the store's thread: what was taken is written, or given up, and makes room. */
    void release(Change change) {
        weight.addAndGet(-change.weight());
    }

    /** What is in it, and what is taken and not written, in bans and offences. By any thread. */
    int weight() {
        return weight.get();
    }

    /** Whether changes were dropped since the last call. By the store's thread. */
    boolean takeOverflow() {
        if (!overflowed) {
            return false;
        }
        // Cleared before the bans are looked through: what is dropped after that has to be looked for again.
        overflowed = false;
        return true;
    }
}
