package io.portcullis.core.ban;

import java.util.random.RandomGenerator;

/**
 * A 64-bit hash of paths under a secret key: SipHash-2-4 (Aumasson and Bernstein, 2012), which is made for short texts
 * of an attacker's choice. Without the key nobody finds two paths that would count as one.
 *
 * <p>Immutable, and safe for use by many threads.
 */
final class PathHash {

    private final long key0;
    private final long key1;

    /** @param random gives the key; must not be guessable where attackers choose the paths */
    PathHash(RandomGenerator random) {
        this(random.nextLong(), random.nextLong());
    }

    PathHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** Of the path's UTF-16 units, the lower byte of each first. */
    long of(String path) {
        State state = new State(key0, key1);
        int length = path.length();
        int whole = length & ~3;
        for (int i = 0; i < whole; i += 4) {
            state.take(unit(path, i) | unit(path, i + 1) << 16 | unit(path, i + 2) << 32 | unit(path, i + 3) << 48);
        }
        long last = (length * 2L) << 56;
        for (int i = whole; i < length; i++) {
            last |= unit(path, i) << (16 * (i - whole));
        }
        state.take(last);
        return state.end();
    }

    private static long unit(String path, int at) {
        return path.charAt(at);
    }

    private static final class State {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        State(long key0, long key1) {
            v0 = key0 ^ 0x736f6d6570736575L;
            v1 = key1 ^ 0x646f72616e646f6dL;
            v2 = key0 ^ 0x6c7967656e657261L;
            v3 = key1 ^ 0x7465646279746573L;
        }

        void take(long word) {
            v3 ^= word;
            round();
            round();
            v0 ^= word;
        }

        long end() {
            v2 ^= 0xff;
            for (int i = 0; i < 4; i++) {
                round();
            }
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void round() {
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}
