package io.portcullis.server.store;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.net.ClientKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Forgets all bans with the process, and keeps the grounds of the latest.
 *
 * <p>Thread-safe; takes no lock of its own. A ring remembers which grounds are the oldest: a new ban takes the slot of
 * the one that came that many before.
 */
final class MemoryBanStore implements BanStore {

    private final ConcurrentHashMap<Place, Grounds> grounds = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<@Nullable Place> latest;
    private final AtomicLong told = new AtomicLong();

    private record Place(ClientKey client, BanScope scope, long since) {
        static Place of(Ban ban) {
            return new Place(ban.client(), ban.scope(), ban.since());
        }
    }

    /** @param capacity how many bans' grounds are kept, at least 1 */
    MemoryBanStore(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: >= 1)");
        }
        latest = new AtomicReferenceArray<>(capacity);
    }

    @Override
    public void start(Consumer<Ban> known) {
        // Nothing outlived the last process.
    }

    @Override
    public void banned(Ban ban) {
        Place place = Place.of(ban);
        grounds.put(place, ban.grounds());
        int slot = (int) (told.getAndIncrement() % latest.length());
        Place oldest = latest.getAndSet(slot, place);
        if (oldest != null && !oldest.equals(place)) {
            grounds.remove(oldest);
        }
    }

    @Override
    public void unbanned(Ban ban) {
        grounds.remove(Place.of(ban));
    }

    @Override
    public CompletionStage<Grounds> grounds(ClientKey client, BanScope scope, long since) {
        return CompletableFuture.completedFuture(grounds.getOrDefault(new Place(client, scope, since), Grounds.UNTOLD));
    }

    @Override
    public void close() {
        grounds.clear();
    }
}
