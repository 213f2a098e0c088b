package io.portcullis.core.ban;

import io.portcullis.core.ban.Sentences.Numbered;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Bans in two arrays of longs: five longs for each ban, and an index that finds the first ban of a client.
 *
 * <p>The index is an open-addressing hash table with linear probing, at most half full, of one long a client: 32 bits of
 * its hash, and where its first ban is. So whoever is not banned reads one or two cells that lie side by side and nothing
 * else. The bans of one client are a chain. A removal shifts cells back (Knuth, volume 3, 6.4, algorithm R) rather than
 * leaving tombstones, so that a table in which bans come and go for months does not get slower; the home of a cell
 * follows from the hash in it, so neither that nor a copy touches the bans.
 *
 * <p>Not thread-safe, but made to be read while it is written by somebody who afterwards finds out and discards the
 * answer ({@link BanStripe}): such a reader ends, and meets no index out of bounds. For that the arrays never change
 * their size; a table that is full is {@link #copy copied}.
 */
final class BanTable {

    static final int NONE = -1;

    private static final int LONGS = 5;
    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int SINCE = 2;
    private static final int UNTIL = 3;
    /** Sentence number (24 bits), prefix length (8), 1 + the next of the client's chain, or of those free (32). */
    private static final int META = 4;

    private static final int LENGTH_SHIFT = 32;
    private static final int SENTENCE_SHIFT = 40;
    private static final long NEXT_MASK = 0xFFFF_FFFFL;
    /** No address has it: marks a place that is free. */
    private static final int FREE_LENGTH = 255;

    private final Sentences sentences;
    private final long[] bans;
    /** The lower half of the hash, then 1 + the place of the client's first ban; 0 for an empty cell. */
    private final long[] index;

    private int size;
    /** Places from here on were never used. */
    private int firstUnused;
    /** The first of the places that were used and are free. */
    private int firstFree = NONE;

    BanTable(int capacity, Sentences sentences) {
        this.sentences = sentences;
        this.bans = new long[capacity * LONGS];
        this.index = new long[capacity * 2];
    }

    int size() {
        return size;
    }

    int capacity() {
        return bans.length / LONGS;
    }

    /** Places below it may be in use, {@link #isInUse}. */
    int placesEnd() {
        return firstUnused;
    }

    boolean isInUse(int place) {
        return lengthAt(place) != FREE_LENGTH;
    }

    /** The place of the client's first ban, or {@link #NONE}. */
    int find(long hash, IpAddress address, int length) {
        int cell = cellOf(hash, address, length);
        // Read while it is written, a cell that was full may be empty by now, which is NONE as well.
        return cell == NONE ? NONE : placeIn(index[cell]);
    }

    /** The place of the next ban of the same client, or {@link #NONE}. */
    int next(int place) {
        return (int) bans[place * LONGS + META] - 1;
    }

    long since(int place) {
        return bans[place * LONGS + SINCE];
    }

    long until(int place) {
        return bans[place * LONGS + UNTIL];
    }

    boolean isOver(int place, long now) {
        long until = until(place);
        return until != Ban.FOREVER && now >= until;
    }

    int sentence(int place) {
        return (int) (bans[place * LONGS + META] >>> SENTENCE_SHIFT);
    }

    /** See {@link Sentences#peek}. */
    @Nullable
    Numbered peek(int place) {
        return sentences.peek(sentence(place));
    }

    ClientKey client(int place) {
        IpAddress network = new IpAddress(bans[place * LONGS + HIGH], bans[place * LONGS + LOW]);
        return new ClientKey(network, lengthAt(place));
    }

    Ban ban(int place) {
        Sentence sentence = sentences.get(sentence(place)).refusal().sentence();
        return new Ban(client(place), sentence, since(place), until(place), Ban.Grounds.UNTOLD);
    }

    /** A chain that is read while it changes could be a circle for a moment; no chain is longer than this. */
    int longestChain() {
        return capacity();
    }

    void replace(int place, Ban ban, int sentence) {
        write(place, ban, sentence, next(place));
    }

    /** Only where {@link #size} is less than {@link #capacity}. */
    void add(long hash, Ban ban, int sentence) {
        int place = takePlace();
        ClientKey client = ban.client();
        int first = find(hash, client.network(), client.prefixLength());
        if (first == NONE) {
            write(place, ban, sentence, NONE);
            index[emptyCell((int) hash)] = cell((int) hash, place);
        } else {
            write(place, ban, sentence, next(first));
            setNext(first, place);
        }
        size++;
    }

    /** @param hash of the client who has the ban there */
    void remove(long hash, int place) {
        int length = lengthAt(place);
        IpAddress network = client(place).network();
        int cell = cellOf(hash, network, length);
        int first = placeIn(index[cell]);
        if (first != place) {
            int previous = first;
            while (next(previous) != place) {
                previous = next(previous);
            }
            setNext(previous, next(place));
        } else if (next(place) != NONE) {
            index[cell] = cell((int) hash, next(place));
        } else {
            closeGap(cell);
        }
        bans[place * LONGS + META] = (long) FREE_LENGTH << LENGTH_SHIFT | (firstFree + 1);
        firstFree = place;
        size--;
    }

    /** The same bans in a table of that capacity. */
    BanTable copy(int capacity) {
        BanTable copy = new BanTable(capacity, sentences);
        for (long cell : index) {
            if (cell != 0) {
                copy.index[copy.emptyCell(hashIn(cell))] = cell(hashIn(cell), copy.firstUnused);
                for (int place = placeIn(cell); place != NONE; place = next(place)) {
                    copy.append(this, place);
                }
            }
        }
        return copy;
    }

    private void append(BanTable from, int place) {
        int to = firstUnused++;
        System.arraycopy(from.bans, place * LONGS, bans, to * LONGS, LONGS);
        setNext(to, from.next(place) == NONE ? NONE : to + 1);
        size++;
    }

    private int cellOf(long hash, IpAddress address, int length) {
        long high = IpAddress.truncatedHigh(address.high(), length);
        long low = IpAddress.truncatedLow(address.low(), length);
        int i = home((int) hash);
        for (long cell = index[i]; cell != 0; cell = index[i]) {
            if (hashIn(cell) == (int) hash && isOf(placeIn(cell), high, low, length)) {
                return i;
            }
            i = after(i);
        }
        return NONE;
    }

    private boolean isOf(int place, long high, long low, int length) {
        return bans[place * LONGS + HIGH] == high && bans[place * LONGS + LOW] == low && lengthAt(place) == length;
    }

    private int lengthAt(int place) {
        return (int) (bans[place * LONGS + META] >>> LENGTH_SHIFT) & 0xFF;
    }

    private void write(int place, Ban ban, int sentence, int next) {
        ClientKey client = ban.client();
        int length = client.prefixLength();
        bans[place * LONGS + HIGH] = IpAddress.truncatedHigh(client.network().high(), length);
        bans[place * LONGS + LOW] = IpAddress.truncatedLow(client.network().low(), length);
        bans[place * LONGS + SINCE] = ban.since();
        bans[place * LONGS + UNTIL] = ban.until();
        bans[place * LONGS + META] = (long) sentence << SENTENCE_SHIFT | (long) length << LENGTH_SHIFT | (next + 1);
    }

    private void setNext(int place, int next) {
        long meta = bans[place * LONGS + META];
        bans[place * LONGS + META] = (meta & ~NEXT_MASK) | (next + 1);
    }

    private int takePlace() {
        if (firstFree == NONE) {
            return firstUnused++;
        }
        int place = firstFree;
        firstFree = next(place);
        return place;
    }

    /** Multiplying instead of dividing takes the upper bits (Lemire 2019), for a capacity that is no power of two. */
    private int home(int hash) {
        return (int) (((hash & 0xFFFF_FFFFL) * index.length) >>> 32);
    }

    private int after(int cell) {
        return cell + 1 == index.length ? 0 : cell + 1;
    }

    private int emptyCell(int hash) {
        int cell = home(hash);
        while (index[cell] != 0) {
            cell = after(cell);
        }
        return cell;
    }

    private void closeGap(int removed) {
        int gap = removed;
        for (int i = after(gap); index[i] != 0; i = after(i)) {
            if (distance(home(hashIn(index[i])), i) >= distance(gap, i)) {
                index[gap] = index[i];
                gap = i;
            }
        }
        index[gap] = 0;
    }

    private int distance(int from, int to) {
        return to >= from ? to - from : to - from + index.length;
    }

    private static long cell(int hash, int place) {
        return (long) hash << 32 | (place + 1);
    }

    private static int hashIn(long cell) {
        return (int) (cell >>> 32);
    }

    private static int placeIn(long cell) {
        return (int) cell - 1;
    }
}
