package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Http2Client;
import io.portcullis.server.e2e.kit.Http2Client.Frame;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.MetricsScrape;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other servers were attacked by, where no other test has it already: docs/security.md has the whole list. */
final class KnownAttacksIT {

    private static final String HOST = "Host: a.test";

    /** SETTINGS_MAX_HEADER_LIST_SIZE (RFC 9113 section 6.5.2): what the sender takes, as its advice. */
    private static final byte[] TAKES_NO_HEADERS = {0, 6, 0, 0, 0, 1};

    private static RecordingApplication application;
    private static ServerSocket injector;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app")
                .on(
                        "/switches",
                        Behaviours.raw(
                                head("HTTP/1.1 101 Switching Protocols", "Connection: upgrade", "Upgrade: websocket")));
        injector = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        proxy = ProxyUnderTest.in(directory)
                .main("""
                        listeners { http { http2 = true } }
                        log { format = json }
                        """)
                .host("a", "a.test", application, "")
                .host("injected", """
                        server-names = ["injected.test"]
                        upstream { endpoints = ["https://127.0.0.1:%d"], tls { verify = false } }
                        """.formatted(injector.getLocalPort()))
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        injector.close();
        application.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(proxy.pid()), "fd"))) {
            return open.count();
        }
    }

    private static double connectionsOpen() throws IOException {
        return MetricsScrape.of(proxy).value("portcullis_connections_open{listener=\"http\"}");
    }

    /**
     * CVE-2026-42577: on epoll, a client that closed its half and then reset the connection was never noticed, and its
     * descriptor never freed. If it breaks: a few thousand packets take the proxy from everybody.
     */
    @Test
    void whoClosesHisHalfAndThenResetsLeavesNothingBehind() throws Exception {
        String from = Loopback.newClient();
        long before = descriptors();
        for (int i = 0; i < 1_000; i++) {
            RawClient client = RawClient.connect(from, proxy.port());
            switch (i % 4) {
                case 0 -> client.halfClose();
                case 1 -> client.send("GET /x HTTP/1.1\r\nHo").halfClose();
                case 2 -> client.send(head("GET /x HTTP/1.1", HOST)).halfClose();
                default ->
                    client.send(head("POST /x HTTP/1.1", HOST, "Content-Length: 9") + "half")
                            .halfClose();
            }
            client.resetNow();
        }
        Awaitility.await("all connections are gone").until(() -> connectionsOpen() == 0);
        // The endpoint's connections, which are kept, and the admin API's.
        Awaitility.await("their descriptors are free")
                .untilAsserted(() -> assertThat(descriptors()).isLessThan(before + 100));
    }

    /** CVE-2026-26311: octets for a stream that its client had reset reached what was freed already. */
    @Test
    void dataBehindAResetIsThrownAwayAndTheConnectionServesOn() throws Exception {
        try (Http2Client client = Http2Client.connect(Loopback.newClient(), proxy.port())) {
            int cancelled = client.post("a.test", "/cancelled");
            client.data(cancelled, "before", false).reset(cancelled);
            client.data(cancelled, "behind", true).send();
            int next = client.get("a.test", "/next");
            client.send();
            assertThat(client.status(next)).isEqualTo(200);
        }
        assertThat(application.count("/cancelled")).isZero();
        assertThat(application.count("/next")).isEqualTo(1);
    }

    /** CVE-2026-47220: a log that wanted the host of a request without one ended the process. */
    @Test
    void aRequestWithoutAHostIsLogged() throws Exception {
        String from = Loopback.newClient();
        for (String octets : List.of(
                head("GET /hostless HTTP/1.1"),
                head("GET /hostless HTTP/1.0"),
                head("GET /hostless HTTP/1.1", "Host:"))) {
            try (RawClient client = RawClient.connect(from, proxy.port())) {
                client.send(octets).ending();
            }
        }
        Awaitility.await("three lines")
                .untilAsserted(() -> assertThat(proxy.accessLog())
                        .filteredOn(line -> line.contains(from))
                        .hasSize(3));
    }

    /**
     * CVE-2026-1642: what came unencrypted before the handshake of a TLS endpoint was taken for its answer. If it breaks:
     * whoever can write to that network answers in place of the application.
     */
    @Test
    void whatAnEndpointOfTlsSaysUnencryptedIsNoAnswer() throws Exception {
        Thread injecting = new Thread(() -> {
            try {
                while (true) {
                    Socket connection = injector.accept();
                    connection
                            .getOutputStream()
                            .write((head("HTTP/1.1 200 OK", "Content-Length: 8") + "injected").getBytes(ISO_8859_1));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
        injecting.setDaemon(true);
        injecting.start();
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            RawResponse answer = client.get("injected.test", "/x");
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).doesNotContain("injected");
        }
    }

    /**
     * CVE-2026-50560: each answer whose head was larger than its client's advice was a reset by the server, after the
     * application had done its work. If it breaks: rapid resets are to be had again, by another way.
     */
    @Test
    void whoTakesNoHeadersIsAnsweredAllTheSame() throws Exception {
        try (Http2Client client = Http2Client.connect(Loopback.newClient(), proxy.port())) {
            client.frame(Http2Client.SETTINGS, 0, 0, TAKES_NO_HEADERS);
            int[] streams = new int[50];
            for (int i = 0; i < streams.length; i++) {
                streams[i] = client.get("a.test", "/x");
            }
            client.send();
            assertThat(client.readEnds(streams)).values().allMatch(Frame::endsStream);
        }
    }

    /** CVE-2026-47774, CVE-2026-49975: a cookie in crumbs of one octet each was counted nowhere, and grew to gigabytes. */
    @Test
    void aCookieOfThousandsOfCrumbsIsTooManyFields() throws Exception {
        String from = Loopback.newClient();
        byte[] crumbs = new byte[12_000];
        Arrays.fill(crumbs, (byte) (0x80 | 32)); // RFC 7541, appendix A: a cookie without a value
        byte[] head = Http2Client.head("GET", "a.test", "/crumbs");
        byte[] section = Arrays.copyOf(head, head.length + crumbs.length);
        System.arraycopy(crumbs, 0, section, head.length, crumbs.length);
        try (Http2Client client = Http2Client.connect(from, proxy.port())) {
            int bomb = client.newStream();
            client.frame(Http2Client.HEADERS, Http2Client.END_STREAM | Http2Client.END_HEADERS, bomb, section);
            int next = client.get("a.test", "/next-to-crumbs");
            client.send();
            assertThat(client.status(next)).isEqualTo(200);
        }
        assertThat(application.count("/crumbs")).isZero();
        Awaitility.await("it is answered 431")
                .untilAsserted(() ->
                        assertThat(proxy.accessLog()).anyMatch(line -> line.contains(from) && line.contains("431")));
    }

    /** CVE-2026-2833 and its kin: a tunnel that was opened before both sides agreed on it carries requests unseen. */
    @Test
    void anApplicationThatSwitchesProtocolsUnaskedOpensNoTunnel() throws Exception {
        int before = application.requests().size();
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            client.send(head("GET /switches HTTP/1.1", HOST));
            assertThat(client.read().status()).isEqualTo(502);
            client.send(head("GET /seen HTTP/1.1", HOST));
            assertThat(client.read().body()).isEqualTo("app /seen");
        }
        assertThat(application.requests()).hasSize(before + 2);
    }
}
