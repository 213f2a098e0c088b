package io.portcullis.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.benchmarks.result.Figure;
import org.junit.jupiter.api.Test;

class NumbersTest {

    /** More digits would promise what the next run does not keep. */
    @Test
    void anAmountHasThreeDigitsThatCount() {
        assertThat(Numbers.amount(0)).isEqualTo("0");
        assertThat(Numbers.amount(33)).isEqualTo("33");
        assertThat(Numbers.amount(0.012345)).isEqualTo("0.0123");
        assertThat(Numbers.amount(0.9996)).isEqualTo("1.00");
        assertThat(Numbers.amount(2.1049)).isEqualTo("2.10");
        assertThat(Numbers.amount(9.996)).isEqualTo("10.0");
        assertThat(Numbers.amount(18.04)).isEqualTo("18.0");
        assertThat(Numbers.amount(402.4)).isEqualTo("402");
        assertThat(Numbers.amount(999.7)).isEqualTo("1,000");
        assertThat(Numbers.amount(54321.6)).isEqualTo("54,322");
        assertThat(Numbers.amount(-18.04)).isEqualTo("-18.0");
    }

    @Test
    void whatIsNoNumberIsADash() {
        assertThat(Numbers.amount(Double.NaN)).isEqualTo("–");
        assertThat(Numbers.amount(Double.POSITIVE_INFINITY)).isEqualTo("–");
    }

    @Test
    void aRatioHasTwoDigitsBehindThePointWhereItIsNearOne() {
        assertThat(Numbers.ratio(0)).isEqualTo("0.00");
        assertThat(Numbers.ratio(0.8149)).isEqualTo("0.81");
        assertThat(Numbers.ratio(0.0123)).isEqualTo("0.0123");
        assertThat(Numbers.ratio(12.34)).isEqualTo("12.3");
        assertThat(Numbers.ratio(1234.5)).isEqualTo("1,234");
    }

    @Test
    void aSpreadThatNobodyCouldReadIsLeftOut() {
        assertThat(Numbers.withSpread(new Figure(18.2, 17.9, 19))).isEqualTo("18.2 (17.9–19)");
        assertThat(Numbers.withSpread(new Figure(18.2, 18.201, 18.202))).isEqualTo("18.2");
        assertThat(Numbers.ratioWithSpread(new Figure(0.81, 0.79, 0.84))).isEqualTo("0.81 (0.79–0.84)");
    }

    @Test
    void aTimeHasTheUnitThatFits() {
        assertThat(Numbers.micros(198)).isEqualTo("198\u00A0µs");
        assertThat(Numbers.micros(1374)).isEqualTo("1.37\u00A0ms");
        assertThat(Numbers.micros(2e6)).isEqualTo("2\u00A0s");
    }
}
