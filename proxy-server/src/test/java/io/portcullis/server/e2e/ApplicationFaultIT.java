package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviour;
import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.Stranger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees of an application that is down, hangs, dies or talks nonsense: the truth, soon. */
final class ApplicationFaultIT {

    private static final String HOST = "Host: a.test";

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app").on("/hang", Behaviours.hang());
        RecordingApplication gone = RecordingApplication.start("gone");
        gone.close();
        proxy = ProxyUnderTest.in(directory)
                .main("timeouts { response = 500ms }")
                .host("a", "a.test", application, "")
                .host("gone", "gone.test", gone, "")
                .start();
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

    private static RawClient connect() throws IOException {
        return RawClient.connect(Loopback.newClient(), proxy.port());
    }

    /** If it breaks: visitors of a site under deployment wait, or see a dead connection. */
    @Test
    void anApplicationThatRefusesTheConnectionIsBadGateway() throws Exception {
        try (RawClient client = connect()) {
            for (int i = 0; i < 3; i++) {
                RawResponse answer = client.get("gone.test", "/");
                assertThat(answer.status()).isEqualTo(502);
                Stranger.assertIsShortErrorAnswer(answer);
            }
            assertThat(client.get("a.test", "/").status())
                    .as("another site on the same connection")
                    .isEqualTo(200);
        }
        Awaitility.await("the operator reads why")
                .until(() -> proxy.log().stream()
                        .anyMatch(line -> line.contains(" gone GET: http://") && line.contains("refused")));
        assertThat(proxy.log())
                .as("the only endpoint is tried all the same")
                .noneMatch(line -> line.contains(" of gone is out "));
    }

    /** If it breaks: one hanging application collects all its visitors until nothing is left for the others. */
    @Test
    void anApplicationThatHangsIsGatewayTimeout() throws Exception {
        long start = System.nanoTime();
        try (RawClient client = connect()) {
            RawResponse answer = client.get("a.test", "/hang");
            assertThat(answer.status()).isEqualTo(504);
            Stranger.assertIsShortErrorAnswer(answer);
            assertThat(System.nanoTime() - start).isBetween(400_000_000L, 5_000_000_000L);
        }
        assertThat(application.count("/hang"))
                .as("a hanging request is not tried again")
                .isOne();
    }

    /** If it breaks: a download that broke off is stored as if it were the whole. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9000", "Transfer-Encoding: chunked"})
    void anApplicationThatDiesInMidBodyCutsTheClientOff(String framing) throws Exception {
        String body = framing.startsWith("C") ? "abc" : "3\r\nabc\r\n";
        String path = "/dies/" + framing.charAt(0);
        for (boolean withReset : new boolean[] {false, true}) {
            CountDownLatch cutNow = new CountDownLatch(1);
            application.on(path, diesAfter(head("HTTP/1.1 200 OK", framing) + body, cutNow, withReset));
            try (RawClient client = connect()) {
                client.send(head("GET " + path + " HTTP/1.1", HOST));
                client.in().mark(1);
                assertThat(client.in().read()).as("first octet of the answer").isEqualTo('H');
                client.in().reset();
                cutNow.countDown();
                RawResponse answer = client.readWholeOrCut("GET");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.whole()).as("looks whole").isFalse();
                assertThat(client.ending().isOver()).isTrue();
                Awaitility.await("what the operator reads")
                        .until(() -> proxy.log().stream().anyMatch(line -> line.contains("(the answer was cut,")));
            }
        }
        assertThat(application.count(path))
                .as("never tried again behind the client's back")
                .isEqualTo(2);
    }

    private static Behaviour diesAfter(String octets, CountDownLatch cutNow, boolean withReset) {
        if (withReset) {
            return Behaviours.rawThenReset(octets, cutNow);
        }
        Behaviour close = Behaviours.after(cutNow, Behaviours.rawThenClose(""));
        return (request, connection) -> {
            connection.send(octets);
            return close.answer(request, connection);
        };
    }

    /** A chunk that is none, in the middle of an answer. If it breaks: the client takes a broken body for a whole. */
    @Test
    void anApplicationThatBreaksItsChunksCutsTheClientOff() throws Exception {
        application.on(
                "/bad-chunk",
                Behaviours.raw(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + "3\r\nabc\r\nzz\r\n"));
        try (RawClient client = connect()) {
            client.send(head("GET /bad-chunk HTTP/1.1", HOST));
            String received = client.ending().received();
            assertThat(received).doesNotContain("\r\n0\r\n\r\n").doesNotContain("zz");
        }
    }

    /** RFC 9112 section 5.1: a proxy removes it. If it breaks: the client and we read two different names. */
    @Test
    void whitespaceBeforeTheColonOfAnAnswersFieldIsRemoved() throws Exception {
        application.on("/blank", Behaviours.raw(head("HTTP/1.1 200 OK", "X-A : b", "Content-Length: 0")));
        try (RawClient client = connect()) {
            RawResponse answer = client.get("a.test", "/blank");
            assertThat(answer.value("X-A")).isEqualTo("b");
        }
    }

    /** If it breaks: what only looks like an answer reaches the client, or splits into two. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "this is not HTTP at all\r\n\r\n",
                "\0\1\2\3\r\n\r\n",
                "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                ""
            })
    void anApplicationThatAnswersGarbageIsBadGateway(String garbage) throws Exception {
        application.on("/garbage", Behaviours.rawThenClose(garbage));
        try (RawClient client = connect()) {
            RawResponse answer = client.get("a.test", "/garbage");
            assertThat(answer.status()).isEqualTo(502);
            Stranger.assertIsShortErrorAnswer(answer);
        }
    }

    /** If it breaks: an application that fills its answer's head with rubbish takes the proxy's memory. */
    @Test
    void anApplicationWithAnEndlessHeadIsBadGateway() throws Exception {
        application.on("/endless", Behaviours.rawThenClose("HTTP/1.1 200 OK\r\nX-A: " + "x".repeat(1 << 20)));
        try (RawClient client = connect()) {
            assertThat(client.get("a.test", "/endless").status()).isEqualTo(502);
        }
    }

    /** What an application says after its answer belongs to nobody. If it breaks: the next visitor is answered with it. */
    @Test
    void octetsBehindAnAnswerAreNeverTheNextAnswer() throws Exception {
        String poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
        application.on("/chatty", Behaviours.raw(head("HTTP/1.1 200 OK", "Content-Length: 2") + "ok" + poison));
        try (RawClient client = connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get("a.test", "/chatty").body()).isEqualTo("ok");
                assertThat(client.get("a.test", "/next").body()).isEqualTo("app /next");
            }
        }
    }

    /** If it breaks: an application that answers before it has read an upload loses its answer, or its next request. */
    @Test
    void anEarlyAnswerToAnUploadArrives() throws Exception {
        application.on("/early", Behaviour.takingBody((request, connection) -> {
            connection.send(head("HTTP/1.1 401 Unauthorized", "Content-Length: 2", "Connection: close") + "no");
            connection.awaitEnd();
            return false;
        }));
        try (RawClient client = connect()) {
            client.send(head("POST /early HTTP/1.1", HOST, "Content-Length: 100000") + "x".repeat(10));
            RawResponse answer = client.read();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo("no");
        }
    }

    /** If it breaks: the application works on for visitors who have long left. */
    @Test
    void theApplicationSeesThatTheClientHasLeft() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        application.on("/patient", (request, connection) -> {
            connection.send(head("HTTP/1.1 200 OK", "Content-Length: 9000"));
            connection.awaitEnd();
            left.countDown();
            return false;
        });
        try (RawClient client = connect()) {
            client.send(head("GET /patient HTTP/1.1", HOST));
            assertThat(client.in().read()).isEqualTo('H');
            client.resetNow();
        }
        Awaitility.await("the application's connection has ended").until(() -> left.getCount() == 0);
    }
}
