package io.portcullis.server.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded lock-free queue from many producers to one consumer.
 *
 * <p>A producer claims an index by compare-and-set, then publishes the element in its slot; the consumer empties the
 * slot before it moves its own index on, so a claimed slot is always free. After Dmitry Vyukov's bounded MPMC queue, in
 * the form that JCTools gives it for one consumer ({@code MpscArrayQueue}): with one consumer the slot itself says
 * whether it is published, and needs no sequence number.
 *
 * <p>No producer waits for another. A producer held up between claim and publication hides the elements behind it
 * until it goes on, and loses none.
 */
final class MpscRing<E> {
    private final AtomicReferenceArray<@Nullable E> slots;
    private final long mask;
    private final AtomicLong producerIndex = new AtomicLong();
    /** Written by the consumer alone. */
    private final AtomicLong consumerIndex = new AtomicLong();

    /** @param capacity a power of two */
    MpscRing(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: a power of two)");
        }
        slots = new AtomicReferenceArray<>(capacity);
        mask = capacity - 1L;
    }

    /** By any thread. False where the ring is full. */
    boolean offer(E element) {
        long index;
        do {
            index = producerIndex.get();
            if (index - consumerIndex.get() > mask) {
                return false;
            }
        } while (!producerIndex.compareAndSet(index, index + 1));
        slots.setRelease((int) (index & mask), element);
        return true;
    }

    /** By the consumer alone. Null where nothing is published at its index. */
    @Nullable
    E poll() {
        long index = consumerIndex.getPlain();
        int slot = (int) (index & mask);
        E element = slots.getAcquire(slot);
        if (element == null) {
            return null;
        }
        slots.setPlain(slot, null);
        consumerIndex.setRelease(index + 1);
        return element;
    }

    /** How many are claimed and not yet taken: exact only while nobody offers or polls. */
    int size() {
        return (int) (producerIndex.get() - consumerIndex.get());
    }
}
