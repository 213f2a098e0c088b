package io.portcullis.core.ban;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Increment;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Who comes back is kept out longer, and no arithmetic makes that for ever, or for no time at all. */
class BanTimeTest {

    private static final long TEN_MINUTES = 600_000;
    private static final Duration WEEK = Duration.ofDays(7);
    private static final long NOW = 1_800_000_000_000L;

    private final RandomGenerator random = new SplittableRandom(1);

    @Test
    void growsByTwoWithEachPastBanAsInFail2ban() {
        Increment doubling = increment(1, List.of(), WEEK);

        assertThat(escalated(doubling, 0)).isEqualTo(TEN_MINUTES);
        assertThat(escalated(doubling, 1)).isEqualTo(2 * TEN_MINUTES);
        assertThat(escalated(doubling, 2)).isEqualTo(4 * TEN_MINUTES);
        assertThat(escalated(doubling, 9)).isEqualTo(512 * TEN_MINUTES);
        assertThat(escalated(increment(0.5, List.of(), WEEK), 1)).isEqualTo(TEN_MINUTES);
    }

    @Test
    void isNotDoubledMoreThanTwentyTimes() {
        Increment unbounded = increment(1, List.of(), JailConfig.FOREVER);

        assertThat(escalated(unbounded, 20)).isEqualTo(TEN_MINUTES << 20);
        assertThat(escalated(unbounded, 21)).isEqualTo(TEN_MINUTES << 20);
    }

    @Test
    void goesByTheMultipliersWhereThereAreAnyTheLastOneForAllBeyond() {
        Increment multiplied = increment(99, List.of(1, 5, 30), WEEK);

        assertThat(escalated(multiplied, 0)).isEqualTo(TEN_MINUTES);
        assertThat(escalated(multiplied, 1)).isEqualTo(5 * TEN_MINUTES);
        assertThat(escalated(multiplied, 2)).isEqualTo(30 * TEN_MINUTES);
        assertThat(escalated(multiplied, 20)).isEqualTo(30 * TEN_MINUTES);
    }

    @Test
    void isNeverLongerThanTheMaximumJitterIncluded() {
        Increment jittered = new Increment(1, List.of(), WEEK, Duration.ofDays(1));

        for (int i = 0; i < 1_000; i++) {
            assertThat(escalated(jittered, 9)).isBetween(512 * TEN_MINUTES, WEEK.toMillis());
            assertThat(escalated(jittered, 20)).isEqualTo(WEEK.toMillis());
            assertThat(escalated(jittered, 1)).isBetween(2 * TEN_MINUTES, 2 * TEN_MINUTES + 86_400_000);
        }
        assertThat(escalated(jittered, 0)).isEqualTo(TEN_MINUTES);
    }

    @Test
    void onlyForeverIsForever() {
        Increment unbounded = increment(1e300, List.of(), JailConfig.FOREVER);

        assertThat(BanTime.escalated(Ban.FOREVER, unbounded, 3, random)).isEqualTo(Ban.FOREVER);
        assertThat(escalated(unbounded, 3)).isEqualTo(Ban.FOREVER - 1);
        assertThat(BanTime.escalated(Ban.FOREVER - 1, increment(1, List.of(), WEEK), 1, random))
                .isEqualTo(WEEK.toMillis());
        assertThat(BanTime.escalated(1, new Increment(1, List.of(), JailConfig.FOREVER, JailConfig.FOREVER), 1, random))
                .isBetween(2L, Ban.FOREVER - 1);
        assertThat(BanTime.escalated(1, increment(1e-9, List.of(), WEEK), 1, random))
                .isEqualTo(1);
    }

    @Test
    void theEndOfABanNeverOverflows() {
        assertThat(BanTime.until(0, Ban.FOREVER)).isEqualTo(Ban.FOREVER);
        assertThat(BanTime.until(NOW, Ban.FOREVER)).isEqualTo(Ban.FOREVER);
        assertThat(BanTime.until(NOW, Ban.FOREVER - 1)).isEqualTo(Ban.FOREVER);
        assertThat(BanTime.until(NOW, Ban.FOREVER - NOW)).isEqualTo(Ban.FOREVER);
        assertThat(BanTime.until(NOW, Ban.FOREVER - NOW - 1)).isEqualTo(Ban.FOREVER - 1);
        assertThat(BanTime.until(NOW, 3_600_000)).isEqualTo(NOW + 3_600_000);
        assertThat(BanTime.millis(JailConfig.FOREVER)).isEqualTo(Ban.FOREVER);
    }

    private long escalated(Increment increment, int pastBans) {
        return BanTime.escalated(TEN_MINUTES, increment, pastBans, random);
    }

    private static Increment increment(double factor, List<Integer> multipliers, Duration max) {
        return new Increment(factor, multipliers, max, Duration.ZERO);
    }
}
