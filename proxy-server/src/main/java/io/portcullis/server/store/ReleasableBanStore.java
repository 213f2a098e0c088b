package io.portcullis.server.store;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.net.ClientKey;
import io.portcullis.server.store.LendableStore.Unwritten;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store whose file may be given to another process, and taken back: only one can have it open.
 *
 * <p>While it is released, changes are kept in memory, bounded; bans that are too many for that are found again among
 * those in force when it is taken back. Thread-safe; {@link #start}, {@link #release}, {@link #reclaim} and {@link #close}
 * take their time, one at a time.
 */
public final class ReleasableBanStore implements BanStore {

    /** Bans; more than any process makes in the seconds that a take-over takes. */
    static final int MOST_WAITING = 10_000;

    /** Bans taken back: nobody else knows of them, so as many as there are bans by default. */
    private static final int MOST_LIFTED = 2_000_000;

    private final Supplier<? extends LendableStore> stores;
    private final BansInForce inForce;

    /** A change is told under the read lock; the write lock is held for as long as it takes to replace a reference. */
    private final ReentrantReadWriteLock replacing = new ReentrantReadWriteLock();

    /** Null while released. Guarded by {@link #replacing}, as is {@link #waiting}'s being in use. */
    private @Nullable LendableStore store;

    /** Guarded by itself, as is {@link #lifted}. */
    private final ArrayDeque<Ban> waiting = new ArrayDeque<>();

    private final Map<Place, Ban> lifted = new LinkedHashMap<>();

    /** Whether the file was released, or is being taken back, without some that {@link #waiting} has not either. */
    private boolean missed;

    private Consumer<Ban> known = ban -> {};

    private record Place(ClientKey client, BanScope scope, long since) {
        static Place of(Ban ban) {
            return new Place(ban.client(), ban.scope(), ban.since());
        }
    }

    /**
     * What whoever opens the released file must be told beside it.
     *
     * @param isWhole false where the file may lack bans in force beyond these: then all of them are to be told, too
     * @param unwritten in the order in which they were made
     */
    public record Released(boolean isWhole, List<Change> unwritten) {}

    /** A ban made or taken back. */
    public record Change(Ban ban, boolean isLifted) {}

    /** @param stores each opens the same file, and is started once */
    ReleasableBanStore(Supplier<? extends LendableStore> stores, BansInForce inForce) {
        this.stores = stores;
        this.inForce = inForce;
        this.store = stores.get();
    }

    @Override
    public void start(Consumer<Ban> each) {
        known = each;
        LendableStore current = current();
        if (current != null) {
            current.start(each);
        }
    }

    /** Whether all that the file holds has been given to who started this; false as well while it is released. */
    public boolean isLoaded() {
        LendableStore current = current();
        return current != null && current.isLoaded();
    }

    /**
     * Writes what is still to be written and closes the file. Blocks, for a few seconds at most.
     *
     * @return what could not be written; it is kept for {@link #reclaim}
     */
    public synchronized Released release() {
        LendableStore released = replace(null);
        if (released == null) {
            return new Released(true, List.of());
        }
        released.close();
        Unwritten unwritten = released.unwritten();
        List<Change> changes = unwritten.changes().stream()
                .map(change -> new Change(change.ban, change.lifted))
                .toList();
        missed = unwritten.isUnbounded();
        keepFirst(changes);
        return new Released(!missed, changes);
    }

    /** They were made before what has come since the file was released. */
    private void keepFirst(List<Change> changes) {
        synchronized (waiting) {
            List<Ban> later = List.copyOf(waiting);
            waiting.clear();
            for (Change change : changes) {
                if (change.isLifted()) {
                    lifted.put(Place.of(change.ban()), change.ban());
                } else {
                    waiting.add(change.ban());
                }
            }
            waiting.addAll(later);
        }
    }

    /**
     * Opens the file again, with what came meanwhile, here and there. Blocks.
     *
     * @param lift takes a ban back that was put into force again while somebody took it back
     */
    public synchronized void reclaim(Consumer<Ban> lift) {
        if (current() != null) {
            return;
        }
        LendableStore reopened = stores.get();
        // The file does not know yet what was taken back here meanwhile, and must not bring it back.
        reopened.start(ban -> {
            if (!isLifted(ban)) {
                known.accept(ban);
            }
        });
        List<Ban> unbanned;
        replacing.writeLock().lock();
        try {
            synchronized (waiting) {
                missed |= waiting.size() >= MOST_WAITING;
                // Before those that come from now on. A ban is taken back after it was made, so bans go first.
                waiting.forEach(reopened::banned);
                waiting.clear();
                unbanned = List.copyOf(lifted.values());
                lifted.clear();
                unbanned.forEach(reopened::unbanned);
            }
            store = reopened;
        } finally {
            replacing.writeLock().unlock();
        }
        // Who took one back while the file was read may have done so just before it was restored. Not under the
        // lock: the engine tells of it, and who tells holds the engine's.
        unbanned.forEach(lift);
        if (missed) {
            inForce.forEach(reopened::banned);
        }
    }

    private boolean isLifted(Ban ban) {
        synchronized (waiting) {
            return lifted.containsKey(Place.of(ban));
        }
    }

    private @Nullable LendableStore replace(@Nullable LendableStore next) {
        replacing.writeLock().lock();
        try {
            LendableStore before = store;
            store = next;
            return before;
        } finally {
            replacing.writeLock().unlock();
        }
    }

    private @Nullable LendableStore current() {
        replacing.readLock().lock();
        try {
            return store;
        } finally {
            replacing.readLock().unlock();
        }
    }

    @Override
    public void banned(Ban ban) {
        change(current -> current.banned(ban), () -> {
            if (waiting.size() < MOST_WAITING) {
                waiting.add(ban);
            }
        });
    }

    @Override
    public void unbanned(Ban ban) {
        change(current -> current.unbanned(ban), () -> {
            if (lifted.size() < MOST_LIFTED) {
                lifted.put(Place.of(ban), ban);
            }
        });
    }

    /** Tells the store or, while it is released, keeps the change for it. */
    private void change(Consumer<LendableStore> tell, Runnable keep) {
        replacing.readLock().lock();
        try {
            LendableStore current = store;
            if (current != null) {
                tell.accept(current);
            } else {
                synchronized (waiting) {
                    keep.run();
                }
            }
        } finally {
            replacing.readLock().unlock();
        }
    }

    @Override
    public CompletionStage<Grounds> grounds(ClientKey client, BanScope scope, long since) {
        LendableStore current = current();
        if (current != null) {
            return current.grounds(client, scope, since);
        }
        Place asked = new Place(client, scope, since);
        synchronized (waiting) {
            for (Iterator<Ban> latest = waiting.descendingIterator(); latest.hasNext(); ) {
                Ban ban = latest.next();
                if (Place.of(ban).equals(asked)) {
                    return CompletableFuture.completedFuture(ban.grounds());
                }
            }
        }
        return CompletableFuture.completedFuture(Grounds.UNTOLD);
    }

    @Override
    public Condition condition() {
        LendableStore current = current();
        if (current != null) {
            return current.condition();
        }
        synchronized (waiting) {
            return new Condition(
                    Optional.empty(), waiting.size() + lifted.size()); // nothing is wrong: another process has the file
        }
    }

    @Override
    public synchronized void close() {
        LendableStore current = current(); // it goes on taking what comes, and says what it could not write
        if (current != null) {
            current.close();
        }
    }
}
