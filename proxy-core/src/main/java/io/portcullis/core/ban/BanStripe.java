package io.portcullis.core.ban;

import io.portcullis.core.ban.Sentences.Numbered;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One part of the ban list, which is written apart from the others.
 *
 * <p>Readers take no lock: they read the {@link BanTable} and then ask whether it was written meanwhile (a sequence lock;
 * Hemminger 2002, here {@link StampedLock}'s optimistic read), so they see a change entirely or not at all. Writers hold
 * this object's monitor against each other, and the stamped lock only for the handful of stores that are the change. A
 * table that is full, or nearly empty, is copied aside while readers go on, and swapped.
 */
final class BanStripe {

    enum Outcome {
        /** The ban is in force, in a place of its own. */
        ADDED,
        /** The ban is in force instead of one that ended earlier. */
        REPLACED,
        /** One that lasts as long is in force instead. */
        KEPT_OTHER,
        /** There is none to replace. */
        ABSENT
    }

    private static final int MIN_CAPACITY = 4;

    /** Writers take nanoseconds; who still meets one after so many tries waits for one that was put to sleep. */
    private static final int OPTIMISTIC_TRIES = 100;

    private final Sentences sentences;
    private final PrefixLengths lengths;
    private final StampedLock change = new StampedLock();
    /** By number of the stripe: no ban of the stripe ends before. */
    private final AtomicLongArray earliestEnds;

    private final int number;

    /** Written under the monitor and the stamped lock. */
    private BanTable table;

    BanStripe(int number, Sentences sentences, PrefixLengths lengths, AtomicLongArray earliestEnds) {
        this.number = number;
        this.sentences = sentences;
        this.lengths = lengths;
        this.earliestEnds = earliestEnds;
        this.table = new BanTable(MIN_CAPACITY, sentences);
    }

    /** Whether the client has a ban of exactly that length, which may have run out or refuse nobody. */
    boolean holds(long hash, IpAddress address, int length) {
        for (int tries = 0; ; tries++) {
            long stamp = beginRead(tries);
            boolean found = table.find(hash, address, length) != BanTable.NONE;
            if (endRead(stamp)) {
                return found;
            }
        }
    }

    /**
     * The number of the sentence that is obeyed, or {@link BanTable#NONE} where none is.
     *
     * @param virtualHost null for a host that has no bans of its own
     */
    int strongest(long hash, IpAddress address, int length, @Nullable String virtualHost, long now) {
        for (int tries = 0; ; tries++) {
            long stamp = beginRead(tries);
            BanTable bans = table;
            int strongest = strongest(bans, bans.find(hash, address, length), virtualHost, now);
            int sentence = strongest == BanTable.NONE ? BanTable.NONE : bans.sentence(strongest);
            if (endRead(stamp)) {
                return sentence;
            }
        }
    }

    /** As with a time, which is read only where the client has a ban. */
    int strongest(long hash, IpAddress address, int length, String virtualHost, InstantSource clock) {
        for (int tries = 0; ; tries++) {
            long stamp = beginRead(tries);
            BanTable bans = table;
            int place = bans.find(hash, address, length);
            if (place != BanTable.NONE) {
                place = strongest(bans, place, virtualHost, clock.millis());
            }
            int sentence = place == BanTable.NONE ? BanTable.NONE : bans.sentence(place);
            if (endRead(stamp)) {
                return sentence;
            }
        }
    }

    /** When the ban with that sentence ends; 0 where there is none any more. */
    long endOf(long hash, IpAddress address, int length, int sentence) {
        for (int tries = 0; ; tries++) {
            long stamp = beginRead(tries);
            BanTable bans = table;
            long end = 0;
            int left = bans.longestChain();
            for (int place = bans.find(hash, address, length); place != BanTable.NONE; place = bans.next(place)) {
                if (bans.sentence(place) == sentence) {
                    end = bans.until(place);
                }
                if (--left < 0) {
                    break;
                }
            }
            if (endRead(stamp)) {
                return end;
            }
        }
    }

    /** Whether one of the bans covers all requests within the scope. */
    boolean covers(long hash, IpAddress address, int length, BanScope scope, boolean dryRunToo, long now) {
        for (int tries = 0; ; tries++) {
            long stamp = beginRead(tries);
            BanTable bans = table;
            boolean covered = false;
            int left = bans.longestChain();
            for (int place = bans.find(hash, address, length); place != BanTable.NONE; place = bans.next(place)) {
                Numbered sentence = bans.peek(place);
                covered |= sentence != null
                        && !bans.isOver(place, now)
                        && (dryRunToo || sentence.refuses())
                        && (sentence.isForAllHosts() || sentence.scope().equals(scope));
                if (--left < 0) {
                    break;
                }
            }
            if (endRead(stamp)) {
                return covered;
            }
        }
    }

    /**
     * How many of the bans refuse one virtual host each and drop; {@link Integer#MAX_VALUE} where one of all is forced
     * and answers, so that counting says nothing.
     */
    int hostsDropped(long hash, IpAddress address, int length, long now) {
        for (int tries = 0; ; tries++) {
            long stamp = beginRead(tries);
            BanTable bans = table;
            boolean forcedAnswer = false;
            int dropped = 0;
            int left = bans.longestChain();
            for (int place = bans.find(hash, address, length); place != BanTable.NONE; place = bans.next(place)) {
                Numbered sentence = bans.peek(place);
                if (sentence != null && sentence.refuses() && !bans.isOver(place, now)) {
                    forcedAnswer |= sentence.isForced() && !sentence.drops();
                    dropped += sentence.drops() && !sentence.isForAllHosts() ? 1 : 0;
                }
                if (--left < 0) {
                    break;
                }
            }
            if (endRead(stamp)) {
                return forcedAnswer ? Integer.MAX_VALUE : dropped;
            }
        }
    }

    synchronized List<Ban> inForce(long hash, IpAddress address, int length, long now) {
        List<Ban> found = new ArrayList<>();
        for (int place = table.find(hash, address, length); place != BanTable.NONE; place = table.next(place)) {
            if (!table.isOver(place, now)) {
                found.add(table.ban(place));
            }
        }
        return found;
    }

    synchronized List<Ban> inForce(long now) {
        List<Ban> found = new ArrayList<>();
        for (int place = 0; place < table.placesEnd(); place++) {
            if (table.isInUse(place) && !table.isOver(place, now)) {
                found.add(table.ban(place));
            }
        }
        return found;
    }

    /**
     * Adds the bans in force to what there is of each sentence; makes no objects of them.
     *
     * @param bySentence by number
     * @return the same, or a longer one where there have come to be more sentences
     */
    synchronized long[] count(long now, long[] bySentence) {
        long[] counts = bySentence;
        for (int place = 0; place < table.placesEnd(); place++) {
            if (table.isInUse(place) && !table.isOver(place, now)) {
                int sentence = table.sentence(place);
                if (sentence >= counts.length) {
                    counts = Arrays.copyOf(counts, sentences.count());
                }
                counts[sentence]++;
            }
        }
        return counts;
    }

    /**
     * Puts the ban into force.
     *
     * @param sentence the number of its sentence
     * @param mayAdd whether there is room for one more; without it the ban can only replace another one
     */
    synchronized Outcome put(long hash, Ban ban, int sentence, long now, boolean mayAdd) {
        int place = placeToReplace(hash, ban.client(), sentences.get(sentence));
        if (place == BanTable.NONE && !mayAdd) {
            return Outcome.ABSENT;
        }
        if (place != BanTable.NONE && !table.isOver(place, now) && table.until(place) >= ban.until()) {
            return Outcome.KEPT_OTHER;
        }
        if (place == BanTable.NONE && table.size() == table.capacity()) {
            resize(table.capacity() + Math.max(MIN_CAPACITY, table.capacity() / 2));
        }
        earliestEnds.set(number, Math.min(earliestEnds.get(number), ban.until()));
        long stamp = change.writeLock();
        if (place == BanTable.NONE) {
            table.add(hash, ban, sentence);
        } else {
            table.replace(place, ban, sentence);
        }
        change.unlockWrite(stamp);
        return place == BanTable.NONE ? Outcome.ADDED : Outcome.REPLACED;
    }

    /**
     * Takes out bans of the client: those that are taken, and those that have run out.
     *
     * @param removed given those taken that had not run out
     * @return how many went
     */
    synchronized int remove(long hash, ClientKey client, Predicate<Ban> taken, long now, List<Ban> removed) {
        int gone = 0;
        int place = table.find(hash, client.network(), client.prefixLength());
        while (place != BanTable.NONE) {
            int next = table.next(place);
            boolean isOver = table.isOver(place, now);
            Ban ban = table.ban(place);
            if (isOver || taken.test(ban)) {
                remove(hash, place);
                gone++;
                if (!isOver) {
                    removed.add(ban);
                }
            }
            place = next;
        }
        shrink();
        return gone;
    }

    /**
     * Takes out the bans that have run out.
     *
     * @return how many
     */
    synchronized int expire(long now, KeyedHash hash) {
        if (earliestEnds.get(number) > now) {
            return 0;
        }
        int before = table.size();
        long earliest = Ban.FOREVER;
        for (int place = 0; place < table.placesEnd(); place++) {
            if (!table.isInUse(place)) {
                continue;
            }
            if (table.isOver(place, now)) {
                ClientKey client = table.client(place);
                remove(hash.of(client.network(), client.prefixLength()), place);
            } else {
                earliest = Math.min(earliest, table.until(place));
            }
        }
        earliestEnds.set(number, earliest);
        int expired = before - table.size();
        shrink();
        return expired;
    }

    /** Lets the candidate be one of this stripe's bans that ends sooner, if a few random ones have such. */
    synchronized void offer(BanToGiveUp candidate, int samples) {
        // Not more than there are: the same one again is no other sample.
        for (int i = Math.min(samples, table.size()); i > 0; i--) {
            int place = candidate.random(table.placesEnd());
            if (table.isInUse(place)) {
                candidate.consider(this, place, table.until(place));
            }
        }
    }

    /** @return whether a ban that ends then is still there to be given up */
    synchronized boolean giveUp(BanToGiveUp ban, KeyedHash hash) {
        int place = ban.place();
        if (place >= table.placesEnd() || !table.isInUse(place) || table.until(place) != ban.until()) {
            return false;
        }
        ClientKey client = table.client(place);
        remove(hash.of(client.network(), client.prefixLength()), place);
        return true;
    }

    private int strongest(BanTable bans, int first, @Nullable String virtualHost, long now) {
        int strongest = BanTable.NONE;
        int highestRank = -1;
        int left = bans.longestChain();
        for (int place = first; place != BanTable.NONE && left-- > 0; place = bans.next(place)) {
            Numbered sentence = bans.peek(place);
            if (sentence == null || !sentence.refuses() || bans.isOver(place, now)) {
                continue;
            }
            boolean covers = sentence.isForAllHosts()
                    || (virtualHost != null && sentence.scope().covers(virtualHost));
            if (covers
                    && (sentence.rank() > highestRank
                            || (sentence.rank() == highestRank && bans.until(place) > bans.until(strongest)))) {
                strongest = place;
                highestRank = sentence.rank();
            }
        }
        return strongest;
    }

    private int placeToReplace(long hash, ClientKey client, Numbered sentence) {
        int place = table.find(hash, client.network(), client.prefixLength());
        while (place != BanTable.NONE && !sentences.get(table.sentence(place)).isSamePlaceAs(sentence)) {
            place = table.next(place);
        }
        return place;
    }

    private void remove(long hash, int place) {
        ClientKey client = table.client(place);
        long stamp = change.writeLock();
        table.remove(hash, place);
        change.unlockWrite(stamp);
        lengths.remove(client.network(), client.prefixLength());
    }

    private void shrink() {
        if (table.capacity() > MIN_CAPACITY && table.size() < table.capacity() / 4) {
            resize(Math.max(MIN_CAPACITY, table.capacity() / 2));
        }
    }

    /** The copy is made while readers go on; what is written under the stamped lock is one reference. */
    private void resize(int capacity) {
        BanTable resized = table.copy(capacity);
        long stamp = change.writeLock();
        table = resized;
        change.unlockWrite(stamp);
    }

    private long beginRead(int tries) {
        if (tries == 0) {
            return change.tryOptimisticRead();
        }
        if (tries < OPTIMISTIC_TRIES) {
            Thread.onSpinWait();
            return change.tryOptimisticRead();
        }
        return change.readLock();
    }

    /** @return whether what was read since {@link #beginRead} is true */
    private boolean endRead(long stamp) {
        if (StampedLock.isReadLockStamp(stamp)) {
            change.unlockRead(stamp);
            return true;
        }
        return change.validate(stamp);
    }
}
