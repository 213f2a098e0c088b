package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The admin API of a real process, in the hands of those it is not for. */
class AdminAbuseIT {

    private static final String HERE = "Host: 127.0.0.1";

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;
    private static Path directory;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        directory = folder;
        application = RecordingApplication.start("app").on("/denied/", Behaviours.answer(403, "denied"));
        proxy = ProxyUnderTest.in(folder)
                .main("trusted-proxies = [\"127.0.0.9\"]")
                .host("shop", "shop.test", application, "x { statuses = [403], max-retry = 1, dry-run = true }")
                .jvm("-Xmx96m")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        assertThat(proxy.log()).as("the log").noneMatch(line -> line.contains(token()));
        proxy.close();
        application.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    private static String token() {
        try {
            return proxy.adminToken();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String bearer() {
        return "Authorization: Bearer " + token();
    }

    private static RawClient connect() throws IOException {
        return RawClient.connect("127.0.0.1", proxy.adminPort());
    }

    /** The one answer, which says nothing that a page could use and nothing of the token, and ends the connection. */
    private static int status(String octets) throws IOException {
        try (RawClient raw = connect()) {
            RawResponse response = raw.send(octets).read();
            assertThat(response.head().toString()).doesNotContainIgnoringCase("access-control");
            assertThat(response.toString()).doesNotContain(token());
            assertThat(raw.ending().isOver()).isTrue();
            return response.status();
        }
    }

    private static int get(String target, String... fields) throws IOException {
        List<String> all = new ArrayList<>(List.of("GET " + target + " HTTP/1.1"));
        all.addAll(List.of(fields));
        return status(Wire.head(all.toArray(String[]::new)));
    }

    private static void assertThatOperatorsAreServed() throws IOException {
        assertThat(get("/v1/status", HERE, bearer())).isEqualTo(200);
    }

    @Test
    void onlyWhoKnowsTheTokenIsLetIn() throws IOException {
        for (String path : List.of("/v1/status", "/v1/bans", "/v1/events", "/v1/clients/192.0.2.1", "/nowhere")) {
            assertThat(get(path, HERE)).as(path).isEqualTo(401);
            assertThat(get(path, HERE, bearer() + "x")).as(path).isEqualTo(401);
            assertThat(get(path + "?token=" + token(), HERE)).as(path).isEqualTo(401);
        }
        assertThat(status(Wire.head("POST /v1/reload HTTP/1.1", HERE))).isEqualTo(401);
        assertThatOperatorsAreServed();
    }

    /** If it breaks: a page that the operator has open reads who his visitors are, or bans them. */
    @Test
    void noWebPageIsLetInEvenWithTheToken() throws IOException {
        assertThat(get("/v1/events", HERE, bearer(), "Origin: https://evil.test"))
                .isEqualTo(403);
        assertThat(get("/v1/events", HERE, bearer(), "Sec-Fetch-Site: cross-site"))
                .isEqualTo(403);
        assertThat(get("/v1/status", "Host: rebound.evil.test", bearer())).isEqualTo(421);
        String preflight = Wire.head(
                "OPTIONS /v1/bans HTTP/1.1",
                HERE,
                "Origin: https://evil.test",
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization");
        assertThat(status(preflight)).isEqualTo(403);
        assertThat(status(Wire.head("OPTIONS /v1/bans HTTP/1.1", HERE, bearer())))
                .isEqualTo(405);
        String form =
                Wire.head("POST /v1/bans HTTP/1.1", HERE, bearer(), "Content-Type: text/plain", "Content-Length: 2");
        assertThat(status(form + "{}")).isEqualTo(415);
    }

    @Test
    void whatIsNoRequestIsAnsweredOnceAndEnds() throws IOException {
        assertThat(status("GET /v1/status\r\n\r\n")).as("HTTP/0.9").isEqualTo(400);
        assertThat(get("/v1/st\0atus", HERE, bearer())).isEqualTo(400);
        assertThat(get("/v1/status%00", HERE, bearer())).isEqualTo(400);
        assertThat(get("/v1/../v1/status", HERE, bearer())).isEqualTo(404);
        assertThat(get("/v1/events/../status", HERE, bearer())).isEqualTo(404);
        assertThat(get("//v1/status", HERE, bearer())).isEqualTo(404);
        assertThat(get("/v1/bans/%2e%2e/status", HERE, bearer())).isEqualTo(405);
        assertThat(get("http://127.0.0.1/v1/status", HERE, bearer())).isEqualTo(400);
        assertThat(status(Wire.head("PUT /v1/status HTTP/1.1", HERE, bearer()))).isEqualTo(405);
        String two = Wire.head("GET /v1/bans HTTP/1.1", HERE, bearer());
        try (RawClient raw = connect()) {
            String answers = raw.send(two + two).ending().received();
            assertThat(answers.split("HTTP/1.1 200 OK", -1)).as("one answer").hasSize(2);
        }
    }

    /** If it breaks: whoever can connect, without any token, ends the process for want of memory. */
    @Test
    void whatIsTooLongIsRefusedUnreadHoweverManySendIt() throws IOException {
        String mebibyte = "x".repeat(1 << 20);
        List<RawClient> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(connect().send("GET /v1/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + mebibyte));
        }
        for (RawClient raw : all) {
            Ending ending = raw.ending();
            assertThat(ending.isOver()).isTrue();
            raw.close();
        }
        assertThat(status("GET /v1/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + mebibyte))
                .isEqualTo(431);
        assertThat(status(Wire.head(
                                "POST /v1/bans HTTP/1.1",
                                HERE,
                                bearer(),
                                "Content-Type: application/json",
                                "Content-Length: 1048576")
                        + mebibyte))
                .isEqualTo(413);
        try (RawClient endless = connect()) {
            endless.send("GET /v1/status HTTP/1.1\r\n");
            for (int i = 0; i < 64; i++) {
                endless.send(("X-" + i + ": " + "y".repeat(1_000) + "\r\n").repeat(16));
            }
            assertThat(endless.ending().isOver()).isTrue();
        }
        assertThatOperatorsAreServed();
    }

    /** If it breaks: any process on the machine keeps the operator out by doing nothing. */
    @Test
    void whoHoldsConnectionsOpenLocksNobodyOut() throws IOException {
        List<RawClient> idle = new ArrayList<>();
        try (RawClient half = connect()) {
            half.send("GET /v1/status HTTP/1.1\r\nHost: loc");
            for (int i = 0; i < 100; i++) {
                idle.add(connect());
            }
            for (int i = 0; i < 5; i++) {
                assertThatOperatorsAreServed();
            }
            assertThat(half.ending(Duration.ofSeconds(20)).isOver())
                    .as("a request that does not end")
                    .isTrue();
        }
        for (RawClient raw : idle) {
            assertThat(raw.ending(Duration.ofSeconds(20)).isOver()).isTrue();
            raw.close();
        }
    }

    /** If it breaks: a dashboard that hangs delays visitors, or takes memory until the process dies. */
    @Test
    @Tag("long")
    void whoDoesNotReadItsEventsHarmsNobodyAndIsCut() throws IOException {
        List<RawClient> others = new ArrayList<>();
        try (RawClient slow = RawClient.connect("127.0.0.1", proxy.adminPort(), 4_096)) {
            assertThat(opensStream(slow, "/v1/events")).isTrue();
            for (int i = 0; i < 7; i++) {
                others.add(connect());
                assertThat(opensStream(others.get(i), "/v1/events?types=draining"))
                        .isTrue();
            }
            assertThat(get("/v1/events", HERE, bearer())).as("a ninth").isEqualTo(503);
            banMany();
            assertThatOperatorsAreServed();
            Awaitility.await("the place of who does not read")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        try (RawClient next = connect()) {
                            return opensStream(next, "/v1/events?types=draining");
                        }
                    });
        }
        for (RawClient other : others) {
            other.close();
        }
    }

    private static boolean opensStream(RawClient client, String target) throws IOException {
        client.send(Wire.head("GET " + target + " HTTP/1.1", HERE, bearer()));
        return client.readHead().startLine().startsWith("HTTP/1.1 200 ");
    }

    /** More events than kernel and queue hold for one reader; of a jail on trial, so that the visitor is served on. */
    private static void banMany() throws IOException {
        String path = "/denied/" + "p".repeat(110);
        try (RawClient visitor = RawClient.connect("127.0.0.9", proxy.port())) {
            for (int i = 0; i < 8_000; i++) {
                String client = "X-Forwarded-For: 198.18." + (i >> 8) + "." + (i & 0xFF);
                RawResponse response = visitor.send(Wire.head("GET " + path + " HTTP/1.1", "Host: shop.test", client))
                        .read();
                assertThat(response.status()).isEqualTo(403);
            }
        }
    }

    @Test
    void theTokenIsItsOwnersAlone(@TempDir Path other) throws IOException {
        Path token = directory.resolve("data/admin.token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
                .isEqualTo("rw-------");
        Path shared = Files.createDirectories(other.resolve("data")).resolve("admin.token");
        Files.writeString(shared, "0123456789abcdef");
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> ProxyUnderTest.in(other)
                        .host("shop", "shop.test", application, "")
                        .start())
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("admin.token-file", "rw-r--r--", "chmod 600")
                .hasMessageNotContaining("0123456789abcdef");
        Files.writeString(shared, "");
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> ProxyUnderTest.in(other)
                        .host("shop", "shop.test", application, "")
                        .start())
                .hasMessageContaining("no token (expected: 16 to 512 printable ASCII characters");
    }

    @Test
    void anAddressThatOthersReachIsWarnedOf(@TempDir Path other) throws IOException {
        try (ProxyUnderTest open = ProxyUnderTest.in(other)
                .main("admin { bind = \"0.0.0.0:0\" }")
                .host("shop", "shop.test", application, "")
                .start()) {
            assertThat(open.log()).anyMatch(line -> line.contains("can be reached from other machines"));
        }
    }
}
