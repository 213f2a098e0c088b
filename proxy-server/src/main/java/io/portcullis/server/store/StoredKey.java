package io.portcullis.server.store;

import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;

/**
 * Where a ban stands in the file: all of a client's are side by side, in the order of time.
 *
 * @param high the first half of the client's address
 * @param low the second half
 * @param sentence what it is called in the file's {@link Sentences}
 */
record StoredKey(long high, long low, int prefixLength, long since, int sentence) implements Comparable<StoredKey> {

    static StoredKey of(ClientKey client, long since, int sentence) {
        IpAddress network = client.network();
        return new StoredKey(network.high(), network.low(), client.prefixLength(), since, sentence);
    }

    /** Before every ban of the client. */
    static StoredKey firstOf(ClientKey client) {
        return of(client, Long.MIN_VALUE, Integer.MIN_VALUE);
    }

    boolean isOf(ClientKey client) {
        return client.prefixLength() == prefixLength
                && client.network().high() == high
                && client.network().low() == low;
    }

    ClientKey client() {
        return new ClientKey(new IpAddress(high, low), prefixLength);
    }

    @Override
    public int compareTo(StoredKey other) {
        int order = Long.compare(high, other.high);
        if (order == 0) {
            order = Long.compare(low, other.low);
        }
        if (order == 0) {
            order = Integer.compare(prefixLength, other.prefixLength);
        }
        if (order == 0) {
            order = Long.compare(since, other.since);
        }
        return order == 0 ? Integer.compare(sentence, other.sentence) : order;
    }

    /** 64 bits that no other ban has, but for one chance in 10^7 among a million. */
    static long fingerprint(ClientKey client, long since, int scopeHash) {
        long mixed = mix(client.network().high());
        mixed = mix(mixed ^ client.network().low());
        mixed = mix(mixed ^ since);
        return mix(mixed ^ ((long) client.prefixLength() << 32 | (scopeHash & 0xFFFF_FFFFL)));
    }

    /** SplitMix64's finalizer (Steele, Lea, Flood 2014). */
    static long mix(long bits) {
        long z = bits + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
