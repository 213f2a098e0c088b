package io.portcullis.server.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/**
 * What {@code GET /metrics} has answered.
 *
 * @param text in Prometheus' format
 */
public record MetricsScrape(String text) {

    /** Asks the process, with its token. */
    public static MetricsScrape of(ProxyUnderTest proxy) throws IOException {
        try (RawClient client = RawClient.connect("127.0.0.1", proxy.adminPort())) {
            RawResponse answer = client.send(Wire.head(
                            "GET /metrics HTTP/1.1", "Host: localhost", "Authorization: Bearer " + proxy.adminToken()))
                    .read();
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            return new MetricsScrape(answer.body());
        }
    }

    public List<String> lines() {
        return text.lines().toList();
    }

    /** The value of a series, written with its labels as in the text; 0 where it is not there, as counters begin. */
    public double value(String series) {
        return lines().stream()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(0);
    }
}
