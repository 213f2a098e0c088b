package io.portcullis.core.ban;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a client did last that counted, whether or not it has led to a ban since; at most
 * {@link Evidence#MAX_OFFENCES}.
 *
 * <p>Not safe for use by several threads.
 */
final class LastOffences {

    private static final int FIRST_CAPACITY = 2;

    /** Full, the next goes to {@code recorded} modulo its length. */
    private Offence[] ring = new Offence[FIRST_CAPACITY];

    private long recorded;

    void add(Offence offence) {
        if (recorded == ring.length && recorded < Evidence.MAX_OFFENCES) {
            ring = Arrays.copyOf(ring, Math.min(Evidence.MAX_OFFENCES, ring.length * 2));
        }
        ring[(int) (recorded % ring.length)] = offence;
        recorded++;
    }

    /** Oldest first. */
    List<Offence> all() {
        long first = Math.max(0, recorded - ring.length);
        List<Offence> all = new ArrayList<>();
        for (long i = first; i < recorded; i++) {
            all.add(ring[(int) (i % ring.length)]);
        }
        return all;
    }
}
