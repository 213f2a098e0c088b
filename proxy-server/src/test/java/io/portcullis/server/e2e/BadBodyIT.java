package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.Stranger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bodies whose length two servers may see differently (RFC 9112 section 6.3 and 7.1), or that are over a limit. Where
 * one gets through, its end is read by the application as the next visitor's request.
 */
final class BadBodyIT {

    private static final String POST = "POST /bad HTTP/1.1";
    private static final String HOST = "Host: a.test";
    private static final String CHUNKED = "Transfer-Encoding: chunked";
    private static final String HELLO_CHUNKED = "5\r\nhello\r\n0\r\n\r\n";

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app");
        proxy = ProxyUnderTest.in(directory)
                .main("limits { max-body-size = 1KiB }")
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

    static Stream<String> contentLengths() {
        return Stream.of(
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: 5,5",
                "Content-Length: 5, 5",
                "Content-Length: +5",
                "Content-Length: -5",
                "Content-Length: ",
                "Content-Length: 0x5",
                "Content-Length: 5 5",
                "Content-Length: 5.0",
                "Content-Length: five",
                "Content-Length : 5");
    }

    @ParameterizedTest
    @MethodSource
    void contentLengths(String fields) throws Exception {
        new Stranger(proxy, application).isRefused(head(POST, HOST, fields) + "hello", 400);
    }

    @Test
    void aLengthBeyondAllNumbersIsRefused() throws Exception {
        new Stranger(proxy, application)
                .isRefused(head(POST, HOST, "Content-Length: 99999999999999999999") + "hello", 400, 413);
    }

    static Stream<Arguments> transferEncodings() {
        return Stream.of(
                arguments("Content-Length: 5\r\n" + CHUNKED, new Integer[] {400}),
                arguments(CHUNKED + "\r\nContent-Length: 5", new Integer[] {400}),
                arguments(CHUNKED + "\r\n" + CHUNKED, new Integer[] {400}),
                arguments("Transfer-Encoding: chunked, chunked", new Integer[] {400}),
                arguments("Transfer-Encoding : chunked", new Integer[] {400}),
                arguments("Transfer-Encoding: \u000bchunked", new Integer[] {400}),
                // RFC 9112 section 6.1: an encoding that the server does not know may be 501 as well.
                arguments("Transfer-Encoding: ", new Integer[] {400, 501}),
                arguments("Transfer-Encoding: xchunked", new Integer[] {400, 501}),
                arguments("Transfer-Encoding: gzip, chunked", new Integer[] {400, 501}),
                arguments("Transfer-Encoding: gzip\r\n" + CHUNKED, new Integer[] {400, 501}),
                arguments("Transfer-Encoding: chunked, gzip", new Integer[] {400, 501}),
                arguments("Transfer-Encoding: identity", new Integer[] {400, 501}),
                arguments("Transfer-Encoding: chunked;q=1", new Integer[] {400, 501}),
                arguments("Transfer-Encoding: \"chunked\"", new Integer[] {400, 501}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void transferEncodings(String fields, Integer[] statuses) throws Exception {
        new Stranger(proxy, application).isRefused(head(POST, HOST, fields) + HELLO_CHUNKED, statuses);
    }

    /** RFC 9112 section 6.1: HTTP/1.0 does not know chunks, so nobody knows where such a body ends. */
    @Test
    void chunksInHttp10AreRefused() throws Exception {
        new Stranger(proxy, application).isRefused(head("POST /bad HTTP/1.0", HOST, CHUNKED) + HELLO_CHUNKED, 400);
    }

    static Stream<Arguments> chunks() {
        return Stream.of(
                arguments("garbage behind the size", "5g\r\nhello\r\n0\r\n\r\n"),
                arguments("no number", "xyz\r\nhello\r\n0\r\n\r\n"),
                arguments("negative size", "-5\r\nhello\r\n0\r\n\r\n"),
                arguments("signed size", "+5\r\nhello\r\n0\r\n\r\n"),
                arguments("size with a prefix", "0x5\r\nhello\r\n0\r\n\r\n"),
                arguments("space before the size", " 5\r\nhello\r\n0\r\n\r\n"),
                arguments("size beyond all numbers", "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"),
                arguments("size that wraps around to 5", "100000005\r\nhello\r\n0\r\n\r\n"),
                arguments("empty size", "\r\nhello\r\n0\r\n\r\n"),
                arguments("data not ended by CRLF", "5\r\nhelloXX0\r\n\r\n"),
                arguments("data longer than the size", "4\r\nhello\r\n0\r\n\r\n"),
                arguments("bare LF behind the size", "5\nhello\r\n0\r\n\r\n"),
                arguments("bare LF behind the data", "5\r\nhello\n0\r\n\r\n"),
                arguments("control character in an extension", "5;a=\u0001\r\nhello\r\n0\r\n\r\n"),
                arguments("bare CR in an extension", "5;a=\rb\r\nhello\r\n0\r\n\r\n"),
                arguments("endless extension", "5;" + "a".repeat(20_000) + "\r\nhello\r\n0\r\n\r\n"),
                arguments("trailer with space before the colon", "5\r\nhello\r\n0\r\nX-A : a\r\n\r\n"),
                arguments("trailer without a colon", "5\r\nhello\r\n0\r\nX-A\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void chunks(String name, String octets) throws Exception {
        new Stranger(proxy, application)
                .isRefusedInTheBody(head(POST, HOST, CHUNKED) + octets, octets.startsWith("100000005") ? 413 : 400);
    }

    /** The head is already at the application when the fault comes: then the proxy must cut it off there. */
    @Test
    void aFaultBehindAGoodChunkCutsTheRequestOffAtTheApplication() throws Exception {
        long octets = application.octetsReceived();
        int cut = application.cutRequests().size();
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            client.send(head("POST /late HTTP/1.1", HOST, CHUNKED) + "5\r\nhello\r\n");
            Awaitility.await("the head is at the application").until(() -> application.octetsReceived() > octets);
            client.send("zz\r\nhello\r\n0\r\n\r\n" + head("GET /hidden HTTP/1.1", HOST));
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.ending().isOver()).isTrue();
        }
        Awaitility.await("cut off").until(() -> application.cutRequests().size() == cut + 1);
        assertThat(application.count("/late")).isZero();
        assertThat(application.count("/hidden")).isZero();
    }

    /** If it breaks: half an upload is stored as if it were the whole. */
    @Test
    void aBodyThatTheClientBreaksOffIsCutOffAtTheApplicationToo() throws Exception {
        for (String framing : new String[] {"Content-Length: 500", CHUNKED}) {
            int cut = application.cutRequests().size();
            long octets = application.octetsReceived();
            try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
                client.send(head("POST /broken-off HTTP/1.1", HOST, framing) + "5\r\nhello\r\n");
                Awaitility.await("the head is at the application").until(() -> application.octetsReceived() > octets);
            }
            Awaitility.await("cut off").until(() -> application.cutRequests().size() == cut + 1);
        }
        assertThat(application.count("/broken-off")).isZero();
    }

    /** If it breaks: the limit holds only for who says beforehand how much he sends. */
    @Test
    void aBodyOverTheLimitIsTooLarge() throws Exception {
        Stranger stranger = new Stranger(proxy, application);
        stranger.isRefused(head(POST, HOST, "Content-Length: 1025") + "x".repeat(1025), 413);
        stranger.isRefusedInTheBody(
                head(POST, HOST, CHUNKED) + ("400\r\n" + "x".repeat(1024) + "\r\n").repeat(2) + "0\r\n\r\n", 413);
    }

    /** If it breaks: the client who asks first is told to send what is then thrown away. */
    @Test
    void aBodyOverTheLimitIsRefusedBeforeItIsSent() throws Exception {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            client.send(head(POST, HOST, "Content-Length: 1025", "Expect: 100-continue"));
            RawResponse refusal = client.read();
            assertThat(refusal.status()).isEqualTo(413);
        }
    }

    @Test
    void aBodyAtTheLimitIsServed() throws Exception {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            client.send(head("POST /limit HTTP/1.1", HOST, "Content-Length: 1024") + "x".repeat(1024));
            assertThat(client.read().status()).isEqualTo(200);
            client.send(head("POST /limit HTTP/1.1", HOST, CHUNKED) + "400;why=not\r\n" + "x".repeat(1024)
                    + "\r\n0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(application.requests("/limit"))
                .allMatch(request -> request.body().length() == 1024);
    }
}
