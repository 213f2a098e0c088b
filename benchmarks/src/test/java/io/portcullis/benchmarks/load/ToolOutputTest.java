package io.portcullis.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What wrk 4.1.0 and h2load of nghttp2 1.52.0 really printed. */
class ToolOutputTest {

    @Test
    void readsWhatWrkMeasured() throws IOException {
        LoadResult result = WrkOutput.parse("wrk 4.1.0", lines("wrk.txt"));
        assertThat(result.requests()).isEqualTo(39);
        assertThat(result.seconds()).isEqualTo(1.08);
        assertThat(result.errors()).isEmpty();
        assertThat(result.bytes()).isEqualTo(Math.round(39.65 * 1_024));
        assertThat(result.latency())
                .contains(new Percentiles(10_670, 970_510, 1_040_000, OptionalDouble.empty(), 1_040_000));
    }

    @Test
    void takesAnswersWithOtherStatusesForErrorsAsWrkDoesNot() throws IOException {
        LoadResult result = WrkOutput.parse("wrk 4.1.0", lines("wrk-errors.txt"));
        assertThat(result.requests()).isEqualTo(148 - 44);
        assertThat(result.errors()).isEqualTo(Map.of("read", 22L, "status", 44L));
        assertThat(result.failed()).isEqualTo(66);
        assertThat(result.latency().orElseThrow().p50()).isEqualTo(126);
    }

    @Test
    void readsWhatH2loadMeasured() throws IOException {
        LoadResult result = H2loadOutput.parse("h2load 1.52.0", lines("h2load.txt"));
        assertThat(result.requests()).isEqualTo(9_693);
        assertThat(result.seconds()).isEqualTo(1.0);
        assertThat(result.errors()).isEmpty();
        assertThat(result.bytes()).isEqualTo(48_465);
        assertThat(result.latency()).isEmpty();
        assertThat(result.figures())
                .isEqualTo(Map.of("max-micros", 176_340.0, "mean-micros", 3_830.0, "deviation-micros", 11_060.0));
    }

    @Test
    void tellsStatusesFromConnectionsThatEndedAsH2loadDoesNot() throws IOException {
        LoadResult result = H2loadOutput.parse("h2load 1.52.0", lines("h2load-status-500.txt"));
        assertThat(result.requests()).isZero();
        assertThat(result.errors()).isEqualTo(Map.of("status", 4_000L, "read", 25L));
    }

    @Test
    void takesNoAnswerAtAllForAFaultWhichH2loadEndsWellWith() {
        assertThatIOException()
                .isThrownBy(() -> H2loadOutput.parse("h2load 1.52.0", lines("h2load-refused.txt")))
                .withMessageContaining("no answer (expected: an HTTP/2 server)");
    }

    @Test
    void saysWhatAToolSaidWhereItCannotBeRead() {
        assertThatIOException()
                .isThrownBy(() -> WrkOutput.parse("wrk", List.of("Segmentation fault")))
                .withMessageContaining("wrk said: Segmentation fault (expected: a line like");
        assertThatIOException()
                .isThrownBy(() -> Amounts.micros("12 parsecs"))
                .withMessageContaining("12 parsecs (expected: a time");
    }

    private static List<String> lines(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ToolOutputTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
