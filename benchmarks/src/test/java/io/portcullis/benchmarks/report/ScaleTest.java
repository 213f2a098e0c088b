package io.portcullis.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScaleTest {

    private static final Offset<Double> CLOSE = Offset.offset(1e-6);

    /** Else a ratio and its inverse would look as if the one were more than the other. */
    @Test
    void halfAndTwiceAreEquallyFarFromOne() {
        Scale scale = Scale.ofRatios(List.of(0.9, 1.1));
        assertThat(scale.position(1)).isCloseTo(50, CLOSE);
        assertThat(50 - scale.position(0.5)).isCloseTo(scale.position(2) - 50, CLOSE);
        assertThat(scale.ticks()).containsExactly(0.5, 1.0, 2.0);
    }

    @Test
    void aRatioThatIsFarOffIsDrawnAtTheEndAndLeavesTheOthersTheirRoom() {
        Scale scale = Scale.ofRatios(List.of(0.0, 0.9, 500.0));
        assertThat(scale.ticks()).containsExactly(0.25, 0.5, 1.0, 2.0, 4.0);
        assertThat(scale.position(0)).isEqualTo(scale.position(scale.from()));
        assertThat(scale.position(500)).isEqualTo(scale.position(scale.to()));
        assertThat(scale.isBeyond(0)).isTrue();
        assertThat(scale.isBeyond(4)).isFalse();
    }

    @Test
    void figuresBeginAtZeroAndEndAtATickAboveTheGreatest() {
        for (double greatest : new double[] {0.0123, 1, 1.2, 3, 7.9, 33, 99.9, 100, 54321}) {
            Scale scale = Scale.fromZero(greatest);
            assertThat(scale.from()).isZero();
            assertThat(scale.to()).isGreaterThanOrEqualTo(greatest * (1 - 1e-9));
            assertThat(scale.ticks()).hasSizeBetween(2, 5).startsWith(0.0);
            assertThat(scale.isBeyond(greatest)).isFalse();
        }
        assertThat(Scale.fromZero(33).ticks()).containsExactly(0.0, 10.0, 20.0, 30.0, 40.0);
        assertThat(Scale.fromZero(0).position(0)).isEqualTo(Scale.fromZero(10).position(0));
    }

    @Test
    void latenciesStandBetweenPowersOfTen() {
        assertThat(Scale.logarithmic(185, 63_809).ticks()).containsExactly(100.0, 1000.0, 10_000.0, 100_000.0);
        assertThat(Scale.logarithmic(1, 1).ticks()).containsExactly(1.0, 10.0);
        assertThat(Scale.logarithmic(2, 500_000).ticks())
                .as("every other, so that their labels have room")
                .containsExactly(1.0, 100.0, 10_000.0, 1_000_000.0);
    }
}
