package io.portcullis.server.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Jails;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who the client is behind a balancer that speaks the PROXY protocol, and how early a banned one is refused there. */
final class ProxyProtocolIT {

    /** The balancer. */
    private static final String TRUSTED = "127.0.0.9";

    private static final Duration SHORTLY = Duration.ofMillis(300);

    private static final BlockingQueue<String> HEADERS = new LinkedBlockingQueue<>();
    private static RecordingApplication application;
    private static ServerSocket listening;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread told = new Thread(() -> serveWithHeaders(listening), "told-application");
        told.setDaemon(true);
        told.start();
        application = RecordingApplication.start("app")
                .on("/denied/", Behaviours.answer(403, "denied"))
                .on("/gone", Behaviours.answer(410, "gone"));
        proxy = ProxyUnderTest.in(directory)
                .listener("balanced", "proxy-protocol = true")
                .main("""
                        trusted-proxies = ["127.0.0.9", "198.51.100.200"]
                        default-host = "close"
                        jails { everywhere { statuses = [410], max-retry = 1, ban-time = 1h, scope = all } }
                        jails { no-header { on = [protocol-error], max-retry = 3, find-time = 1m, ban-time = 1h } }
                        """)
                .host("a", "a.test", application, Jails.FORBIDDEN)
                .host("b", "b.test", application, Jails.FORBIDDEN)
                .host(
                        "told",
                        "server-names = [told.test]\nupstream { endpoints = [\"http://127.0.0.1:"
                                + listening.getLocalPort() + "\"], proxy-protocol = v2 }")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        application.close();
        listening.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    /** If it breaks: the application sees the balancer's address for everybody, and so do its own limits. */
    @Test
    void theApplicationIsToldTheClientThatTheHeaderNames() throws Exception {
        try (RawClient balancer = connect(TRUSTED)) {
            balancer.send(v1("198.51.100.30", 443)).send(get("a.test", "/told/v1", "X-Forwarded-For: 203.0.113.1\r\n"));
            assertThat(balancer.read().status()).isEqualTo(200);
        }
        try (RawClient balancer = connect(TRUSTED)) {
            balancer.send(v2("c633641f", "01bb")).send(get("a.test", "/told/v2", ""));
            assertThat(balancer.read().status()).isEqualTo(200);
        }
        assertThat(told("/told/v1", "X-Forwarded-For")).isEqualTo("198.51.100.30");
        assertThat(told("/told/v1", "X-Real-IP")).isEqualTo("198.51.100.30");
        assertThat(told("/told/v1", "X-Forwarded-Port")).isEqualTo("443");
        assertThat(told("/told/v2", "X-Forwarded-For")).isEqualTo("198.51.100.31");
    }

    /** If it breaks: behind a CDN and a balancer the CDN is taken for the client, and banned. */
    @Test
    void aTrustedProxyBehindTheBalancerIsBelievedAboutItsClients() throws Exception {
        try (RawClient balancer = connect(TRUSTED)) {
            balancer.send(v1("198.51.100.200", 443))
                    .send(get("a.test", "/told/cdn", "X-Forwarded-For: 203.0.113.9\r\n"));
            assertThat(balancer.read().status()).isEqualTo(200);
        }
        assertThat(told("/told/cdn", "X-Real-IP")).isEqualTo("203.0.113.9");
    }

    /** If it breaks: the ban of one client locks out all who come through the balancer, or nobody. */
    @Test
    void aClientIsBannedByItsOwnAddressAndTheOthersGoOn() throws Exception {
        for (int i = 0; i < Jails.MAX_RETRY; i++) {
            assertThat(status(v1("198.51.100.40", 80), "a.test", "/denied/mine"))
                    .isEqualTo(403);
        }
        assertThat(ending(v1("198.51.100.40", 80), "a.test", "/denied/mine")).isEqualTo(Ending.SILENT_RESET);
        assertThat(application.count("/denied/mine")).isEqualTo(Jails.MAX_RETRY);
        assertThat(status(v1("198.51.100.40", 80), "b.test", "/")).isEqualTo(200);
        assertThat(status(v1("198.51.100.41", 80), "a.test", "/")).isEqualTo(200);
    }

    /** If it breaks: a client that nothing here serves costs a handshake and a request each time. */
    @Test
    void whoIsBannedEverywhereIsResetBeforeARequest() throws Exception {
        assertThat(status(v1("198.51.100.50", 80), "a.test", "/gone")).isEqualTo(410);
        try (RawClient balancer = connect(TRUSTED)) {
            assertThat(balancer.send(v1("198.51.100.50", 80)).ending()).isEqualTo(Ending.SILENT_RESET);
        }
    }

    /** If it breaks: a connection that the balancer holds open outlives the ban of its client. */
    @Test
    void aBanEndsTheClientsOtherConnections() throws Exception {
        try (RawClient idle = connect(TRUSTED)) {
            idle.send(v1("198.51.100.60", 80)).send(get("a.test", "/", ""));
            assertThat(idle.read().status()).isEqualTo(200);
            for (int i = 0; i < Jails.MAX_RETRY; i++) {
                assertThat(status(v1("198.51.100.60", 80), "a.test", "/denied/other"))
                        .isEqualTo(403);
            }
            assertThat(idle.ending()).isEqualTo(Ending.SILENT_RESET);
        }
    }

    /** If it breaks: a stranger has whomever he likes banned, or passes for another at each try. */
    @Test
    void whatAStrangerSaysIsReadAndNotBelieved() throws Exception {
        String stranger = Loopback.newClient();
        try (RawClient client = connect(stranger)) {
            client.send(v1("198.51.100.70", 80)).send(get("a.test", "/told/stranger", ""));
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(told("/told/stranger", "X-Real-IP")).isEqualTo(stranger);
        for (int i = 0; i < Jails.MAX_RETRY; i++) {
            try (RawClient client = connect(stranger)) {
                client.send(v1("198.51.100.70", 80)).send(get("a.test", "/denied/stranger", ""));
                assertThat(client.read().status()).isEqualTo(403);
            }
        }
        try (RawClient client = connect(stranger)) {
            client.send(v1("198.51.100.71", 80)).send(get("a.test", "/denied/stranger", ""));
            assertThat(client.ending().isOver()).isTrue();
        }
        assertThat(application.count("/denied/stranger")).isEqualTo(Jails.MAX_RETRY);
        assertThat(status(v1("198.51.100.70", 80), "a.test", "/")).isEqualTo(200);
    }

    /** If it breaks: scanners that find the balanced port are never noticed. */
    @Test
    void whoSendsNoHeaderIsResetAndCounted() throws Exception {
        String scanner = Loopback.newClient();
        for (int i = 0; i < 3; i++) {
            try (RawClient client = connect(scanner)) {
                assertThat(client.send(get("a.test", "/", "")).ending()).isEqualTo(Ending.SILENT_RESET);
            }
        }
        try (RawClient client = RawClient.connect(scanner, proxy.port())) {
            assertThat(client.send(get("a.test", "/", "")).ending().isOver()).isTrue();
        }
        Awaitility.await()
                .until(() -> proxy.log().stream()
                        .anyMatch(line -> line.contains("banned " + scanner) && line.contains("no-header")));
    }

    /** If it breaks: a balancer that somebody has configured wrongly is banned with all its clients. */
    @Test
    void aTrustedProxyWithoutHeaderIsResetAndNotBannedAndTheOperatorIsTold() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (RawClient balancer = connect(TRUSTED)) {
                assertThat(balancer.send(get("a.test", "/", "")).ending()).isEqualTo(Ending.SILENT_RESET);
            }
        }
        assertThat(status(v1("198.51.100.80", 80), "a.test", "/")).isEqualTo(200);
        Awaitility.await()
                .until(() -> proxy.log().stream()
                        .anyMatch(
                                line -> line.contains("trusted proxy " + TRUSTED) && line.contains("proxy-protocol")));
    }

    /** If it breaks: the balancer's health checks fail and it takes the host out. */
    @Test
    void aHealthCheckIsServedAsTheBalancersOwn() throws Exception {
        try (RawClient balancer = connect(TRUSTED)) {
            balancer.send(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "20000000"))
                    .send(get("a.test", "/told/health", ""));
            assertThat(balancer.read().status()).isEqualTo(200);
        }
        assertThat(told("/told/health", "X-Real-IP")).isEqualTo(TRUSTED);
    }

    /** If it breaks: a header that the network cuts in two loses its connection. */
    @Test
    void aHeaderMayComeInParts() throws Exception {
        byte[] header = v1("198.51.100.90", 80);
        try (RawClient balancer = connect(TRUSTED)) {
            for (byte octet : header) {
                balancer.send(new byte[] {octet});
            }
            assertThat(balancer.ending(SHORTLY).isOver()).isFalse();
            balancer.send(get("a.test", "/told/parts", ""));
            assertThat(balancer.read().status()).isEqualTo(200);
        }
        assertThat(told("/told/parts", "X-Real-IP")).isEqualTo("198.51.100.90");
    }

    /** If it breaks: an application that reads the client from the PROXY protocol takes another for it. */
    @Test
    void anApplicationIsToldTheClientByTheProtocolWhereItAsksForIt() throws Exception {
        String client = Loopback.newClient();
        try (RawClient direct = RawClient.connect(client, proxy.port())) {
            direct.send(get("told.test", "/", ""));
            direct.read();
            direct.send(get("told.test", "/", ""));
            direct.read();
        }
        try (RawClient balancer = connect(TRUSTED)) {
            balancer.send(v1("198.51.100.95", 443)).send(get("told.test", "/", ""));
            balancer.read();
        }
        assertThat(HEADERS.poll(5, TimeUnit.SECONDS)).startsWith("2111000c" + hex(client) + "7f000001");
        assertThat(HEADERS.poll(5, TimeUnit.SECONDS)).startsWith("2111000c" + hex(client) + "7f000001");
        assertThat(HEADERS.poll(5, TimeUnit.SECONDS)).isEqualTo("2111000c" + "c633645f" + "c0000201" + "9c40" + "01bb");
    }

    /** Answers each request, and keeps what its connection began with behind the signature. */
    private static void serveWithHeaders(ServerSocket listening) {
        while (!listening.isClosed()) {
            try (Socket connection = listening.accept()) {
                byte[] header = connection.getInputStream().readNBytes(28);
                HEADERS.add(HexFormat.of().formatHex(header, 12, 28));
                int last = 0;
                while (last != 0x0d0a0d0a) {
                    int octet = connection.getInputStream().read();
                    last = octet < 0 ? 0x0d0a0d0a : last << 8 | octet;
                }
                connection.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
                connection.getInputStream().read();
            } catch (IOException closed) {
                // the test is over, or the proxy has ended the connection
            }
        }
    }

    private static String hex(String address) throws IOException {
        return HexFormat.of().formatHex(InetAddress.getByName(address).getAddress());
    }

    private static RawClient connect(String from) throws IOException {
        return RawClient.connect(from, proxy.port("balanced"));
    }

    private static byte[] v1(String client, int port) {
        return ("PROXY TCP4 " + client + " 192.0.2.1 40000 " + port + "\r\n").getBytes(ISO_8859_1);
    }

    private static byte[] v2(String clientHex, String portHex) {
        return HexFormat.of()
                .parseHex("0d0a0d0a000d0a515549540a" + "2111000c" + clientHex + "c0000201" + "9c40" + portHex);
    }

    private static byte[] get(String host, String target, String fields) {
        return ("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n").getBytes(ISO_8859_1);
    }

    private static int status(byte[] header, String host, String target) throws IOException {
        try (RawClient balancer = connect(TRUSTED)) {
            RawResponse answer =
                    balancer.send(header).send(get(host, target, "")).read();
            return answer.status();
        }
    }

    private static Ending ending(byte[] header, String host, String target) throws IOException {
        try (RawClient balancer = connect(TRUSTED)) {
            return balancer.send(header).send(get(host, target, "")).ending();
        }
    }

    private static String told(String path, String field) {
        return application.request(path).value(field);
    }
}
