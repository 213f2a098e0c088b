package io.portcullis.server.e2e.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A gibibyte that nobody has to hold: a block that repeats. The block's length is a prime, so octets that are lost,
 * doubled or swapped anywhere on the way show themselves as a wrong octet.
 */
public final class EndlessPattern {

    private static final byte[] BLOCK = new byte[65_521];

    static {
        new Random(17).nextBytes(BLOCK);
    }

    /** Writes so many octets, and tells how far it is. */
    public static void write(OutputStream out, long length, AtomicLong written) throws IOException {
        long left = length;
        while (left > 0) {
            int now = (int) Math.min(BLOCK.length, left);
            out.write(BLOCK, 0, now);
            left -= now;
            written.addAndGet(now);
        }
        out.flush();
    }

    /** Reads so many octets; fails at the first block that is not as written. */
    public static void verify(InputStream in, long from, long length) throws IOException {
        byte[] buffer = new byte[BLOCK.length];
        long position = from;
        long end = from + length;
        while (position < end) {
            int offset = (int) (position % BLOCK.length);
            int expected = (int) Math.min(BLOCK.length - offset, end - position);
            int read = in.readNBytes(buffer, 0, expected);
            int wrong = Arrays.mismatch(buffer, 0, read, BLOCK, offset, offset + read);
            if (wrong >= 0 || read < expected) {
                throw new AssertionError(
                        wrong >= 0 ? "wrong octet at " + (position + wrong) : "ended at " + (position + read));
            }
            position += read;
        }
    }

    private EndlessPattern() {}
}
