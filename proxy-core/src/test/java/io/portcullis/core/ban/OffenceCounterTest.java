package io.portcullis.core.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OffenceCounterTest {

    private static final long MINUTE = 60_000;
    private static final long START = 1_800_000_000_000L;

    private static final int MAX_RETRY = 10_000;

    private final OffenceCounter counter = new OffenceCounter();

    @Test
    void anOffenceExactlyAsOldAsTheWindowIsOut() {
        add(0);

        assertThat(counter.count(START + MINUTE - 1, MINUTE)).isEqualTo(1);
        assertThat(counter.count(START + MINUTE, MINUTE)).isZero();
        assertThat(add(MINUTE)).isEqualTo(1);
    }

    @Test
    void anOffenceOneMillisecondYoungerStillCounts() {
        add(0);

        assertThat(add(MINUTE - 1)).isEqualTo(2);
    }

    @Test
    void offencesOfTheSameMillisecondAllCount() {
        add(0);
        add(0);

        assertThat(add(0)).isEqualTo(3);
    }

    /** A fixed window would forget the first nine at its border, and let twice as many through. */
    @Test
    void theWindowSlides() {
        for (int i = 1; i <= 9; i++) {
            assertThat(add(MINUTE - 10 + i)).isEqualTo(i);
        }
        assertThat(add(MINUTE)).isEqualTo(10);
        assertThat(add(2 * MINUTE - 5)).isEqualTo(6);
    }

    @Test
    void holdsALargeWindowAcrossItsGrowthAndWrapping() {
        for (int i = 0; i < 5_000; i++) {
            int expected = Math.min(i + 1, 1_000);
            assertThat(add(i * 60L)).as("offence %d", i).isEqualTo(expected);
        }
    }

    @Test
    void remembersTheLastOffencesInOrder() {
        for (int i = 0; i < 25; i++) {
            add(i);
        }

        assertThat(counter.evidence())
                .extracting(Offence::millis)
                .containsExactlyElementsOf(
                        LongStream.range(15, 25).map(i -> START + i).boxed().toList());
    }

    @Test
    void tellsNoOffenceThatDidNotCount() {
        add(0);
        add(1);
        add(MINUTE);

        assertThat(counter.evidence()).extracting(Offence::millis).containsExactly(START + 1, START + MINUTE);
    }

    /** After the clock is set back nobody can tell how old the offences are; a ban for old ones would be unjust. */
    @Test
    void startsAnewWhenTheClockIsSetBack() {
        for (int i = 0; i < 12; i++) {
            add(i * 10L);
        }

        assertThat(add(-MINUTE)).isEqualTo(1);
        assertThat(counter.evidence()).extracting(Offence::millis).containsExactly(START - MINUTE);
        assertThat(add(-MINUTE + 1)).isEqualTo(2);
        assertThat(add(-1)).isEqualTo(3);
        assertThat(add(0)).isEqualTo(3);
    }

    @Test
    void countsNothingThatIsInTheFuture() {
        add(10);

        assertThat(counter.count(START + 9, MINUTE)).isZero();
        assertThat(counter.count(START + 10, MINUTE)).isEqualTo(1);
    }

    @Test
    void survivesTheEdgesOfTime() {
        OffenceCounter edge = new OffenceCounter();

        assertThat(edge.add(at(0), 1, 10, Long.MAX_VALUE)).isEqualTo(1);
        assertThat(edge.add(at(Long.MAX_VALUE - 1), 1, 10, Long.MAX_VALUE)).isEqualTo(2);
        assertThat(edge.add(at(Long.MAX_VALUE), 1, 10, Long.MAX_VALUE)).isEqualTo(2);
    }

    @Test
    void aHeavyOffenceIsSoManyOfTheSameTime() {
        assertThat(counter.add(at(START), 3, 10, MINUTE)).isEqualTo(3);
        assertThat(counter.add(at(START + 1), 2, 10, MINUTE)).isEqualTo(5);
        assertThat(counter.count(START + MINUTE - 1, MINUTE)).isEqualTo(5);
        assertThat(counter.count(START + MINUTE, MINUTE)).isEqualTo(2);
        assertThat(counter.add(at(START + MINUTE), 1, 10, MINUTE)).isEqualTo(3);
        assertThat(counter.evidence()).extracting(Offence::millis).containsExactly(START + 1, START + MINUTE);
    }

    /** An application may say any number; what is held for a client stays bounded. */
    @Test
    void holdsNoMoreThanItTakesToBan() {
        assertThat(counter.add(at(START), Integer.MAX_VALUE, 10, MINUTE)).isEqualTo(10);
        assertThat(counter.add(at(START + 1), 4, 10, MINUTE)).isEqualTo(10);
        assertThat(counter.count(START + MINUTE, MINUTE)).isEqualTo(4);
        assertThat(counter.add(at(START + 2), 1, 3, MINUTE)).isEqualTo(3);
    }

    @Test
    void aPathCountsOnce() {
        assertThat(addPath(0, 1)).isEqualTo(1);
        assertThat(addPath(1, 2)).isEqualTo(2);
        assertThat(addPath(2, 1)).isEqualTo(2);
        assertThat(addPath(3, 0)).isEqualTo(3);
    }

    @Test
    void theSamePathAgainRenewsItsTime() {
        addPath(0, 1);
        addPath(10, 2);
        addPath(20, 1);

        assertThat(counter.count(START + MINUTE + 9, MINUTE)).isEqualTo(2);
        assertThat(counter.count(START + MINUTE + 10, MINUTE)).isEqualTo(1);
        assertThat(addPath(MINUTE + 19, 3)).isEqualTo(2);
        assertThat(addPath(MINUTE + 20, 3)).isEqualTo(1);
    }

    @Test
    void aPathExactlyAsOldAsTheWindowIsOut() {
        addPath(0, 1);

        assertThat(addPath(MINUTE, 2)).isEqualTo(1);
    }

    @Test
    void pathsStartAnewWhenTheClockIsSetBack() {
        addPath(10, 1);
        addPath(10, 2);

        assertThat(addPath(9, 3)).isEqualTo(1);
        assertThat(addPath(10, 1)).isEqualTo(2);
    }

    /** Held against a map of the last time of each path. */
    @Test
    void distinctPathsAgreeWithAModel() {
        Random random = new Random(20261122);
        for (int round = 0; round < 50; round++) {
            OffenceCounter distinct = new OffenceCounter();
            Map<Long, Long> lastTimes = new HashMap<>();
            long now = START;
            for (int step = 0; step < 400; step++) {
                now += random.nextInt(3) * 10L;
                long path = random.nextInt(1 + round);
                lastTimes.put(path, now);
                long since = now - 200;
                long expected =
                        lastTimes.values().stream().filter(time -> time > since).count();
                assertThat(distinct.addPath(at(now), path, 100, 200)).isEqualTo((int) expected);
            }
        }
    }

    @Test
    void holdsTheNewestPathsOnly() {
        for (int path = 0; path < 50; path++) {
            assertThat(counter.addPath(at(START + path), path, 10, MINUTE)).isEqualTo(Math.min(10, path + 1));
        }
        assertThat(counter.addPath(at(START + 50), 45, 10, MINUTE)).isEqualTo(10);
        assertThat(counter.count(START + MINUTE + 40, MINUTE)).isEqualTo(9);
    }

    /** What was hits cannot become paths, nor the other way round. */
    @Test
    void startsAnewWhenAReloadChangesWhatIsCounted() {
        add(0);
        add(1);

        assertThat(addPath(2, 1)).isEqualTo(1);
        assertThat(addPath(3, 2)).isEqualTo(2);
        assertThat(add(4)).isEqualTo(1);
        assertThat(counter.evidence()).extracting(Offence::millis).containsExactly(START + 4);
    }

    private int addPath(long millisAfterStart, long path) {
        return counter.addPath(at(START + millisAfterStart), path, MAX_RETRY, MINUTE);
    }

    private int add(long millisAfterStart) {
        return counter.add(at(START + millisAfterStart), 1, MAX_RETRY, MINUTE);
    }

    private static Offence at(long millis) {
        return new Offence(millis, "shop", "forbidden", "GET", "/", 403);
    }
}
