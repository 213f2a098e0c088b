package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviour;
import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who speaks when: interim answers, pipelines, and a client that has said all it has to say. */
final class ConversationIT {

    private static final String HOST = "Host: a.test";

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app");
        proxy = ProxyUnderTest.in(directory)
                .host("a", "a.test", application, "")
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

    /** If it breaks: curl waits a second before each larger upload, and careful clients wait for ever. */
    @Test
    void continueComesFromTheApplicationAndThenTheBodyGoesUp() throws Exception {
        application.on("/continue", Behaviour.takingBody((request, connection) -> {
            connection.send(head("HTTP/1.1 100 Continue"));
            String body = connection.readBody(request);
            return Behaviours.answer(200, "got " + body).answer(request, connection);
        }));
        try (RawClient client = connect()) {
            client.send(head("POST /continue HTTP/1.1", HOST, "Content-Length: 5", "Expect: 100-continue"));
            assertThat(client.read().status()).isEqualTo(100);
            assertThat(client.send("hello").read().body()).isEqualTo("got hello");
            assertThat(client.get("a.test", "/next").status()).isEqualTo(200);
        }
        assertThat(application.request("/continue").value("Expect")).isEqualToIgnoringCase("100-continue");
    }

    /** If it breaks: an upload that the application does not want is sent in spite of it, or the answer is lost. */
    @Test
    void aRefusalInsteadOfContinueArrives() throws Exception {
        application.on("/no-thanks", Behaviour.takingBody((request, connection) -> {
            connection.send(head("HTTP/1.1 401 Unauthorized", "Content-Length: 2", "Connection: close") + "no");
            return false;
        }));
        try (RawClient client = connect()) {
            client.send(head("POST /no-thanks HTTP/1.1", HOST, "Content-Length: 5", "Expect: 100-continue"));
            RawResponse answer = client.read();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo("no");
        }
    }

    @Test
    void interimAnswersPassToHttp11AndNotToHttp10() throws Exception {
        application.on(
                "/hints",
                Behaviours.raw(head("HTTP/1.1 103 Early Hints", "Link: </a.css>; rel=preload")
                        + head("HTTP/1.1 103 Early Hints", "Link: </b.css>; rel=preload")
                        + head("HTTP/1.1 200 OK", "Content-Length: 2")
                        + "ok"));
        try (RawClient client = connect();
                RawClient old = connect()) {
            client.send(head("GET /hints HTTP/1.1", HOST));
            RawResponse hint = client.read();
            assertThat(hint.status()).isEqualTo(103);
            assertThat(hint.value("Link")).isEqualTo("</a.css>; rel=preload");
            assertThat(client.read().status()).isEqualTo(103);
            assertThat(client.read().body()).isEqualTo("ok");
            assertThat(client.get("a.test", "/next").status()).isEqualTo(200);
            // RFC 9110 section 15.2: HTTP/1.0 has no interim answers.
            assertThat(old.send(head("GET /hints HTTP/1.0", HOST)).read().body())
                    .isEqualTo("ok");
        }
    }

    /** CVE-2026-42584: the two together put a decoder out of step, and the next client got another one's answer. */
    @Test
    void earlyHintsBeforeAnAnswerToHeadKeepTheConnectionInStep() throws Exception {
        application.on(
                "/head-hints",
                Behaviours.raw(head("HTTP/1.1 103 Early Hints") + head("HTTP/1.1 200 OK", "Content-Length: 5")));
        try (RawClient client = connect()) {
            client.send(head("HEAD /head-hints HTTP/1.1", HOST));
            assertThat(client.readAnswerTo("HEAD").status()).isEqualTo(103);
            assertThat(client.readAnswerTo("HEAD").value("Content-Length")).isEqualTo("5");
            assertThat(client.get("a.test", "/in-step").body()).isEqualTo("app /in-step");
        }
    }

    /** If it breaks: answers are given to the wrong questions. */
    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        application.on("/slow", Behaviours.slow(100, Behaviours.answer(200, "slow")));
        StringBuilder all = new StringBuilder(head("GET /slow HTTP/1.1", HOST));
        for (int i = 0; i < 50; i++) {
            all.append(head("GET /pipelined/" + i + " HTTP/1.1", HOST))
                    .append(head("POST /posted/" + i + " HTTP/1.1", HOST, "Content-Length: 5"))
                    .append("hello");
        }
        try (RawClient client = connect()) {
            client.send(all.toString());
            assertThat(client.read().body()).isEqualTo("slow");
            for (int i = 0; i < 50; i++) {
                assertThat(client.read().body()).isEqualTo("app /pipelined/" + i);
                assertThat(client.read().body()).isEqualTo("app /posted/" + i);
            }
        }
    }

    /** If it breaks: a script that sends its requests at once and shuts its half gets the first answer only. */
    @Test
    void aClientThatHasSaidSeveralThingsGetsEveryAnswer() throws Exception {
        application.on("/unhurried", Behaviours.slow(100, Behaviours.answer(200, "in time")));
        try (RawClient client = connect()) {
            client.send(head("GET /unhurried HTTP/1.1", HOST).repeat(3));
            client.halfClose();
            for (int i = 0; i < 3; i++) {
                assertThat(client.read().body()).isEqualTo("in time");
            }
            assertThat(client.ending()).isEqualTo(new Ending(Ending.How.EOF, ""));
        }
    }

    /** If it breaks: {@code nc}, old health checks and shell scripts see nothing. */
    @Test
    void aClientThatHasSaidAllItHasToSayStillGetsTheAnswer() throws Exception {
        CountDownLatch halfClosed = new CountDownLatch(1);
        application.on("/patient", Behaviours.after(halfClosed, Behaviours.answer(200, "here you are")));
        try (RawClient client = connect()) {
            client.send(head("GET /patient HTTP/1.1", HOST));
            client.halfClose();
            halfClosed.countDown();
            assertThat(client.read().body()).isEqualTo("here you are");
            assertThat(client.ending()).isEqualTo(new Ending(Ending.How.EOF, ""));
        }
    }

    /** If it breaks: a request that arrives in small pieces is not understood. */
    @Test
    void aRequestMayComeOctetByOctet() throws Exception {
        try (RawClient client = connect()) {
            String request = head("POST /pieces HTTP/1.1", HOST, "Transfer-Encoding: chunked")
                    + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n";
            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(application.request("/pieces").body()).isEqualTo("hello!");
    }

    /** If it breaks: a body that the proxy streams arrives changed, or its last part never does. */
    @Test
    void bodiesOfEverySizeArrive() throws Exception {
        application.on("/mirror", (request, connection) -> {
            connection.send(
                    head("HTTP/1.1 200 OK", "Content-Length: " + request.body().length()));
            connection.send(request.body());
            return true;
        });
        try (RawClient client = connect()) {
            for (int size : new int[] {0, 1, 8191, 8192, 8193, 65_535, 65_536, 1_000_000}) {
                String body = "0123456789abcdef".repeat(size / 16 + 1).substring(0, size);
                client.send(head("PUT /mirror HTTP/1.1", HOST, "Content-Length: " + size) + body);
                assertThat(client.read().body().equals(body))
                        .as("body of %d", size)
                        .isTrue();
            }
        }
    }
}
