package io.portcullis.server.observe.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In which bucket a time is counted: wrong by one, and every percentile on every dashboard is wrong. */
class BucketsTest {

    /** Prometheus' bounds are inclusive: {@code le} means less or equal. */
    @ParameterizedTest
    @CsvSource({
        "0, 0.001",
        "1000000, 0.001",
        "1000001, 0.0025",
        "2500000, 0.0025",
        "2500001, 0.005",
        "10000000000, 10",
        "10000000001, Infinity",
        "9223372036854775807, Infinity",
        "-5, 0.001"
    })
    void aTimeIsCountedInTheFirstBucketThatIsNotBelowIt(long nanos, double upper) {
        assertThat(Buckets.upperSeconds()[Buckets.of(nanos)]).isEqualTo(upper);
    }

    @Test
    void theHistogramsOfSeveralEventLoopsAddUp() {
        Cells one = new Cells(Buckets.CELLS);
        Cells two = new Cells(Buckets.CELLS + 3);
        Buckets.record(one, 0, TimeUnit.MILLISECONDS.toNanos(3));
        Buckets.record(one, 0, TimeUnit.MILLISECONDS.toNanos(4));
        Buckets.record(two, 3, TimeUnit.MILLISECONDS.toNanos(5));
        Buckets.record(two, 3, TimeUnit.SECONDS.toNanos(20));

        Buckets.Sum sum = new Buckets.Sum();
        sum.add(one, 0);
        sum.add(two, 3);

        assertThat(sum.counts()).containsExactly(0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        assertThat(sum.count()).isEqualTo(4);
        assertThat(sum.seconds()).isEqualTo(20.012);
    }

    @Test
    void cellsBeforeAndBehindAHistogramAreLeftAlone() {
        Cells cells = new Cells(Buckets.CELLS + 2);
        Buckets.record(cells, 1, 1);
        Buckets.record(cells, 1, Long.MAX_VALUE / 2);

        assertThat(cells.get(0)).isZero();
        assertThat(cells.get(Buckets.CELLS + 1)).isZero();
    }
}
