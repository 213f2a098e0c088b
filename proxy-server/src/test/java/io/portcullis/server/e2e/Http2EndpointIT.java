package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import io.portcullis.server.e2e.kit.Http2Application;
import io.portcullis.server.e2e.kit.Http2Visit;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawField;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.Stranger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Endpoints of h2c: whatever HTTP/2 lets an application do, the client sees as if it spoke to it. With one event loop,
 * and so with one set of connections.
 *
 * <p>One process for all tests, which takes seconds to start and to end, and for each an application and a virtual host
 * of its own: so none finds connections, faults or the reasons told of them (one a second for each upstream) of another.
 */
final class Http2EndpointIT {

    private static final String HOST = "Host: a.test";

    private static RecordingApplication old;
    private static ProxyUnderTest proxy;
    private static int tests;

    private Http2Application application;
    private Path host;
    private int linesBefore;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        old = RecordingApplication.start("old");
        proxy = ProxyUnderTest.in(directory)
                .main("threads = 1\ntimeouts { response = 3s }")
                .host("old", "server-names = [\"old.test\"]\nupstream = \"h2c://127.0.0.1:" + old.port() + "\"\n")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        old.close();
    }

    @BeforeEach
    void startApplication() throws IOException {
        application = Http2Application.start(
                Http2Settings.defaultSettings().maxConcurrentStreams(20).maxHeaderListSize(8192));
        linesBefore = proxy.log().size();
        tests++;
        host = proxy.hostFile("a" + tests);
        Files.writeString(host, "server-names = [\"a.test\"]\nupstream = \"" + application.url() + "\"\n");
        RawResponse reloaded = proxy.reload();
        assertThat(reloaded.status()).as(reloaded.body()).isEqualTo(200);
    }

    @AfterEach
    void stopApplication() throws IOException {
        Files.delete(host); // with the next test's reload it is gone
        application.close();
        proxy.assertClean();
    }

    private static RawClient connect() throws IOException {
        return RawClient.connect(Loopback.newClient(), proxy.port());
    }

    private RawResponse get(String target) throws IOException {
        try (RawClient client = connect()) {
            return client.get("a.test", target);
        }
    }

    /** Often: what is waited for is there within milliseconds. */
    private static ConditionFactory await() {
        return Awaitility.with().pollInterval(Duration.ofMillis(5));
    }

    private void awaitLogged(String text) {
        await().until(() -> proxy.log().stream().skip(linesBefore).anyMatch(line -> line.contains(text)));
    }

    private Http2Visit visit(String path) {
        await().until(() -> !application.visits(path).isEmpty());
        return application.visits(path).get(0);
    }

    // Heads and bodies

    @Test
    void aRequestWithoutABodyIsOneFrameWithAllThatTheApplicationNeeds() throws Exception {
        try (RawClient client = connect()) {
            client.send(head(
                    "GET /x?y=1 HTTP/1.1",
                    "Host: a.test:8080",
                    "TE: trailers",
                    "Connection: TE, X-Hop",
                    "X-Hop: 1",
                    "X-Mine: A"));
            assertThat(client.read().body()).isEqualTo("/x?y=1");
        }
        Http2Visit visit = visit("/x?y=1");
        assertThat(visit.headIsWhole()).isTrue();
        assertThat(visit.head().method()).hasToString("GET");
        assertThat(visit.head().scheme()).hasToString("http");
        assertThat(visit.head().authority()).hasToString("a.test:8080");
        assertThat(visit.value("te")).isEqualTo("trailers");
        assertThat(visit.value("x-mine")).isEqualTo("A");
        assertThat(visit.value("x-forwarded-host")).isEqualTo("a.test:8080");
        for (String unknown : new String[] {"host", "connection", "x-hop", "transfer-encoding", "upgrade"}) {
            assertThat(visit.value(unknown)).as(unknown).isNull();
        }
    }

    @Test
    void bodiesAndTrailersGoBothWays() throws Exception {
        application.on(
                "/echo",
                visit -> visit.body().thenAccept(body -> {
                    visit.head(200, false);
                    visit.data(body, false);
                    visit.head(
                            true,
                            "x-sum",
                            String.valueOf(visit.trailers().join().get("x-in")));
                }));
        try (RawClient client = connect()) {
            client.send(head("POST /echo HTTP/1.1", HOST, "Transfer-Encoding: chunked", "Trailer: X-In")
                    + "3\r\nabc\r\n0\r\nX-In: 7\r\n\r\n");
            RawResponse answer = client.read();
            assertThat(answer.body()).isEqualTo("abc");
            assertThat(answer.trailers()).extracting(RawField::value).containsExactly("7");
        }
    }

    @Test
    void largeBodiesGoBothWaysWhole() throws Exception {
        application.on("/echo", visit -> visit.body().thenAccept(body -> visit.answer(200, body)));
        String body = "0123456789".repeat(400_000);
        try (RawClient client = connect()) {
            Thread sender = new Thread(
                    () -> client.send(head("POST /echo HTTP/1.1", HOST, "Content-Length: " + body.length()) + body));
            sender.start();
            assertThat(client.read().body()).isEqualTo(body);
            sender.join();
        }
    }

    @Test
    void interimAnswersArePassedOn() throws Exception {
        application.on("/early", visit -> {
            visit.head(false, ":status", "103", "link", "</a>");
            visit.answer(200, "late");
        });
        try (RawClient client = connect()) {
            client.send(head("GET /early HTTP/1.1", HOST));
            assertThat(client.readHead().startLine()).contains(" 103 ");
            assertThat(client.read().body()).isEqualTo("late");
        }
    }

    @Test
    void headsWithoutBodiesAreTakenForWhatTheyAre() throws Exception {
        application.on("/length", visit -> visit.head(true, ":status", "200", "content-length", "5"));
        application.on("/304", visit -> visit.head(true, ":status", "304", "content-length", "5"));
        try (RawClient client = connect()) {
            client.send(head("HEAD /length HTTP/1.1", HOST));
            assertThat(client.readAnswerTo("HEAD").value("Content-Length")).isEqualTo("5");
            assertThat(client.get("a.test", "/304").status()).isEqualTo(304);
            assertThat(client.get("a.test", "/").status()).isEqualTo(200);
        }
    }

    /** HTTP/2 has no upgrade. If it breaks: a stranger's WebSocket handshake counts as the application's fault. */
    @Test
    void anUpgradeIsAskedForInVain() throws Exception {
        try (RawClient client = connect()) {
            client.send(head("GET /ws HTTP/1.1", HOST, "Connection: Upgrade", "Upgrade: websocket"));
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(visit("/ws").value("upgrade")).isNull();
    }

    /** If it breaks: whoever sends a large cookie takes the endpoint out for everybody. */
    @Test
    void aHeadThatTheEndpointDoesNotTakeIs431() throws Exception {
        try (RawClient client = connect()) {
            client.send(head("GET /large HTTP/1.1", HOST, "X-Large: " + "x".repeat(8000)));
            assertThat(client.read().status()).isEqualTo(431);
            assertThat(client.get("a.test", "/").status()).isEqualTo(200);
        }
        assertThat(application.visits("/large")).isEmpty();
    }

    // Sharing

    @Test
    void manyExchangesShareAConnectionAndNoneHasMoreThanTheEndpointTakes() throws Exception {
        List<Http2Visit> held = new ArrayList<>();
        application.on("/held", visit -> {
            held.add(visit);
            if (held.size() == 50) {
                held.forEach(each -> each.answer(200, "at last"));
            }
        });
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            clients.add(connect().send(head("GET /held HTTP/1.1", HOST)));
        }
        for (RawClient client : clients) {
            assertThat(client.read().body()).isEqualTo("at last");
            client.close();
        }
        assertThat(application.visits("/held"))
                .extracting(Http2Visit::connection)
                .containsOnly(1, 2, 3);
        for (int connection = 1; connection <= 3; connection++) {
            int number = connection;
            assertThat(application.visits("/held").stream()
                            .filter(visit -> visit.connection() == number)
                            .count())
                    .isLessThanOrEqualTo(20);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(get("/").status()).isEqualTo(200);
        }
        assertThat(application.connections()).isEqualTo(3);
    }

    /** If it breaks: one visitor on a slow line stops the site for all others. */
    @Test
    void aClientThatReadsNothingHoldsUpNobodyElse() throws Exception {
        application.on("/large", Http2EndpointIT::sendWithoutEnd);
        List<RawClient> slow = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            slow.add(RawClient.connect(Loopback.newClient(), proxy.port(), 4096)
                    .send(head("GET /large HTTP/1.1", HOST)));
        }
        await().until(() -> application.visits("/large").stream()
                        .filter(visit -> !visit.channel().isWritable())
                        .count()
                == 10);
        assertThat(get("/").body()).isEqualTo("/");
        assertThat(application.connections()).isOne();
        for (RawClient client : slow) {
            client.close();
        }
        for (Http2Visit visit : application.visits("/large")) {
            assertThat(visit.reset().get(10, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL);
        }
    }

    private static void sendWithoutEnd(Http2Visit visit) {
        visit.head(200, false);
        for (int i = 0; i < 8 && visit.channel().isWritable(); i++) {
            visit.data("x".repeat(16_000), false);
        }
        Runnable more = () -> sendMore(visit);
        visit.eventLoop().execute(more);
    }

    private static void sendMore(Http2Visit visit) {
        if (!visit.channel().isActive()) {
            return;
        }
        if (visit.channel().isWritable()) {
            visit.data("x".repeat(16_000), false);
        }
        visit.eventLoop().schedule(() -> sendMore(visit), 1, TimeUnit.MILLISECONDS);
    }

    // Ends

    /** By a reset: whoever only ends its sending half may be waiting for the answer. Long before the time-out. */
    @Test
    void aClientThatLeavesIsToldToTheApplicationAtOnce() throws Exception {
        application.on("/slow", visit -> {});
        try (RawClient client = connect()) {
            client.send(head("GET /slow HTTP/1.1", HOST));
            visit("/slow");
            client.resetNow();
        }
        assertThat(visit("/slow").reset().get(2, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL);
        assertThat(get("/").status()).isEqualTo(200);
        assertThat(application.connections()).isOne();
    }

    @Test
    void anApplicationThatDoesNotAnswerInTimeIsGatewayTimeout() throws Exception {
        application.on("/slow", visit -> {});
        assertThat(get("/slow").status()).isEqualTo(504);
        assertThat(visit("/slow").reset().get(10, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL);
    }

    @Test
    void aResetIsBadGatewayAndInMidBodyTheClientsConnectionIsCut() throws Exception {
        application.on("/reset", visit -> visit.resetWith(Http2Error.INTERNAL_ERROR));
        application.on("/half", visit -> {
            visit.head(false, ":status", "200", "content-length", "10");
            visit.data("half", false);
            visit.resetWith(Http2Error.INTERNAL_ERROR);
        });
        RawResponse answer = get("/reset");
        assertThat(answer.status()).isEqualTo(502);
        Stranger.assertIsShortErrorAnswer(answer);
        awaitLogged("reset the stream: INTERNAL_ERROR");
        try (RawClient client = connect()) {
            client.send(head("GET /half HTTP/1.1", HOST));
            assertThat(client.readWholeOrCut("GET").whole()).isFalse();
        }
        assertThat(get("/").status()).isEqualTo(200);
        assertThat(application.connections()).isOne();
    }

    /** RFC 9113 section 8.1. If it breaks: an upload that is refused early looks like an application that is down. */
    @Test
    void anAnswerThatIsWholeBeforeTheRequestIsIsNoFailure() throws Exception {
        application.on("/refuses", visit -> {
            visit.answer(403, "not you");
            visit.eventLoop().execute(() -> visit.resetWith(Http2Error.NO_ERROR)); // else it overtakes the answer
        });
        try (RawClient client = connect()) {
            client.send(head("POST /refuses HTTP/1.1", HOST, "Content-Length: 1000000") + "x".repeat(1000));
            RawResponse answer = client.read();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo("not you");
        }
    }

    @Test
    void aRequestThatTheApplicationRefusedIsSentAgainWhateverItsMethodIs() throws Exception {
        application.on("/refused", visit -> {
            if (application.visits("/refused").size() == 1) {
                visit.resetWith(Http2Error.REFUSED_STREAM);
            } else {
                visit.answer(200, "second");
            }
        });
        try (RawClient client = connect()) {
            client.send(head("POST /refused HTTP/1.1", HOST, "Content-Length: 0"));
            assertThat(client.read().body()).isEqualTo("second");
        }
        assertThat(application.visits("/refused")).hasSize(2);
    }

    @Test
    void aRequestBeyondWhatGoAwayNamesIsSentAgainAndThoseBeforeItEndInPeace() throws Exception {
        application.on("/first", visit -> {});
        application.on("/beyond", visit -> {
            if (visit.connection() == 1) {
                application.goAway(3); // the first that a client of Netty opens
            } else {
                visit.answer(200, "second");
            }
        });
        try (RawClient first = connect();
                RawClient beyond = connect()) {
            first.send(head("GET /first HTTP/1.1", HOST));
            visit("/first");
            beyond.send(head("POST /beyond HTTP/1.1", HOST, "Content-Length: 0"));
            assertThat(beyond.read().body()).isEqualTo("second");
            visit("/first").eventLoop().execute(() -> visit("/first").answer(200, "first"));
            assertThat(first.read().body()).isEqualTo("first");
        }
        assertThat(get("/").status()).isEqualTo(200);
        assertThat(application.connections()).isEqualTo(2);
    }

    @Test
    void aConnectionThatIsLostIsReplacedWhereTheRequestMayBeSentTwice() throws Exception {
        assertThat(get("/").status()).isEqualTo(200);
        application.on("/lost", visit -> {
            if (visit.connection() == 1) {
                application.drop();
            } else {
                visit.answer(200, "second");
            }
        });
        assertThat(get("/lost").body()).isEqualTo("second");
        application.on("/pay", visit -> application.drop());
        try (RawClient client = connect()) {
            client.send(head("POST /pay HTTP/1.1", HOST, "Content-Length: 3") + "abc");
            assertThat(client.read().status()).isEqualTo(502);
        }
        assertThat(application.visits("/pay")).hasSize(1);
    }

    // What is no HTTP/2

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":status|abc",
                ":status|99",
                ":status|200|:status|200",
                ":status|101",
                ":status|200|:path|/",
                ":status|200|:unknown|1",
                ":status|200|X-Upper|1",
                ":status|200|x y|1",
                ":status|200|x|a\r\nset-cookie: b",
                ":status|200|x|a\u0000b",
                ":status|200|connection|close",
                ":status|200|transfer-encoding|chunked",
                ":status|200|keep-alive|1",
                ":status|200|upgrade|websocket",
                ":status|200|content-length|-1",
                ":status|200|content-length|1|content-length|2",
                ":status|200|content-length|3",
                ":status|204"
            })
    void aMalformedAnswerIsBadGatewayOrCutAndNeverPassedOn(String fields) throws Exception {
        application.on("/bad", visit -> {
            visit.head(false, fields.isEmpty() ? new String[0] : fields.split("\\|", -1));
            visit.data("body", false);
        });
        try (RawClient client = connect()) {
            client.send(head("GET /bad HTTP/1.1", HOST));
            RawResponse answer = client.readWholeOrCut("GET");
            if (fields.endsWith("content-length|3")) {
                assertThat(answer.whole()).isFalse();
            } else if (!fields.equals(":status|204")) { // it has no body, so that no cut can be seen
                assertThat(answer.status()).isEqualTo(502);
                Stranger.assertIsShortErrorAnswer(answer);
            }
        }
        assertThat(visit("/bad").reset().get(10, TimeUnit.SECONDS)).isEqualTo(Http2Error.PROTOCOL_ERROR);
        assertThat(get("/").status()).isEqualTo(200);
        assertThat(application.connections()).isOne();
    }

    @Test
    void aBodyThatIsShorterThanItsContentLengthCutsTheAnswer() throws Exception {
        application.on("/short", visit -> {
            visit.head(false, ":status", "200", "content-length", "5");
            visit.data("body", true);
        });
        application.on("/none", visit -> visit.head(true, ":status", "200", "content-length", "5"));
        try (RawClient client = connect()) {
            client.send(head("GET /short HTTP/1.1", HOST));
            assertThat(client.readWholeOrCut("GET").whole()).isFalse();
        }
        assertThat(get("/none").status()).isEqualTo(502);
    }

    @Test
    void malformedTrailersCutTheAnswer() throws Exception {
        for (String[] trailers : new String[][] {{":status", "200"}, {"x", "a\nb"}, {"connection", "close"}}) {
            String path = "/trailers" + Arrays.hashCode(trailers);
            application.on(path, visit -> {
                visit.head(200, false);
                visit.data("body", false);
                visit.head(true, trailers);
            });
            try (RawClient client = connect()) {
                client.send(head("GET " + path + " HTTP/1.1", HOST));
                assertThat(client.readWholeOrCut("GET").whole()).isFalse();
            }
        }
    }

    @Test
    void aHeadWithoutEndIsBadGateway() throws Exception {
        application.on("/bomb", visit -> {
            DefaultHttp2Headers headers = new DefaultHttp2Headers(false);
            headers.status("200");
            for (int i = 0; i < 40; i++) {
                headers.add("x" + i, "x".repeat(4000));
            }
            visit.channel().write(new DefaultHttp2HeadersFrame(headers, true));
            visit.channel().writeAndFlush(new DefaultHttp2DataFrame(true));
        });
        assertThat(get("/bomb").status()).isEqualTo(502);
        assertThat(get("/").status()).isEqualTo(200);
    }

    /** If it breaks: an operator who wrote h2c for an application of HTTP/1.1 is told nothing of use. */
    @Test
    void anEndpointThatSpeaksNoHttp2IsBadGatewayAndNamedInTheLog() throws Exception {
        try (RawClient client = connect()) {
            assertThat(client.get("old.test", "/").status()).isEqualTo(502);
        }
        awaitLogged("speaks no HTTP/2");
    }

    @Test
    void anEndpointThatIsNotThereIsBadGateway() throws Exception {
        application.close();
        assertThat(get("/").status()).isEqualTo(502);
    }
}
