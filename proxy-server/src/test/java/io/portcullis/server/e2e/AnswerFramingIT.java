package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawField;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where an answer ends, for clients of HTTP/1.1 and of HTTP/1.0. Where it is wrong, the client waits without end, or
 * takes the end of one answer for the next.
 */
final class AnswerFramingIT {

    private static final String HOST = "Host: a.test";

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app")
                .on("/length", Behaviours.answer(200, "hello"))
                .on("/head-chunked", Behaviours.raw(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")))
                .on("/head-length", Behaviours.raw(head("HTTP/1.1 200 OK", "Content-Length: 1234567")))
                .on("/204", Behaviours.raw(head("HTTP/1.1 204 No Content", "X-A: a")))
                .on("/304", Behaviours.raw(head("HTTP/1.1 304 Not Modified", "ETag: \"1\"", "Content-Length: 1234")))
                .on("/empty", Behaviours.raw(head("HTTP/1.1 200 OK", "Content-Length: 0")))
                .on("/close", Behaviours.rawThenClose(head("HTTP/1.1 200 OK", "Content-Type: text/plain") + "hello"))
                .on("/old", Behaviours.rawThenClose(head("HTTP/1.0 200 OK") + "hello"))
                .on(
                        "/chunked",
                        Behaviours.raw(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
                                + "2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"))
                .on(
                        "/trailers",
                        Behaviours.raw(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Trailer: X-Sum")
                                + "5\r\nhello\r\n0\r\nX-Sum: 5d41\r\n\r\n"));
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

    private static RawResponse ask(RawClient client, String method, String target) throws IOException {
        return client.send(head(method + " " + target + " HTTP/1.1", HOST)).readAnswerTo(method);
    }

    /** A second request on the same connection finds out whether the first answer ended where the client thinks. */
    private static void assertStillInStep(RawClient client) throws IOException {
        assertThat(ask(client, "GET", "/next").body()).isEqualTo("app /next");
    }

    static Stream<Arguments> answersWithoutABody() {
        return Stream.of(
                arguments("HEAD", "/length", 200),
                arguments("HEAD", "/head-chunked", 200),
                arguments("HEAD", "/head-length", 200),
                arguments("GET", "/204", 204),
                arguments("GET", "/304", 304),
                arguments("HEAD", "/304", 304),
                arguments("GET", "/empty", 200));
    }

    @ParameterizedTest
    @MethodSource
    void answersWithoutABody(String method, String target, int status) throws Exception {
        try (RawClient client = connect()) {
            RawResponse answer = ask(client, method, target);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).isEmpty();
            assertStillInStep(client);
        }
    }

    /** If it breaks: download managers and caches are told a wrong size. */
    @Test
    void theLengthInAnAnswerToHeadIsTheApplications() throws Exception {
        try (RawClient client = connect()) {
            assertThat(ask(client, "HEAD", "/head-length").value("Content-Length"))
                    .isEqualTo("1234567");
            assertThat(ask(client, "HEAD", "/length").value("Content-Length")).isEqualTo("5");
            // RFC 9110 section 8.6: none may be sent with a 204.
            assertThat(ask(client, "GET", "/204").has("Content-Length")).isFalse();
            assertThat(ask(client, "GET", "/304").value("ETag")).isEqualTo("\"1\"");
        }
    }

    @Test
    void aChunkedAnswerStaysChunked() throws Exception {
        try (RawClient client = connect()) {
            RawResponse answer = ask(client, "GET", "/chunked");
            assertThat(answer.value("Transfer-Encoding")).isEqualToIgnoringCase("chunked");
            assertThat(answer.body()).isEqualTo("hello");
            assertStillInStep(client);
        }
    }

    /** If it breaks: a client of such an application loses its kept-alive connection with each answer. */
    @Test
    void anAnswerThatEndsWithTheConnectionIsChunkedForHttp11() throws Exception {
        for (String target : new String[] {"/close", "/old"}) {
            try (RawClient client = connect()) {
                RawResponse answer = ask(client, "GET", target);
                assertThat(answer.head().startLine()).startsWith("HTTP/1.1 200");
                assertThat(answer.value("Transfer-Encoding")).isEqualToIgnoringCase("chunked");
                assertThat(answer.body()).isEqualTo("hello");
                assertStillInStep(client);
            }
        }
    }

    /** If it breaks: old clients get chunk sizes in the middle of their pages. */
    @Test
    void anAnswerWithoutALengthEndsWithTheConnectionForHttp10() throws Exception {
        for (String target : new String[] {"/chunked", "/close", "/old", "/trailers"}) {
            try (RawClient client = connect()) {
                client.send(head("GET " + target + " HTTP/1.0", HOST, "Connection: keep-alive"));
                RawResponse answer = client.read();
                assertThat(answer.has("Transfer-Encoding")).as(target).isFalse();
                assertThat(answer.body()).isEqualTo("hello");
                assertThat(client.ending()).isEqualTo(new Ending(Ending.How.EOF, ""));
            }
        }
    }

    @Test
    void http10KeepsTheConnectionOnlyWhereItAsks() throws Exception {
        try (RawClient client = connect()) {
            for (int i = 0; i < 3; i++) {
                client.send(head("GET /length HTTP/1.0", HOST, "Connection: keep-alive"));
                RawResponse answer = client.read();
                assertThat(answer.body()).isEqualTo("hello");
                assertThat(answer.value("Connection")).isEqualToIgnoringCase("keep-alive");
            }
            client.send(head("GET /length HTTP/1.0", HOST));
            assertThat(client.read().body()).isEqualTo("hello");
            assertThat(client.ending()).isEqualTo(new Ending(Ending.How.EOF, ""));
        }
    }

    @Test
    void aClientThatSaysCloseIsClosedWithItsAnswer() throws Exception {
        try (RawClient client = connect()) {
            RawResponse answer = client.send(head("GET /length HTTP/1.1", HOST, "Connection: close"))
                    .read();
            assertThat(answer.value("Connection")).isEqualToIgnoringCase("close");
            assertThat(client.ending()).isEqualTo(new Ending(Ending.How.EOF, ""));
        }
    }

    /** If it breaks: checksums and gRPC-like statuses that come behind a body are lost, either way. */
    @Test
    void trailersPassBothWays() throws Exception {
        try (RawClient client = connect()) {
            RawResponse answer = client.send(head("GET /trailers HTTP/1.1", HOST, "TE: trailers"))
                    .read();
            assertThat(answer.trailers()).containsExactly(new RawField("X-Sum", "5d41"));
            client.send(head("POST /sum HTTP/1.1", HOST, "Transfer-Encoding: chunked", "Trailer: X-Sum")
                    + "5\r\nhello\r\n0\r\nX-Sum: 5d41\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(application.request("/sum").body()).isEqualTo("hello");
        assertThat(application.request("/sum").trailers()).containsExactly(new RawField("X-Sum", "5d41"));
    }

    /** RFC 9110 section 6.5.1. If it breaks: a stranger adds behind the body what nobody looked for there. */
    @Test
    void trailersThatWouldChangeTheRequestAreNotPassedOn() throws Exception {
        try (RawClient client = connect()) {
            client.send(head("POST /smuggled-trailer HTTP/1.1", HOST, "Transfer-Encoding: chunked")
                    + "5\r\nhello\r\n0\r\nContent-Length: 0\r\nHost: b.test\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");
            client.readWholeOrCut("POST");
        }
        assertThat(application.requests("/smuggled-trailer"))
                .allSatisfy(request -> assertThat(request.trailers()).isEmpty());
    }
}
