package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.Stranger;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which application answers: by the host's name, then by the longest path. */
final class RoutesIT {

    private static RecordingApplication site;
    private static RecordingApplication api;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        site = RecordingApplication.start("site");
        api = RecordingApplication.start("api");
        proxy = ProxyUnderTest.in(directory)
                .host("site", """
                        server-names = ["site.test", "www.*"]
                        upstream = "%1$s"
                        routes = [
                          { path = "/api/", upstream = "%2$s", strip-prefix = true }
                          { path = "/api/raw/", upstream = "%2$s" }
                          { path = "/old", redirect = "/new", status = 301 }
                          { path = "/moved", redirect = "https://elsewhere.test/" }
                          { path = "/up", status = 200, body = "up" }
                        ]
                        """.formatted(site.url(), api.url()))
                .host("api", """
                        server-names = ["api.test", "*.api.test"]
                        routes = [ { path = "/only/", upstream = "%s" } ]
                        """.formatted(api.url()))
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        site.close();
        api.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    private static RawResponse get(String host, String target) throws IOException {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            return client.get(host, target);
        }
    }

    /** If it breaks: visitors of one part of a site are sent to another. */
    @Test
    void theLongestPathDecidesAndAPrefixIsStrippedWhereAsked() throws Exception {
        assertThat(get("site.test", "/page").body()).isEqualTo("site /page");
        assertThat(get("site.test", "/api/items?x=1").body()).isEqualTo("api /items?x=1");
        assertThat(get("site.test", "/api/").body()).isEqualTo("api /");
        assertThat(get("site.test", "/api/raw/items").body()).isEqualTo("api /api/raw/items");
        assertThat(get("site.test", "/apiary").body()).isEqualTo("site /apiary");
    }

    /** If it breaks: with one dot or one encoded letter a stranger reaches the application that another route guards. */
    @Test
    void routesAreChosenByTheNormalisedPath() throws Exception {
        assertThat(get("site.test", "/x/../api/items").body()).startsWith("api ");
        assertThat(get("site.test", "/%61pi/items").body()).startsWith("api ");
        assertThat(get("site.test", "//old").status()).isEqualTo(301);
    }

    @Test
    void redirectsAndFixedAnswersComeFromTheProxy() throws Exception {
        assertThat(get("site.test", "/old").status()).isEqualTo(301);
        assertThat(get("site.test", "/old/page").value("Location")).isEqualTo("/new");
        assertThat(get("site.test", "/moved").status()).isEqualTo(302);
        assertThat(get("site.test", "/moved").value("Location")).isEqualTo("https://elsewhere.test/");
        assertThat(get("site.test", "/older").body()).isEqualTo("site /older");
        RawResponse fixed = get("site.test", "/up");
        assertThat(fixed.status()).isEqualTo(200);
        assertThat(fixed.body()).isEqualTo("up");
    }

    /** If it breaks: a HEAD that the proxy answers by itself leaves a body behind, and the next answer is garbled. */
    @Test
    void aFixedAnswerToHeadHasNoBody() throws Exception {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            RawResponse answer =
                    client.send(head("HEAD /up HTTP/1.1", "Host: site.test")).readAnswerTo("HEAD");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(client.get("site.test", "/page").body()).isEqualTo("site /page");
        }
    }

    /** If it breaks: the body of a request that the proxy answers by itself is taken for the next request. */
    @Test
    void aBodyThatNobodyWantsIsNotReadAsARequest() throws Exception {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            client.send(head("POST /up HTTP/1.1", "Host: site.test", "Content-Length: 3") + "abc");
            RawResponse answer = client.read();
            assertThat(answer.body()).isEqualTo("up");
            assertThat(answer.value("Connection")).isEqualTo("close");
            assertThat(client.ending().isOver()).isTrue();
        }
    }

    @Test
    void aPathWithoutARouteIsNotFound() throws Exception {
        assertThat(get("api.test", "/only/x").body()).isEqualTo("api /only/x");
        RawResponse answer = get("api.test", "/other");
        assertThat(answer.status()).isEqualTo(404);
        Stranger.assertIsShortErrorAnswer(answer);
    }

    @Test
    void wildcardsFindTheirHost() throws Exception {
        assertThat(get("v1.api.test", "/only/x").body()).isEqualTo("api /only/x");
        assertThat(get("a.b.api.test", "/only/x").body()).isEqualTo("api /only/x");
        assertThat(get("www.example", "/x").body()).isEqualTo("site /x");
    }

    /** If it breaks: scanners by bare address are told what stands here. */
    @Test
    void aHostThatNobodyClaimsIsClosedWithoutAWord() throws Exception {
        for (String host : new String[] {"nobody.test", "127.0.0.1", "test", "xapi.test"}) {
            try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
                Ending ending =
                        client.send(head("GET / HTTP/1.1", "Host: " + host)).ending();
                assertThat(ending.isOver()).isTrue();
                assertThat(ending.received()).isEmpty();
            }
        }
    }
}
