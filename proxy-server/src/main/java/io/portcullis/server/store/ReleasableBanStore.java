package io.portcullis.server.store;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.net.ClientKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A store whose file may be given to another process, and taken back: only one can have it open.
 *
 * <p>While it is released, changes are kept in memory, bounded; what is too much of them is found again among the bans in
 * force when it is taken back. Thread-safe; {@link #start}, {@link #release}, {@link #reclaim} and {@link #close} take
 * their time, one at a time.
 */
public final class ReleasableBanStore implements BanStore {

    /** More than any process sees in the seconds that a take-over takes. */
    static final int MOST_WAITING = 10_000;

    private final Supplier<BanStore> stores;
    private final BansInForce inForce;

    /** A change is told under the read lock; the write lock is held for as long as it takes to replace a reference. */
    private final ReentrantReadWriteLock replacing = new ReentrantReadWriteLock();

    /** Null while released. Guarded by {@link #replacing}, as is {@link #waiting}'s being in use. */
    private @Nullable BanStore store;

    /** Guarded by itself. */
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    private Consumer<Ban> known = ban -> {};

    private record Waiting(Ban ban, boolean lifted) {
        void tell(BanStore told) {
            if (lifted) {
                told.unbanned(ban);
            } else {
                told.banned(ban);
            }
        }
    }

    private record Place(ClientKey client, BanScope scope, long since) {
        static Place of(Ban ban) {
            return new Place(ban.client(), ban.scope(), ban.since());
        }
    }

    /** @param stores each opens the same file, and is started once */
    ReleasableBanStore(Supplier<BanStore> stores, BansInForce inForce) {
        this.stores = stores;
        this.inForce = inForce;
        this.store = stores.get();
    }

    @Override
    public void start(Consumer<Ban> each) {
        known = each;
        BanStore current = current();
        if (current != null) {
            current.start(each);
        }
    }

    /** Writes what is still to be written and closes the file. Blocks, for a few seconds at most. */
    public synchronized void release() {
        BanStore released = replace(null);
        if (released != null) {
            released.close();
        }
    }

    /** Opens the file again, with what came meanwhile, here and there. Blocks. */
    public synchronized void reclaim() {
        if (current() != null) {
            return;
        }
        BanStore reopened = stores.get();
        // The file does not know yet what was taken back here meanwhile, and must not bring it back.
        Set<Place> lifted = lifted();
        reopened.start(ban -> {
            if (!lifted.contains(Place.of(ban))) {
                known.accept(ban);
            }
        });
        List<Waiting> missed = new ArrayList<>();
        replacing.writeLock().lock();
        try {
            synchronized (waiting) {
                missed.addAll(waiting);
                waiting.clear();
            }
            missed.forEach(change -> change.tell(reopened)); // before those that come from now on
            store = reopened;
        } finally {
            replacing.writeLock().unlock();
        }
        if (missed.size() >= MOST_WAITING) {
            inForce.forEach(reopened::banned);
        }
    }

    private Set<Place> lifted() {
        synchronized (waiting) {
            return waiting.stream()
                    .filter(Waiting::lifted)
                    .map(change -> Place.of(change.ban()))
                    .collect(Collectors.toSet());
        }
    }

    private @Nullable BanStore replace(@Nullable BanStore next) {
        replacing.writeLock().lock();
        try {
            BanStore before = store;
            store = next;
            return before;
        } finally {
            replacing.writeLock().unlock();
        }
    }

    private @Nullable BanStore current() {
        replacing.readLock().lock();
        try {
            return store;
        } finally {
            replacing.readLock().unlock();
        }
    }

    @Override
    public void banned(Ban ban) {
        tell(new Waiting(ban, false));
    }

    @Override
    public void unbanned(Ban ban) {
        tell(new Waiting(ban, true));
    }

    private void tell(Waiting change) {
        replacing.readLock().lock();
        try {
            BanStore current = store;
            if (current != null) {
                change.tell(current);
                return;
            }
            synchronized (waiting) {
                if (waiting.size() < MOST_WAITING) {
                    waiting.add(change);
                }
            }
        } finally {
            replacing.readLock().unlock();
        }
    }

    @Override
    public CompletionStage<Grounds> grounds(ClientKey client, BanScope scope, long since) {
        BanStore current = current();
        if (current != null) {
            return current.grounds(client, scope, since);
        }
        Place asked = new Place(client, scope, since);
        synchronized (waiting) {
            for (Iterator<Waiting> latest = waiting.descendingIterator(); latest.hasNext(); ) {
                Ban ban = latest.next().ban();
                if (Place.of(ban).equals(asked)) {
                    return CompletableFuture.completedFuture(ban.grounds());
                }
            }
        }
        return CompletableFuture.completedFuture(Grounds.UNTOLD);
    }

    @Override
    public Condition condition() {
        BanStore current = current();
        if (current != null) {
            return current.condition();
        }
        synchronized (waiting) {
            return new Condition(Optional.empty(), waiting.size()); // nothing is wrong: another process has the file
        }
    }

    @Override
    public synchronized void close() {
        BanStore current = current(); // it goes on taking what comes, and says what it could not write
        if (current != null) {
            current.close();
        }
    }
}
