package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Jails;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.MetricsScrape;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.ToolRun;
import io.portcullis.server.e2e.kit.Tools;
import io.portcullis.server.e2e.kit.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scrape says after a known number of known requests. Each test has a virtual host of its own to count by. */
final class MetricsIT {

    private static RecordingApplication application;
    private static String goneUrl;
    private static ProxyUnderTest proxy;

    private final String client = Loopback.newClient();

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app")
                .on("/denied/", Behaviours.answer(403, "denied"))
                .on("/broken", Behaviours.raw("no HTTP at all\r\n\r\n"));
        RecordingApplication gone = RecordingApplication.start("gone");
        goneUrl = gone.url();
        gone.close();
        proxy = ProxyUnderTest.in(directory)
                .main("""
                        listeners { single { bind = "127.0.0.1:0" } }
                        admin { metrics { max-hosts = 5 } }
                        """)
                // In the order of their files' names: those that come last find no place.
                .host("a-counted", host("counted.test", application.url(), ""))
                .host("b-banning", host("banning.test", application.url(), Jails.FORBIDDEN))
                .host(
                        "c-brief",
                        host(
                                "brief.test",
                                application.url(),
                                Jails.FORBIDDEN.replace("ban-time = 1h", "ban-time = 1s")))
                .host("d-gone", host("gone.test", goneUrl, ""))
                .host(
                        "e-single",
                        host("single.test", application.url(), Jails.FORBIDDEN).replace("[http]", "[single]"))
                .host("x-beyond", host("beyond.test", application.url(), ""))
                .host("y-beyond", host("beyond-too.test", application.url(), ""))
                .start();
    }

    private static String host(String serverName, String upstream, String jails) {
        return "server-names = [\"%s\"]%nlisteners = [http]%nupstream = \"%s\"%njails { %s }%n"
                .formatted(serverName, upstream, jails);
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        application.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    private static MetricsScrape scrape() throws IOException {
        return MetricsScrape.of(proxy);
    }

    /** An exchange is counted when it is over, which the client may learn a moment before the scrape can. */
    private static void awaitValue(String series, double expected) {
        Awaitility.await(series)
                .untilAsserted(() -> assertThat(scrape().value(series)).isEqualTo(expected));
    }

    private int status(String host, String path) throws IOException {
        try (RawClient raw = RawClient.connect(client, proxy.port())) {
            return raw.get(host, path).status();
        }
    }

    private static String get(String host) {
        return Wire.head("GET / HTTP/1.1", "Host: " + host);
    }

    private void offend(String host, int port) throws IOException {
        try (RawClient raw = RawClient.connect(client, port)) {
            for (int i = 0; i < Jails.MAX_RETRY; i++) {
                assertThat(raw.get(host, "/denied/").status()).isEqualTo(403);
            }
        }
    }

    @Test
    void exchangesAreCountedByHostAndStatusClassWithTheirTimes() throws Exception {
        try (RawClient raw = RawClient.connect(client, proxy.port())) {
            for (int i = 0; i < 7; i++) {
                assertThat(raw.get("counted.test", "/").status()).isEqualTo(200);
            }
            for (int i = 0; i < 3; i++) {
                assertThat(raw.get("counted.test", "/denied/").status()).isEqualTo(403);
            }
        }

        awaitValue("portcullis_exchanges_total{host=\"a-counted\",status=\"2xx\"}", 7);
        MetricsScrape scrape = scrape();
        assertThat(scrape.value("portcullis_exchanges_total{host=\"a-counted\",status=\"4xx\"}"))
                .isEqualTo(3);
        for (String histogram : List.of("first_byte", "duration")) {
            String name = "portcullis_exchange_" + histogram + "_seconds";
            assertThat(scrape.value(name + "_count{host=\"a-counted\"}")).isEqualTo(10);
            assertThat(scrape.value(name + "_bucket{host=\"a-counted\",le=\"+Inf\"}"))
                    .isEqualTo(10);
            assertThat(scrape.value(name + "_sum{host=\"a-counted\"}")).isBetween(0.00001, 60.0);
        }
        assertThat(scrape.value("portcullis_answer_body_bytes_total{host=\"a-counted\"}"))
                .isPositive();
    }

    /** If it breaks: the operator does not see who bans, and whether the bans that he sees still hold. */
    @Test
    void bansAreCountedWhenTheyAreMadeAndTakenBackAndAsLongAsTheyHold() throws Exception {
        String labels = "{dry_run=\"false\",host=\"b-banning\",jail=\"httpd-forbidden\"}";
        offend("banning.test", proxy.port());
        try (RawClient raw = RawClient.connect(client, proxy.port())) {
            assertThat(raw.send(get("banning.test")).ending()).isEqualTo(Ending.SILENT_RESET);
        }

        MetricsScrape banned = scrape();
        assertThat(banned.value("portcullis_bans_made_total" + labels)).isEqualTo(1);
        assertThat(banned.value("portcullis_bans_active" + labels)).isEqualTo(1);
        assertThat(banned.value("portcullis_exchanges_total{host=\"b-banning\",status=\"dropped\"}"))
                .isEqualTo(1);
        assertThat(banned.value("portcullis_refusals_total{tier=\"request\"}")).isPositive();

        try (RawClient raw = RawClient.connect("127.0.0.1", proxy.adminPort())) {
            RawResponse lifted = raw.send(Wire.head(
                            "DELETE /v1/bans/" + client + " HTTP/1.1",
                            "Host: localhost",
                            "Authorization: Bearer " + proxy.adminToken()))
                    .read();
            assertThat(lifted.status()).as(lifted.body()).isEqualTo(200);
        }
        MetricsScrape after = scrape();
        assertThat(after.value("portcullis_bans_active" + labels)).isZero();
        assertThat(after.value("portcullis_bans_lifted_total" + labels)).isEqualTo(1);
        assertThat(after.value("portcullis_bans_made_total" + labels)).isEqualTo(1);
    }

    @Test
    void aBanThatHasRunOutIsNotInForce() throws Exception {
        offend("brief.test", proxy.port());

        String labels = "{dry_run=\"false\",host=\"c-brief\",jail=\"httpd-forbidden\"}";
        awaitValue("portcullis_bans_active" + labels, 0);
        assertThat(scrape().value("portcullis_bans_made_total" + labels)).isEqualTo(1);
    }

    @Test
    void refusalsAtAcceptAreCounted() throws Exception {
        int port = proxy.port("single");
        offend("single.test", port);
        double before = scrape().value("portcullis_refusals_total{tier=\"accept\"}");
        for (int i = 0; i < 4; i++) {
            try (RawClient raw = RawClient.connect(client, port)) {
                assertThat(raw.send(get("single.test")).ending()).isEqualTo(Ending.SILENT_RESET);
            }
        }

        awaitValue("portcullis_refusals_total{tier=\"accept\"}", before + 4);
        awaitValue("portcullis_connections_open{listener=\"single\"}", 0);
    }

    @Test
    void whatEndpointsFailIsCountedByReason() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(status("gone.test", "/")).isEqualTo(502);
        }
        assertThat(status("brief.test", "/broken")).isEqualTo(502);

        MetricsScrape scrape = scrape();
        assertThat(scrape.value("portcullis_endpoint_failures_total{endpoint=\"" + goneUrl + "\",reason=\"connect\"}"))
                .isEqualTo(3);
        assertThat(scrape.value("portcullis_endpoint_up{endpoint=\"" + goneUrl + "\"}"))
                .isZero();
        assertThat(scrape.value("portcullis_endpoint_failures_total{endpoint=\"" + application.url()
                        + "\",reason=\"bad-answer\"}"))
                .isEqualTo(1);
        assertThat(scrape.value("portcullis_upstream_endpoint_info{endpoint=\"" + goneUrl + "\",upstream=\"d-gone\"}"))
                .isEqualTo(1);
    }

    @Test
    void hostsBeyondTheBoundShareTheirSeries() throws Exception {
        assertThat(status("beyond.test", "/")).isEqualTo(200);
        assertThat(status("beyond-too.test", "/")).isEqualTo(200);

        awaitValue("portcullis_exchanges_total{host=\"(other)\",status=\"2xx\"}", 2);
        assertThat(scrape().lines()).noneMatch(line -> line.contains("host=\"x-beyond\""));
    }

    /** If it breaks: whoever sends enough different words fills the memory of Prometheus. */
    @Test
    void strangersMakeNoSeries() throws Exception {
        status("brief.test", "/");
        long before = scrape().lines().size();
        for (int i = 0; i < 20; i++) {
            try (RawClient raw = RawClient.connect(client, proxy.port())) {
                raw.send(Wire.head("METHOD" + i + " /path" + i + " HTTP/1.1", "Host: stranger" + i + ".test"))
                        .ending();
            }
            status("brief.test", "/other" + i);
        }

        MetricsScrape scrape = scrape();
        assertThat(scrape.lines()).hasSizeLessThanOrEqualTo((int) before + 8); // what other tests may bring about
        assertThat(scrape.text()).doesNotContain("stranger", "METHOD", "/path", "/other");
    }

    @Test
    void theProcessTellsOfItself() throws Exception {
        MetricsScrape scrape = scrape();

        assertThat(scrape.value("process_resident_memory_bytes")).isGreaterThan(10_000_000);
        assertThat(scrape.value("process_open_fds")).isGreaterThan(5);
        assertThat(scrape.value("process_cpu_seconds_total")).isPositive();
        assertThat(scrape.value("jvm_memory_used_bytes{area=\"heap\"}")).isPositive();
        assertThat(scrape.value("portcullis_event_loop_lag_seconds_count")).isPositive();
        assertThat(scrape.value("portcullis_store_up")).isEqualTo(1);
        assertThat(scrape.lines()).anyMatch(line -> line.matches("portcullis_build_info\\{java=.*,version=.*} 1"));
    }

    @Test
    void withoutTheTokenNothingIsToldUnlessTheConfigurationSaysSo() throws Exception {
        try (RawClient raw = RawClient.connect(client, proxy.adminPort())) {
            assertThat(raw.send(Wire.head("GET /metrics HTTP/1.1", "Host: localhost"))
                            .read()
                            .status())
                    .isEqualTo(401);
        }
    }

    /** Prometheus' own word on whether the text is what it should be. */
    @Test
    void promtoolFindsNothingWrong(@TempDir Path directory) throws Exception {
        Path promtool = Tools.find("promtool");
        status("brief.test", "/");
        Path text = Files.writeString(directory.resolve("metrics.txt"), scrape().text());

        ToolRun run = ToolRun.of(Duration.ofSeconds(30), List.of("sh", "-c", promtool + " check metrics <" + text));

        assertThat(run.output()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }
}
