package io.portcullis.server.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MpscRingTest {
    private record Item(int producer, int number) {}

    @Test
    void elementsComeOutInOrderOverManyRounds() {
        MpscRing<Integer> ring = new MpscRing<>(4);
        int next = 0;
        for (int i = 0; i < 103; i++) {
            assertThat(ring.offer(i)).isTrue();
            if (ring.size() == 3) {
                assertThat(ring.poll()).isEqualTo(next++);
                assertThat(ring.poll()).isEqualTo(next++);
            }
        }
    }

    @Test
    void aFullRingRefusesSoThatNoEventLoopWaitsAndNoMemoryGrows() {
        MpscRing<String> ring = new MpscRing<>(2);
        assertThat(ring.offer("a")).isTrue();
        assertThat(ring.offer("b")).isTrue();
        assertThat(ring.offer("c")).isFalse();
        assertThat(ring.poll()).isEqualTo("a");
        assertThat(ring.offer("d")).isTrue();
        assertThat(ring.poll()).isEqualTo("b");
        assertThat(ring.poll()).isEqualTo("d");
        assertThat(ring.poll()).isNull();
        assertThat(ring.size()).isZero();
    }

    @Test
    void nothingIsLostOrDoubledAndEachProducersOrderIsKeptWhenSeveralRace() throws InterruptedException {
        int producers = 4;
        int each = 50_000;
        MpscRing<Item> ring = new MpscRing<>(64);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            int producer = p;
            Thread thread = new Thread(() -> offerAll(ring, start, producer, each));
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        start.countDown();
        int[] next = new int[producers];
        int taken = 0;
        while (taken < producers * each) {
            Item item = ring.poll();
            if (item == null) {
                Thread.onSpinWait();
                continue;
            }
            assertThat(item.number()).isEqualTo(next[item.producer()]++);
            taken++;
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(ring.poll()).isNull();
    }

    private static void offerAll(MpscRing<Item> ring, CountDownLatch start, int producer, int count) {
        try {
            start.await();
        } catch (InterruptedException e) {
            return;
        }
        for (int i = 0; i < count; i++) {
            Item item = new Item(producer, i);
            while (!ring.offer(item)) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void onlyAPowerOfTwoIsACapacity() {
        assertThatThrownBy(() -> new MpscRing<String>(12)).hasMessage("capacity: 12 (expected: a power of two)");
    }
}
