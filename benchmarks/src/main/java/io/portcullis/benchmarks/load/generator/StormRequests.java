package io.portcullis.benchmarks.load.generator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Requests each of which is in the name of another client, by X-Forwarded-For: addresses one after the other, none of
 * them twice before 3,500 million others. Where they begin is another for each process: who has been banned already is no
 * new client.
 */
final class StormRequests implements Requests {

    /** The first address that is no private one, and far from those that are special. */
    private static final int FIRST = 11 << 24;

    private static final int LOOPBACK = 127;
    /** What is behind it is multicast, and nobody's address. */
    private static final int LAST_NETWORK = 223;

    private static final int LONGEST_ADDRESS = 15;

    /** How many addresses one process after another has for itself. */
    private static final int SHARE_BITS = 18;

    private static final int SHARES = 1 << 12;

    private final byte[] before;
    private final byte[] after;
    private int next;

    /** @param head a head without the field; its empty line is the end */
    StormRequests(String head) {
        this(head, ProcessHandle.current().pid());
    }

    /** @param process which of the processes that make a storm, one after the other */
    StormRequests(String head, long process) {
        next = FIRST + ((int) (process % SHARES) << SHARE_BITS);
        before = (head.substring(0, head.length() - 2) + "X-Forwarded-For: ").getBytes(StandardCharsets.US_ASCII);
        after = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public ByteBuf view() {
        return Unpooled.directBuffer(before.length + LONGEST_ADDRESS + after.length)
                .writeBytes(before);
    }

    @Override
    public void next(ByteBuf view) {
        view.setIndex(0, before.length);
        for (int shift = 24; shift >= 0; shift -= 8) {
            decimal(view, next >>> shift & 0xff);
            if (shift > 0) {
                view.writeByte('.');
            }
        }
        view.writeBytes(after);
        next++;
        int network = next >>> 24;
        if (network == LOOPBACK) {
            next = (LOOPBACK + 1) << 24;
        } else if (network > LAST_NETWORK) {
            next = FIRST;
        }
    }

    @Override
    public void close() {
        // Each view is its connection's alone.
    }

    private static void decimal(ByteBuf view, int octet) {
        if (octet >= 100) {
            view.writeByte('0' + octet / 100);
        }
        if (octet >= 10) {
            view.writeByte('0' + octet / 10 % 10);
        }
        view.writeByte('0' + octet % 10);
    }
}
