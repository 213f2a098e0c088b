package io.portcullis.benchmarks.load.generator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void keepsTheRateOverAnHourWithoutARoundingThatAddsUp() {
        Schedule schedule = Schedule.of(1_000, 7, 3_600_000_000_000L);
        assertThat(schedule.count()).isEqualTo(7 * 3_600);
        assertThat(schedule.due(0)).isEqualTo(1_000);
        assertThat(schedule.due(1)).isEqualTo(1_000 + 142_857_142);
        assertThat(schedule.due(7 * 3_599)).isEqualTo(1_000 + 3_599_000_000_000L);
    }

    @Test
    void spacesTheRequestsOfASecondEvenly() {
        Schedule schedule = Schedule.of(0, 1_000_000, 1_000_000_000L);
        for (int number = 0; number < 1_000; number++) {
            assertThat(schedule.due(number)).isEqualTo(number * 1_000L);
        }
    }

    @Test
    void hasAtLeastOneRequestHoweverShortItIs() {
        assertThat(Schedule.of(0, 1, 1).count()).isEqualTo(1);
    }
}
