package io.portcullis.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.exchange.Deadlines.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every time-out strikes once and in time, whatever the others do: one that is lost keeps a dead connection for ever. */
class DeadlinesTest {

    private static final long MILLI = 1_000_000;
    private static final long SWEEP = Deadlines.SWEEP_MILLIS * MILLI;

    private long now = Long.MAX_VALUE - 5 * SWEEP - 12_345; // System.nanoTime may be anywhere, and wrap
    private final Deadlines deadlines = new Deadlines(() -> now);
    private final List<String> struck = new ArrayList<>();

    private final class Named extends Deadline {
        private final String name;
        private Runnable action = () -> {};

        Named(String name) {
            super(deadlines);
            this.name = name;
        }

        @Override
        protected void expired() {
            struck.add(name);
            action.run();
        }
    }

    private void sweepAfter(long nanos) {
        now += nanos;
        deadlines.sweep();
    }

    @Test
    void strikesOnceAndNotBeforeItsTime() {
        Named deadline = new Named("a");
        deadline.set(10 * SWEEP);
        sweepAfter(9 * SWEEP);
        assertThat(struck).isEmpty();
        sweepAfter(2 * SWEEP);
        assertThat(struck).containsExactly("a");
        sweepAfter(100 * SWEEP);
        assertThat(struck).containsExactly("a");
    }

    @Test
    void neverStrikesBeforeItsTimeThoughItWasSetBetweenSweeps_orAShortTimeOutEndsWhatIsInTime() {
        Named deadline = new Named("a");
        now += SWEEP - 1;
        deadline.set(20 * MILLI);
        sweepAfter(1);
        assertThat(struck).as("1 ns after it was set").isEmpty();
        sweepAfter(SWEEP);
        assertThat(struck).containsExactly("a");
    }

    @Test
    void strikesByItsLastSetting_orAnActiveConnectionIsTimedOut() {
        Named deadline = new Named("a");
        deadline.set(SWEEP);
        deadline.set(10 * SWEEP);
        sweepAfter(5 * SWEEP);
        assertThat(struck).isEmpty();
        deadline.set(10 * SWEEP);
        sweepAfter(7 * SWEEP);
        assertThat(struck).isEmpty();
        deadline.clear();
        sweepAfter(100 * SWEEP);
        assertThat(struck).isEmpty();
    }

    @Test
    void mayBeSetAnewByWhatItStrikes() {
        Named deadline = new Named("a");
        deadline.action = () -> deadline.set(3 * SWEEP);
        deadline.set(SWEEP);
        sweepAfter(3 * SWEEP);
        sweepAfter(SWEEP);
        assertThat(struck).containsExactly("a");
        sweepAfter(4 * SWEEP);
        assertThat(struck).containsExactly("a", "a");
    }

    @Test
    void mayRemoveItselfOrAnyOtherWhileTheySweep_orOneClosedConnectionSparesAllAfterIt() {
        for (int removed = 0; removed < 5; removed++) {
            struck.clear();
            List<Named> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(new Named("d" + i));
            }
            for (Named each : all) {
                each.set(SWEEP);
            }
            int first = 4; // the one made last is swept first
            Named victim = all.get(removed);
            all.get(first).action = victim::remove;
            sweepAfter(3 * SWEEP);
            TreeSet<String> expected = new TreeSet<>(List.of("d0", "d1", "d2", "d3", "d4"));
            if (removed != first) {
                expected.remove(victim.name);
            }
            assertThat(struck).as("d4 removes d%d", removed).containsExactlyInAnyOrderElementsOf(expected);
            all.forEach(Deadline::remove);
        }
    }

    @Test
    void mayRemoveAllOthersWhileTheySweep() {
        Named a = new Named("a");
        Named b = new Named("b");
        Named c = new Named("c");
        for (Named each : List.of(a, b, c)) {
            each.set(SWEEP);
            each.action = () -> List.of(a, b, c).forEach(Deadline::remove);
        }
        sweepAfter(3 * SWEEP);
        assertThat(struck).containsExactly("c");
        new Named("d").set(SWEEP);
        sweepAfter(3 * SWEEP);
        assertThat(struck).containsExactly("c", "d");
    }

    @Test
    void maySetOthersAndMakeNewOnesWhileTheySweep() {
        Named a = new Named("a");
        Named b = new Named("b");
        b.action = () -> {
            a.set(10 * SWEEP);
            new Named("new").set(0);
        };
        a.set(SWEEP);
        b.set(SWEEP);
        sweepAfter(3 * SWEEP);
        assertThat(struck).as("b, swept first, has put a off").containsExactly("b");
        sweepAfter(3 * SWEEP);
        assertThat(struck).containsExactly("b", "new");
    }

    /** If it breaks: one fault ends all time-outs of an event loop, and slow clients fill the process from then on. */
    @Test
    void oneThatFailsKeepsNoOtherFromStrikingNowOrLater() {
        Named a = new Named("a");
        Named b = new Named("b");
        b.action = () -> {
            throw new IllegalStateException("a fault in b, which is swept first");
        };
        a.set(SWEEP);
        b.set(SWEEP);
        sweepAfter(3 * SWEEP);
        assertThat(struck).containsExactly("b", "a");
        a.set(SWEEP);
        sweepAfter(3 * SWEEP);
        assertThat(struck).containsExactly("b", "a", "a");
    }

    @Test
    void isRemovedOnceHoweverOftenItIsTold() {
        Named a = new Named("a");
        Named b = new Named("b");
        Named c = new Named("c");
        b.remove();
        b.remove();
        for (Named each : List.of(a, c)) {
            each.set(SWEEP);
        }
        sweepAfter(3 * SWEEP);
        assertThat(struck).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void agreesWithASimpleModelUnderRandomUse() {
        SplittableRandom random = new SplittableRandom(7);
        List<Named> alive = new ArrayList<>();
        List<Named> set = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(5)) {
                case 0 -> alive.add(new Named("n" + step));
                case 1 -> {
                    if (!alive.isEmpty()) {
                        Named removed = alive.remove(random.nextInt(alive.size()));
                        set.remove(removed);
                        removed.remove();
                    }
                }
                case 2 -> {
                    if (!alive.isEmpty()) {
                        Named chosen = alive.get(random.nextInt(alive.size()));
                        chosen.set(SWEEP / 2);
                        if (!set.contains(chosen)) {
                            set.add(chosen);
                        }
                    }
                }
                case 3 -> {
                    if (!alive.isEmpty()) {
                        Named cleared = alive.get(random.nextInt(alive.size()));
                        cleared.clear();
                        set.remove(cleared);
                    }
                }
                default -> {
                    struck.clear();
                    sweepAfter(2 * SWEEP);
                    assertThat(struck)
                            .containsExactlyInAnyOrderElementsOf(
                                    set.stream().map(each -> each.name).toList());
                    set.clear();
                }
            }
        }
    }
}
