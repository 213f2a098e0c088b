package io.portcullis.core.ban;

import io.portcullis.core.net.ClientKey;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One value for each of the clients that were seen last, bounded in number: the least recently seen is forgotten first.
 *
 * <p>A hash table whose entries also stand in the order in which they were seen, so the price of a new client is the same
 * whether or not an old one has to go for it. It is cut into stripes by hash, each with its lock, order and share of the
 * bound; a lock is held for some tens of nanoseconds.
 *
 * <p>Not Caffeine, which bounds its caches by frequency of use (TinyLFU): what is new and rare loses against what was
 * often seen. That is right for a cache and wrong here. Whoever first makes the cache warm with many addresses has every
 * later one forgotten between two of its offences: with 8 offences each, a client that should be banned at its 5th was
 * banned at its 10th to 15th. By recency, as many other clients as the bound must be seen between two offences before
 * one is lost.
 *
 * <p>Safe for use by many threads; what is in a value is not guarded by this.
 */
final class RecentClients<V> {

    private static final int MAX_STRIPES = 64;

    /** With fewer, chance would fill one stripe long before the others. */
    private static final int MIN_CLIENTS_A_STRIPE = 2_048;

    private static final int FIRST_CAPACITY = 16;

    private final KeyedHash hash;
    private final Stripe<V>[] stripes;
    private int nextSweep;

    /**
     * @param bound at least 1
     * @param seed random
     */
    RecentClients(int bound, long seed) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound: " + bound + " (expected: >= 1)");
        }
        this.hash = new KeyedHash(seed);
        int count = Math.max(1, Integer.highestOneBit(Math.min(MAX_STRIPES, bound / MIN_CLIENTS_A_STRIPE)));
        this.stripes = stripes(count, bound / count);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <V> Stripe<V>[] stripes(int count, int boundOfEach) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Stripe<V>(boundOfEach))
                .toArray(Stripe[]::new);
    }

    /**
     * Sees the client: it becomes the most recent one.
     *
     * @param time what {@link #sweep} goes by; a value's latest counts
     */
    V see(ClientKey key, long time, Supplier<V> fresh) {
        long hashed = hash.of(key);
        return stripeOf(hashed).see(key, hashed, time, fresh);
    }

    /** Does not count as seeing it. */
    @Nullable
    V peek(ClientKey key) {
        long hashed = hash.of(key);
        return stripeOf(hashed).peek(key, hashed);
    }

    void forget(ClientKey key) {
        long hashed = hash.of(key);
        stripeOf(hashed).forget(key, hashed);
    }

    /**
     * Forgets those whose time is as long ago as that, in one stripe after the other, one a call: each lock is held for a
     * few thousand entries at most. To be called by one thread at a time.
     */
    void sweep(long now, long keptFor) {
        stripes[nextSweep].sweep(now, keptFor);
        nextSweep = (nextSweep + 1) % stripes.length;
    }

    int size() {
        int size = 0;
        for (Stripe<V> stripe : stripes) {
            size += stripe.size();
        }
        return size;
    }

    /** The most there can be; less than the bound it was made with by what does not divide evenly. */
    int bound() {
        return stripes.length * stripes[0].bound;
    }

    /** How many were forgotten early because there were too many. */
    long evicted() {
        long evicted = 0;
        for (Stripe<V> stripe : stripes) {
            evicted += stripe.evicted();
        }
        return evicted;
    }

    private Stripe<V> stripeOf(long hash) {
        return stripes[(int) (hash >>> 32) & (stripes.length - 1)];
    }

    /** An entry, or the ends of the order: its {@code newer} is the oldest entry, its {@code older} the newest. */
    private static final class Node<V> {
        private final @Nullable ClientKey key;
        private final long hash;
        private final @Nullable V value;
        private long time;
        private @Nullable Node<V> nextInBucket;
        private Node<V> older = this;
        private Node<V> newer = this;

        Node(@Nullable ClientKey key, long hash, @Nullable V value) {
            this.key = key;
            this.hash = hash;
            this.value = value;
        }

        void unlink() {
            older.newer = newer;
            newer.older = older;
        }

        void linkAsNewest(Node<V> ends) {
            older = ends.older;
            newer = ends;
            older.newer = this;
            ends.older = this;
        }
    }

    /** Every method holds its lock. */
    private static final class Stripe<V> {
        private final int bound;
        private final Node<V> ends = new Node<>(null, 0, null);
        private @Nullable Node<V>[] buckets = newBuckets(FIRST_CAPACITY);
        private int size;
        private long evicted;

        Stripe(int bound) {
            this.bound = bound;
        }

        @SuppressWarnings({"unchecked", "rawtypes"})
        private static <V> @Nullable Node<V>[] newBuckets(int capacity) {
            return new Node[capacity];
        }

        synchronized V see(ClientKey key, long hash, long time, Supplier<V> fresh) {
            Node<V> node = find(key, hash);
            if (node != null) {
                node.unlink();
                node.linkAsNewest(ends);
                node.time = Math.max(node.time, time);
                return Objects.requireNonNull(node.value);
            }
            if (size >= bound) {
                remove(ends.newer);
                evicted++;
            } else if (size >= buckets.length) {
                grow();
            }
            V value = fresh.get();
            Node<V> added = new Node<>(key, hash, value);
            added.time = time;
            int bucket = bucketOf(hash);
            added.nextInBucket = buckets[bucket];
            buckets[bucket] = added;
            added.linkAsNewest(ends);
            size++;
            return value;
        }

        synchronized @Nullable V peek(ClientKey key, long hash) {
            Node<V> node = find(key, hash);
            return node == null ? null : node.value;
        }

        synchronized void forget(ClientKey key, long hash) {
            Node<V> node = find(key, hash);
            if (node != null) {
                remove(node);
            }
        }

        synchronized void sweep(long now, long keptFor) {
            Node<V> node = ends.newer;
            while (node != ends) {
                Node<V> next = node.newer;
                // Neither side overflows: times are of this era, or the end of time for what has none.
                if (node.time < now && now - node.time >= keptFor) {
                    remove(node);
                }
                node = next;
            }
        }

        synchronized int size() {
            return size;
        }

        synchronized long evicted() {
            return evicted;
        }

        private int bucketOf(long hash) {
            return (int) hash & (buckets.length - 1);
        }

        private @Nullable Node<V> find(ClientKey key, long hash) {
            Node<V> node = buckets[bucketOf(hash)];
            while (node != null && !(node.hash == hash && key.equals(node.key))) {
                node = node.nextInBucket;
            }
            return node;
        }

        private void remove(Node<V> node) {
            node.unlink();
            int bucket = bucketOf(node.hash);
            Node<V> before = buckets[bucket];
            if (before == node) {
                buckets[bucket] = node.nextInBucket;
            } else {
                while (before != null && before.nextInBucket != node) {
                    before = before.nextInBucket;
                }
                if (before != null) {
                    before.nextInBucket = node.nextInBucket;
                }
            }
            size--;
        }

        private void grow() {
            buckets = newBuckets(buckets.length * 2);
            for (Node<V> node = ends.newer; node != ends; node = node.newer) {
                int bucket = bucketOf(node.hash);
                node.nextInBucket = buckets[bucket];
                buckets[bucket] = node;
            }
        }
    }
}
