package io.portcullis.core.ban;

import io.portcullis.core.net.ClientKey;

/**
 * Hashes of clients that no stranger can foresee.
 *
 * <p>Who holds an IPv6 /32 chooses among four billion keys. By {@link ClientKey#hashCode()}, which everybody can compute,
 * he could take those that fall together, and make one bucket of all (hash flooding, oCERT-2011-003).
 */
final class ClientHash {

    private ClientHash() {}

    /** @param seed random, the same for all that are compared */
    static long of(ClientKey key, long seed) {
        long mixed = mix(key.network().high() ^ seed);
        mixed = mix(mixed ^ key.network().low());
        return key.prefixLength() == 128 ? mixed : mix(mixed + key.prefixLength());
    }

    /** Stafford's variant 13 of MurmurHash3's finalizer, as in java.util.SplittableRandom. */
    private static long mix(long bits) {
        long z = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
