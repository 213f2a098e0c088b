package io.portcullis.server.listener;

import io.portcullis.core.net.IpAddress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;

/**
 * Who was refused at accept since somebody last asked: the last thousand, which is a sample where there were more. Costs a
 * refusal four stores, and a client that is let in nothing.
 *
 * <p>Written by the listening channel's event loop, read by one thread at a time.
 */
final class RefusedPeers {

    /** A power of two. */
    static final int SIZE = 1024;

    /** Two longs a peer. */
    private final AtomicLongArray ring = new AtomicLongArray(SIZE * 2);

    /** How many have been written. */
    private final AtomicLong written = new AtomicLong();

    /** The reader's. */
    private long read;

    void add(IpAddress peer) {
        long number = written.getPlain();
        int place = place(number);
        // Each with release: whoever sees one of these sees the count that came before, and knows the place was reused.
        ring.setRelease(place, peer.high());
        ring.setRelease(place + 1, peer.low());
        written.setRelease(number + 1);
    }

    /** Those since the last time, as far as they are still here. */
    void drain(Consumer<IpAddress> each) {
        long end = written.getAcquire();
        for (long number = Math.max(read, end - SIZE); number < end; number++) {
            int place = place(number);
            IpAddress peer = new IpAddress(ring.getAcquire(place), ring.getAcquire(place + 1));
            // The place may be another's already, or half of it.
            if (number > written.getAcquire() - SIZE) {
                each.accept(peer);
            }
        }
        read = end;
    }

    private static int place(long number) {
        return (int) (number & (SIZE - 1)) * 2;
    }
}
