package io.portcullis.core.ban;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An exact sliding window over the offences of one client against one jail, with the last of them as evidence.
 *
 * <p>It holds the time of each offence in the window, at most {@code max-retry} of them, in a ring that grows as they
 * come: a jail with a large {@code max-retry} costs little until somebody comes near it.
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

    /** The times of the offences in the window, ascending from {@code head}. */
    private long[] times = new long[FIRST_CAPACITY];

    private int head;
    private int count;

    /** The last offences; the next goes to {@code recorded} modulo the length once the ring is full. */
    private Offence[] evidence = new Offence[FIRST_CAPACITY];

    private long recorded;

    /**
     * Counts an offence, which is the latest.
     *
     * @param findTime the window in milliseconds
     * @return how many are in the window now, this one among them
     */
    int add(Offence offence, long findTime) {
        long now = offence.millis();
        drop(now, findTime);
        push(now);
        record(offence);
        return count;
    }

    /** How many offences are in the window. */
    int count(long now, long findTime) {
        int counted = 0;
        for (int i = 0; i < count; i++) {
            if (isWithin(timeAt(i), now, findTime)) {
                counted++;
            }
        }
        return counted;
    }

    /** The last offences, oldest first: no more than {@link #MAX_EVIDENCE}, and none that was out of the window at the last count. */
    List<Offence> evidence() {
        int kept = Math.min(evidence.length, count);
        List<Offence> last = new ArrayList<>(kept);
        for (long i = recorded - kept; i < recorded; i++) {
            last.add(evidence[(int) (i % evidence.length)]);
        }
        return last;
    }

    private void drop(long now, long findTime) {
        if (count > 0 && timeAt(count - 1) > now) {
            count = 0;
        }
        while (count > 0 && !isWithin(times[head], now, findTime)) {
            head = (head + 1) % times.length;
            count--;
        }
    }

    private static boolean isWithin(long time, long now, long findTime) {
        return time <= now && now - time < findTime;
    }

    private long timeAt(int index) {
        return times[(head + index) % times.length];
    }

    private void push(long now) {
        if (count == times.length) {
            long[] larger = new long[times.length * 2];
            for (int i = 0; i < count; i++) {
                larger[i] = timeAt(i);
            }
            times = larger;
            head = 0;
        }
        times[(head + count) % times.length] = now;
        count++;
    }

    private void record(Offence offence) {
        if (recorded == evidence.length && recorded < MAX_EVIDENCE) {
            evidence = Arrays.copyOf(evidence, Math.min(MAX_EVIDENCE, evidence.length * 2));
        }
        evidence[(int) (recorded % evidence.length)] = offence;
        recorded++;
    }
}
