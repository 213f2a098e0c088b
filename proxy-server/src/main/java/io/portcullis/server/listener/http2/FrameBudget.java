package io.portcullis.server.listener.http2;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many more frames that carry nothing a connection may send: resets, settings, pings, priorities, window updates,
 * empty DATA, unknown frames, and faults that make us reset a stream.
 *
 * <p>Each costs its sender nine octets, and us work that no flow control bounds (CVE-2019-9511 to 9518, CVE-2023-44487,
 * CVE-2025-8671). No kind is bad by itself, and a client that takes many answers sends many of them: so all are counted
 * as one, as HAProxy counts glitches, and every answer that is taken pays for some. What remains comes back with time.
 *
 * <p>Owned by the connection's event loop.
 */
final class FrameBudget {

    /**
     * What a new connection has. A visitor who leaves a page cancels all its streams at once, a few times over; nginx ends
     * a connection after 620 to 700 rapid resets, nghttp2 after a burst of 1,000.
     */
    static final int BURST = 500;

    /** What comes back with each second: nghttp2's rate for resets. */
    static final int PER_SECOND = 33;

    /** What an answer's head pays for: its request may be cancelled, its windows updated. */
    static final int PER_HEAD = 2;

    /** What a DATA frame that goes out pays for: an update of both windows, and a ping to measure them. */
    static final int PER_DATA = 3;

    /**
     * The least that a DATA frame must carry to pay: one octet at a time, a client would otherwise be paid for dribbling
     * its window updates (CVE-2019-9511).
     */
    static final int PAYING_DATA = 1024;

    private static final long NANOS_EACH = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

    private final LongSupplier nanoTime;
    private int left = BURST;
    private long paidUntil;

    FrameBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.paidUntil = nanoTime.getAsLong();
    }

    /** A frame that carries nothing has come, or a fault of the client's has been answered with a reset. */
    void spend() {
        if (left <= 0) {
            refill(); // looked at only when it matters: the clock is not free
        }
        left--;
    }

    /** Whether more was spent than there was. */
    boolean isOverdrawn() {
        return left < 0;
    }

    /** An answer's head goes out. */
    void earnHead() {
        earn(PER_HEAD);
    }

    /** A part of an answer goes out. */
    void earnData(int octets) {
        if (octets >= PAYING_DATA) {
            earn(PER_DATA);
        }
    }

    private void earn(int frames) {
        left = Math.min(BURST, left + frames);
    }

    private void refill() {
        long frames = (nanoTime.getAsLong() - paidUntil) / NANOS_EACH;
        if (frames > 0) {
            left = (int) Math.min(BURST, left + frames);
            paidUntil += frames * NANOS_EACH;
        }
    }
}
