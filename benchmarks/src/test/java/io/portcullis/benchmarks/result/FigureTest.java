package io.portcullis.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FigureTest {

    @Test
    void theMedianOfAnOddNumberIsTheOneInTheMiddle() {
        assertThat(Figure.of(3, 1, 9)).isEqualTo(new Figure(3, 1, 9));
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
        assertThat(Figure.of(4, 1, 9, 2)).isEqualTo(new Figure(3, 1, 9));
    }
}
