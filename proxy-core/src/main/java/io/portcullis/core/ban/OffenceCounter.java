package io.portcullis.core.ban;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exact sliding window over the offences of one client against one jail, with the last of them as evidence.
 *
 * <p>It holds the time of each offence in the window, at most {@code max-retry} of them since more make no difference,
 * in a ring that grows as they come: a jail with a large {@code max-retry} costs little until somebody comes near it. An
 * offence that weighs N is N of the same time. Where distinct paths count, each time has its path's hash, and the same
 * path again takes the place of the older one.
 *
 * <p>An offence counts while it is younger than {@code find-time}; exactly that old it is out, as in fail2ban. Where the
 * latest offence lies in the future, the clock has been set back, and nobody can tell how old the offences are. All are
 * forgotten: a client may gain the rest of a window by it, but none is banned for what may be long past.
 *
 * <p>Not safe for use by several threads: guarded by its client's lock in the {@link BanEngine}.
 */
final class OffenceCounter {

    /** How many offences are remembered in full. */
    static final int MAX_EVIDENCE = 10;

    private static final int FIRST_CAPACITY = 2;

    /** The times of the offences in the window, ascending from {@code head}; the length is a power of two. */
    private long[] times = new long[FIRST_CAPACITY];

    /** The hashes of their paths; null where hits count. */
    private long @Nullable [] paths;

    private int head;
    private int count;

    /** The last offences; the next goes to {@code recorded} modulo the length once the ring is full. */
    private Offence[] evidence = new Offence[FIRST_CAPACITY];

    private long recorded;

    /**
     * Counts an offence, which is the latest.
     *
     * @param weight how many it is, at least 1
     * @param maxRetry no more than so many are held
     * @param findTime the window in milliseconds
     * @return how many are in the window now, this one among them
     */
    int add(Offence offence, int weight, int maxRetry, long findTime) {
        if (paths != null) {
            // A reload has made a jail of distinct paths one of hits: there is no telling how many hits they were.
            paths = null;
            clear();
        }
        long now = offence.millis();
        drop(now, findTime);
        int pushed = Math.min(weight, maxRetry);
        makeRoom(pushed, maxRetry);
        for (int i = 0; i < pushed; i++) {
            push(now);
        }
        record(offence);
        return count;
    }

    /**
     * Counts an offence, which is the latest, once for each path.
     *
     * @param path its hash ({@link PathHash})
     * @param maxRetry no more than so many are held
     * @param findTime the window in milliseconds
     * @return how many paths are in the window now, this one among them
     */
    int addPath(Offence offence, long path, int maxRetry, long findTime) {
        if (paths == null) {
            paths = new long[times.length];
            clear();
        }
        long now = offence.millis();
        drop(now, findTime);
        remove(path, paths);
        makeRoom(1, maxRetry);
        push(now);
        paths[slot(count - 1)] = path;
        record(offence);
        return count;
    }

    /** How many offences are in the window. */
    int count(long now, long findTime) {
        int counted = 0;
        for (int i = 0; i < count; i++) {
            if (isWithin(times[slot(i)], now, findTime)) {
                counted++;
            }
        }
        return counted;
    }

    /** The last offences, oldest first: no more than {@link #MAX_EVIDENCE}, and none that was out of the window at the last count. */
    List<Offence> evidence() {
        List<Offence> last = new ArrayList<>();
        for (long i = Math.max(0, recorded - evidence.length); i < recorded; i++) {
            Offence offence = evidence[(int) (i % evidence.length)];
            if (count > 0 && offence.millis() >= times[head]) {
                last.add(offence);
            }
        }
        return last;
    }

    private void clear() {
        count = 0;
        recorded = 0;
    }

    private void drop(long now, long findTime) {
        if (count > 0 && times[slot(count - 1)] > now) {
            clear();
        }
        while (count > 0 && !isWithin(times[head], now, findTime)) {
            dropOldest();
        }
    }

    private void dropOldest() {
        head = slot(1);
        count--;
    }

    /** Drops what makes no difference beside so many newer ones. */
    private void makeRoom(int added, int maxRetry) {
        while (count > 0 && count > maxRetry - added) {
            dropOldest();
        }
    }

    private static boolean isWithin(long time, long now, long findTime) {
        return time <= now && now - time < findTime;
    }

    private int slot(int index) {
        return (head + index) & (times.length - 1);
    }

    private void push(long now) {
        if (count == times.length) {
            grow();
        }
        times[slot(count)] = now;
        count++;
    }

    private void grow() {
        long[] newTimes = inOrder(times);
        if (paths != null) {
            paths = inOrder(paths);
        }
        times = newTimes;
        head = 0;
    }

    /** A full ring in one twice as large, from its start. */
    private long[] inOrder(long[] ring) {
        long[] larger = new long[ring.length * 2];
        System.arraycopy(ring, head, larger, 0, ring.length - head);
        System.arraycopy(ring, 0, larger, ring.length - head, head);
        return larger;
    }

    /** Takes the path's offence out, if it has one; what is newer moves up. */
    private void remove(long path, long[] hashes) {
        int found = 0;
        while (found < count && hashes[slot(found)] != path) {
            found++;
        }
        for (int i = found; i < count - 1; i++) {
            times[slot(i)] = times[slot(i + 1)];
            hashes[slot(i)] = hashes[slot(i + 1)];
        }
        if (found < count) {
            count--;
        }
    }

    private void record(Offence offence) {
        if (recorded == evidence.length && recorded < MAX_EVIDENCE) {
            evidence = Arrays.copyOf(evidence, Math.min(MAX_EVIDENCE, evidence.length * 2));
        }
        evidence[(int) (recorded % evidence.length)] = offence;
        recorded++;
    }
}
