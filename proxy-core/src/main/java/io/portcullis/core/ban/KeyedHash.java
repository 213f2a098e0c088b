package io.portcullis.core.ban;

import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;

/**
 * A hash of prefixes and clients that depends on a secret, so that nobody can choose those that fall together: who holds
 * an IPv6 /32 has four billion to choose from, and would make one bucket of all (hash flooding, oCERT-2011-003).
 *
 * <p>Two rounds of multiplying to 128 bits and folding, as in wyhash: both halves of the address are under a secret of
 * their own before they meet.
 */
final class KeyedHash {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long keyOfHigh;
    private final long keyOfLow;
    private final long keyOfSecondRound;

    KeyedHash(long seed) {
        this.keyOfHigh = mix(seed);
        this.keyOfLow = mix(keyOfHigh ^ GOLDEN);
        this.keyOfSecondRound = mix(keyOfLow ^ GOLDEN);
    }

    long of(ClientKey client) {
        return of(client.network(), client.prefixLength());
    }

    /** Of the first bits of the address, and their number. */
    long of(IpAddress address, int prefixLength) {
        long high = IpAddress.truncatedHigh(address.high(), prefixLength) ^ keyOfHigh;
        long low = IpAddress.truncatedLow(address.low(), prefixLength) ^ (keyOfLow + prefixLength * GOLDEN);
        return fold(fold(high, low) ^ keyOfSecondRound, GOLDEN);
    }

    /** SplittableRandom's finalizer (Steele, Lea, Flood 2014): from consecutive numbers to unrelated ones. */
    static long mix(long number) {
        long mixed = (number ^ (number >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private static long fold(long first, long second) {
        return Math.multiplyHigh(first, second) ^ (first * second);
    }
}
