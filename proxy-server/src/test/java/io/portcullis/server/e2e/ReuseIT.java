package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordedRequest;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections to the application are kept and used again, and nobody notices when one has died in the meantime. With
 * one event loop, and so with one pool: which connection is used is no matter of chance.
 */
final class ReuseIT {

    private static final String HOST = "Host: a.test";

    private RecordingApplication application;
    private ProxyUnderTest proxy;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app");
        proxy = ProxyUnderTest.in(directory)
                .main("threads = 1")
                .host("a", "a.test", application, "")
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        application.close();
    }

    private RawClient connect() throws IOException {
        return RawClient.connect(Loopback.newClient(), proxy.port());
    }

    /** If it breaks: each request pays for a new connection, and a busy proxy runs out of ports. */
    @Test
    void oneConnectionServesManyClientsOneAfterAnother() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (RawClient client = connect()) {
                assertThat(client.get("a.test", "/").status()).isEqualTo(200);
                client.send(head("POST / HTTP/1.1", HOST, "Content-Length: 3") + "abc");
                assertThat(client.read().status()).isEqualTo(200);
            }
        }
        assertThat(application.connections()).isOne();
    }

    /** If it breaks: visitors see an error now and then, each time that the application's idle time-out runs out. */
    @Test
    void aRequestOnAConnectionThatTheApplicationJustEndsIsTriedAgain() throws Exception {
        application.on("/stale", Behaviours.closeWhenReused(Behaviours.answer(200, "fresh")));
        try (RawClient client = connect()) {
            assertThat(client.get("a.test", "/").status()).isEqualTo(200);
            assertThat(client.get("a.test", "/stale").body()).isEqualTo("fresh");
        }
        assertThat(application.requests("/stale"))
                .extracting(RecordedRequest::connection)
                .containsExactly(1, 2);
    }

    /** If it breaks: a request that the application resets is tried without end. */
    @Test
    void aRequestIsTriedAgainOnlyOnce() throws Exception {
        application.on("/never", Behaviours.rawThenClose(""));
        try (RawClient client = connect()) {
            assertThat(client.get("a.test", "/").status()).isEqualTo(200);
            assertThat(client.get("a.test", "/never").status()).isEqualTo(502);
        }
        assertThat(application.count("/never")).isBetween(1, 2);
    }

    /** The application may have acted on it. If it breaks: somebody pays twice. */
    @Test
    void aPostIsNeverSentTwice() throws Exception {
        application.on("/pay", Behaviours.closeWhenReused(Behaviours.answer(200, "paid")));
        try (RawClient client = connect()) {
            assertThat(client.get("a.test", "/").status()).isEqualTo(200);
            client.send(head("POST /pay HTTP/1.1", HOST, "Content-Length: 3") + "abc");
            assertThat(client.read().status()).isEqualTo(502);
        }
        assertThat(application.count("/pay")).isOne();
    }

    /** If it breaks: the first request after a quiet hour fails, also one that could not be tried again. */
    @Test
    void aConnectionThatTheApplicationHasEndedIsNotUsed() throws Exception {
        CountDownLatch closedByProxy = new CountDownLatch(1);
        application.on("/last", (request, connection) -> {
            connection.send(head("HTTP/1.1 200 OK", "Content-Length: 0"));
            connection.halfClose();
            connection.awaitEnd();
            closedByProxy.countDown();
            return false;
        });
        try (RawClient client = connect()) {
            assertThat(client.get("a.test", "/last").status()).isEqualTo(200);
            assertThat(closedByProxy.await(10, TimeUnit.SECONDS))
                    .as("the proxy closes its end too")
                    .isTrue();
            client.send(head("POST / HTTP/1.1", HOST, "Content-Length: 3") + "abc");
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    /** If it breaks: the answer of one request is given to the next one. */
    @Test
    void anAnswerThatSaysCloseIsNotFollowedOnTheSameConnection() throws Exception {
        List<String> closing = List.of(
                head("HTTP/1.1 200 OK", "Content-Length: 0", "Connection: close"),
                head("HTTP/1.0 200 OK", "Content-Length: 0"));
        for (String answer : closing) {
            application.on("/closing", (request, connection) -> {
                connection.send(answer);
                connection.awaitEnd();
                return false;
            });
            try (RawClient client = connect()) {
                assertThat(client.get("a.test", "/closing").status()).isEqualTo(200);
                assertThat(client.get("a.test", "/").status()).isEqualTo(200);
            }
        }
    }
}
