package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Http2Client;
import io.portcullis.server.e2e.kit.Http2Client.Frame;
import io.portcullis.server.e2e.kit.Jails;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 with prior knowledge to the real process: the same exchanges, each on a stream. */
final class Http2IT {

    private static final String BIG = "x".repeat(400_000);

    private final String client = Loopback.newClient();
    private final CountDownLatch released = new CountDownLatch(1);
    private RecordingApplication application;
    private ProxyUnderTest proxy;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app")
                .on("/403", Behaviours.answer(403, "no"))
                .on("/big", Behaviours.answer(200, BIG))
                .on("/hang", Behaviours.hang())
                .on("/later", Behaviours.after(released, Behaviours.answer(200, "late")));
        proxy = ProxyUnderTest.in(directory)
                .main("""
                        listeners { http { bind = "127.0.0.1:0", http2 = true } }
                        allowlist = []
                        limits { max-body-size = 100000 }
                        """)
                .host("a", "a.test", application, Jails.FORBIDDEN)
                .host("b", "b.test", application, "")
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        application.close();
    }

    private Http2Client connect() throws IOException {
        return Http2Client.connect(client, proxy.port());
    }

    private static Frame end(Map<Integer, Frame> ends, int stream) {
        return Objects.requireNonNull(ends.get(stream));
    }

    @Test
    void aRequestReachesTheApplicationAsHttp1AndTheLogAsHttp2() throws IOException {
        try (Http2Client http2 = connect()) {
            int stream = http2.get("a.test", "/x?y", "cookie", "a=1", "cookie", "b=2");
            http2.send();

            assertThat(http2.status(stream)).isEqualTo(200);
        }
        assertThat(application.request("/x").values("Host")).containsExactly("a.test");
        assertThat(application.request("/x").values("Cookie")).containsExactly("a=1; b=2");
        Awaitility.await()
                .until(() -> proxy.accessLog().stream().anyMatch(l -> l.contains("\"GET /x?y HTTP/2.0\" 200")));
    }

    @Test
    void http1GoesOnAsEverOnTheSamePort() throws IOException {
        try (RawClient http1 = RawClient.connect(client, proxy.port())) {
            assertThat(http1.get("a.test", "/x").status()).isEqualTo(200);
        }
    }

    @Test
    void hundredTwentyEightStreamsGoAtOnce() throws IOException {
        try (Http2Client http2 = connect()) {
            int[] streams = new int[128];
            for (int i = 0; i < streams.length; i++) {
                streams[i] = http2.get("a.test", "/n" + i);
            }
            http2.send();

            assertThat(http2.readEnds(streams)).hasSize(128).values().allMatch(Frame::endsStream);
        }
    }

    @Test
    void bodiesStreamBothWaysAndTrailersOfTheRequestArrive() throws IOException {
        try (Http2Client http2 = connect()) {
            int big = http2.get("a.test", "/big");
            int upload = http2.post("a.test", "/up");
            http2.data(upload, "x".repeat(10_000), false);
            http2.frame(
                    Http2Client.HEADERS,
                    Http2Client.END_STREAM | Http2Client.END_HEADERS,
                    upload,
                    Http2Client.section("x-trailer", "1"));
            http2.send();

            assertThat(http2.readEnds(big, upload)).values().allMatch(Frame::endsStream);
        }
        assertThat(application.request("/up").body()).hasSize(10_000);
        assertThat(application.request("/up").value("Transfer-Encoding")).isEqualTo("chunked");
    }

    @Test
    void aClientThatOpensNoWindowHoldsItsStreamBackAndNoOther() throws IOException {
        try (Http2Client stalled = Http2Client.withWindow(client, proxy.port(), 0);
                Http2Client other = connect()) {
            int big = stalled.get("a.test", "/big");
            stalled.send();
            assertThat(stalled.status(big)).isEqualTo(200);

            int stream = other.get("a.test", "/x");
            other.send();
            assertThat(other.status(stream)).isEqualTo(200);

            stalled.windowUpdate(big, 400_000).windowUpdate(0, 400_000).send();
            assertThat(stalled.readUntil(Frame::endsStream).stream()).isEqualTo(big);
        }
    }

    @Test
    void aBanOnOneHostEndsItsStreamsAndLeavesTheOtherHostsOnTheSameConnection() throws IOException {
        try (Http2Client http2 = connect()) {
            int hangsA = http2.get("a.test", "/hang");
            int laterB = http2.get("b.test", "/later");
            int[] denied = new int[Jails.MAX_RETRY];
            http2.send();
            for (int i = 0; i < denied.length; i++) {
                denied[i] = http2.get("a.test", "/403");
                http2.send();
                if (i < denied.length - 1) {
                    http2.readEnds(denied[i]);
                }
            }
            Map<Integer, Frame> ends = http2.readEnds(denied[denied.length - 1], hangsA);
            assertThat(end(ends, denied[denied.length - 1]).endsStream())
                    .as("the answer that brought the ban is told")
                    .isTrue();
            assertThat(end(ends, hangsA).type()).isEqualTo(Http2Client.RST_STREAM);

            int refused = http2.get("a.test", "/x");
            http2.send();
            assertThat(end(http2.readEnds(refused), refused).type()).isEqualTo(Http2Client.RST_STREAM);
            released.countDown();
            assertThat(http2.status(laterB)).isEqualTo(200);
        }
        assertThat(application.count("/x")).isZero();
    }

    @Test
    void aMalformedRequestIsResetLoggedAndReachesNobody() throws IOException {
        try (Http2Client http2 = connect()) {
            int smuggled = http2.get("a.test", "/s", "x", "y\r\ntransfer-encoding: chunked");
            int framed = http2.get("a.test", "/s", "transfer-encoding", "chunked");
            int lies = http2.post("a.test", "/lies", "content-length", "3");
            http2.data(lies, "four", true).send();

            assertThat(http2.readEnds(smuggled, framed, lies))
                    .values()
                    .allMatch(end -> end.type() == Http2Client.RST_STREAM && end.error() == 1);
        }
        assertThat(application.count("/s")).isZero();
        assertThat(application.count("/lies")).isZero();
        Awaitility.await()
                .until(() -> proxy.accessLog().stream()
                                .filter(l -> l.contains(" 400 "))
                                .count()
                        == 3);
    }

    @Test
    void whatIsOverALimitIsAnsweredAsOverHttp1() throws IOException {
        try (Http2Client http2 = connect()) {
            int large =
                    http2.get("a.test", "/x", "x", "v".repeat(12_000), "y", "v".repeat(3_000), "z", "v".repeat(1_300));
            int body = http2.post("a.test", "/x", "content-length", "100001");
            http2.send();

            http2.readEnds(large, body);
        }
        Awaitility.await().until(() -> proxy.accessLog().stream().anyMatch(line -> line.contains("\" 431 ")));
        Awaitility.await().until(() -> proxy.accessLog().stream().anyMatch(line -> line.contains("\" 413 ")));
    }

    private static int openWebSocket(Http2Client http2, String host, String path, String... more) {
        List<String> head = new ArrayList<>(List.of(":method", "CONNECT", ":protocol", "websocket", ":scheme", "http"));
        head.addAll(List.of(":authority", host, ":path", path));
        head.addAll(List.of(more));
        int stream = http2.newStream();
        byte[] section = Http2Client.section(head.toArray(new String[0]));
        http2.frame(Http2Client.HEADERS, Http2Client.END_HEADERS, stream, section);
        return stream;
    }

    /** RFC 8441: to the application it is the handshake that it knows, to the client a stream. */
    @Test
    void aWebSocketIsATunnelOnItsStream() throws IOException {
        application.on("/chat", (request, connection) -> {
            connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            int octet = connection.in().read();
            while (octet >= 0) {
                connection.send(Character.toString(Character.toUpperCase((char) octet)));
                octet = connection.in().read();
            }
            return false;
        });
        try (Http2Client http2 = connect()) {
            int chat = openWebSocket(http2, "a.test", "/chat", "sec-websocket-version", "13");
            http2.data(chat, "e", false).send(); // before the answer: it waits for that
            assertThat(http2.status(chat)).isEqualTo(200);
            assertThat(http2.readUntil(frame -> frame.type() == Http2Client.DATA)
                            .payload())
                    .isEqualTo("E");
            http2.data(chat, "f", false).send();
            assertThat(http2.readUntil(frame -> frame.type() == Http2Client.DATA)
                            .payload())
                    .isEqualTo("F");

            http2.data(chat, "", true).send();
            assertThat(http2.readEnds(chat)).containsKey(chat);
        }
        assertThat(application.request("/chat").method()).isEqualTo("GET");
        assertThat(application.request("/chat").value("Upgrade")).isEqualTo("websocket");
        assertThat(application.request("/chat").value("Sec-WebSocket-Key")).hasSize(24);
    }

    @Test
    void anApplicationThatOpensNoWebSocketIsHeard() throws IOException {
        try (Http2Client http2 = connect()) {
            int chat = openWebSocket(http2, "b.test", "/403");
            http2.send();

            http2.readEnds(chat);
        }
        assertThat(application.count("/403")).isEqualTo(1);
    }

    @Test
    void aShutdownSaysGoawayAndLetsWhatIsUnderWayEnd() throws IOException {
        try (Http2Client http2 = connect()) {
            int later = http2.get("b.test", "/later");
            http2.send();
            Awaitility.await().until(() -> application.count("/later") == 1);

            proxy.terminate();
            http2.readUntil(frame -> frame.type() == Http2Client.GOAWAY);
            released.countDown();
            assertThat(http2.status(later)).isEqualTo(200);
            http2.readToEnd();
        }
        assertThat(proxy.awaitExit(Duration.ofSeconds(10))).isZero();
    }
}
