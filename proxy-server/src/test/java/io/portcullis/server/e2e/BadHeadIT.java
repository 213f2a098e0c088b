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
import java.util.stream.IntStream;
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
 * Heads that RFC 9112 calls invalid, or over a limit. Where one of them gets through, the application behind may read
 * another request out of it than the proxy has judged: a way past every jail, and into other people's connections.
 */
final class BadHeadIT {

    private static final String LINE = "GET /bad HTTP/1.1";
    private static final String HOST = "Host: a.test";

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app");
        proxy = ProxyUnderTest.in(directory)
                .main("limits { max-head-size = 16KiB, max-headers = 100 }")
                .host("a", "a.test", application, "")
                .host("b", "b.test", application, "")
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

    private static Arguments line(String name, String requestLine) {
        return arguments(name, head(requestLine, HOST));
    }

    private static Arguments field(String name, String... fields) {
        return arguments(name, head(LINE, HOST, String.join("\r\n", fields)));
    }

    static Stream<Arguments> fields() {
        return Stream.of(
                arguments("bare LF after the request line", LINE + "\n" + head(HOST)),
                arguments("bare LF after a field", LINE + "\r\n" + HOST + "\n\r\n"),
                arguments("bare LF at the end", LINE + "\r\n" + HOST + "\r\n\n"),
                field("bare CR in a value", "X-A: a\rX-B: b"),
                field("obs-fold", "X-A: a", " b"),
                field("obs-fold by tab", "X-A: a", "\tb"),
                arguments("space before the first field", head(LINE, " X-A: a", HOST)),
                field("space before the colon", "X-A : a"),
                field("tab before the colon", "X-A\t: a"),
                field("no name", ": a"),
                field("no colon", "X-A"),
                field("not a token", "X(A): a"),
                field("control character in a name", "X\u0001A: a"),
                field("control character in a value", "X-A: a\u0001b"),
                field("DEL in a value", "X-A: a\u007fb"),
                field("NUL in a value", "X-A: a\0b"),
                field("NUL in a name", "X\0A: a"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void fields(String name, String octets) throws Exception {
        new Stranger(proxy, application).isRefused(octets, 400);
    }

    static Stream<Arguments> hosts() {
        return Stream.of(
                arguments("no Host", head(LINE, "X-A: a")),
                arguments("two Hosts", head(LINE, HOST, "Host: b.test")),
                arguments("the same Host twice", head(LINE, HOST, HOST)),
                arguments("empty Host", head(LINE, "Host: ")),
                arguments("space before Host's colon", head(LINE, "Host : a.test")),
                arguments("a list of Hosts", head(LINE, "Host: a.test, b.test")),
                arguments("Host with a user", head(LINE, "Host: user@a.test")),
                arguments("Host with a path", head(LINE, "Host: a.test/x")),
                arguments("Host with a port that is none", head(LINE, "Host: a.test:http")),
                line("absolute-form that disagrees with Host", "GET http://b.test/bad HTTP/1.1"),
                line("absolute-form without a host", "GET http:// HTTP/1.1"),
                line("absolute-form with an empty host", "GET http:///bad HTTP/1.1"),
                line("absolute-form with a user", "GET http://user@a.test/bad HTTP/1.1"),
                line("absolute-form with nothing but a user", "GET http://user@/ HTTP/1.1"));
    }

    /** If it breaks: the proxy judges by the rules of one site, and another one answers. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void hosts(String name, String octets) throws Exception {
        new Stranger(proxy, application).isRefused(octets, 400);
    }

    static Stream<Arguments> targets() {
        return Stream.of(
                line("NUL in the path", "GET /b\0ad HTTP/1.1"),
                line("encoded NUL", "GET /b%00ad HTTP/1.1"),
                line("percent without digits", "GET /b%zzad HTTP/1.1"),
                line("percent at the end", "GET /bad%2 HTTP/1.1"),
                line("above the root", "GET /../bad HTTP/1.1"),
                line("above the root, later", "GET /a/../../bad HTTP/1.1"),
                line("above the root, encoded", "GET /%2e%2E/bad HTTP/1.1"),
                line("control character in the path", "GET /b\u0001ad HTTP/1.1"),
                line("space in the path", "GET /b ad HTTP/1.1"),
                line("neither a path nor a URI", "GET bad HTTP/1.1"),
                line("asterisk without OPTIONS", "GET * HTTP/1.1"));
    }

    /** If it breaks: an application that decodes once more opens a file that no jail has seen. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void targets(String name, String octets) throws Exception {
        new Stranger(proxy, application).isRefused(octets, 400);
    }

    static Stream<Arguments> versions() {
        return Stream.of(
                line("HTTP/1.2", "GET /bad HTTP/1.2"),
                line("HTTP/9.9", "GET /bad HTTP/9.9"),
                line("HTTP/2.0", "GET /bad HTTP/2.0"),
                line("no version", "GET /bad"),
                line("lower case", "GET /bad http/1.1"),
                line("more behind it", "GET /bad HTTP/1.1x"),
                line("another protocol", "GET /bad HTP/1.1"),
                arguments("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void versions(String name, String octets) throws Exception {
        new Stranger(proxy, application).isRefused(octets, 400, 505);
    }

    /** If it breaks: one stranger with an endless line takes as much memory as he likes. */
    @Test
    void aRequestLineOverTheLimitIsUriTooLong() throws Exception {
        new Stranger(proxy, application).isRefused(head("GET /" + "x".repeat(20_000) + " HTTP/1.1", HOST), 414);
        new Stranger(proxy, application).isRefused("GET /" + "x".repeat(20_000), 414);
    }

    @Test
    void aHeadOverTheLimitIsTooLarge() throws Exception {
        String[] many = IntStream.range(0, 60)
                .mapToObj(i -> "X-" + i + ": " + "x".repeat(300))
                .toArray(String[]::new);
        Stranger stranger = new Stranger(proxy, application);
        stranger.isRefused(head(LINE, HOST, "X-A: " + "x".repeat(20_000)), 431);
        stranger.isRefused(head(LINE, HOST, String.join("\r\n", many)), 431);
        stranger.isRefused(LINE + "\r\n" + HOST + "\r\nX-A: " + "x".repeat(20_000), 431);
    }

    @Test
    void aHundredHeadersAreServedAndOneMoreIsTooMany() throws Exception {
        String[] more = IntStream.range(0, 99).mapToObj(i -> "X-" + i + ": y").toArray(String[]::new);
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            client.send(head("GET /hundred HTTP/1.1", HOST, String.join("\r\n", more)));
            assertThat(client.read().status()).isEqualTo(200);
        }
        new Stranger(proxy, application).isRefused(head(LINE, HOST, String.join("\r\n", more), "X-A: y"), 431);
    }

    /** If it breaks: a stranger tunnels through the proxy to where he likes, or reads back other people's cookies. */
    @ParameterizedTest
    @MethodSource
    void methodsThatAProxyMustNotPassOn(String requestLine) throws Exception {
        long before = application.octetsReceived();
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            RawResponse refusal = client.send(head(requestLine, HOST)).read();
            assertThat(refusal.status()).isEqualTo(405);
            // RFC 9110 section 15.5.6: a 405 says what would have been allowed.
            assertThat(refusal.has("Allow")).as("Allow in %s", refusal).isTrue();
            Stranger.assertIsShortErrorAnswer(refusal);
        }
        assertThat(application.octetsReceived()).isEqualTo(before);
    }

    static Stream<String> methodsThatAProxyMustNotPassOn() {
        return Stream.of("CONNECT a.test:443 HTTP/1.1", "TRACE /bad HTTP/1.1");
    }

    /** RFC 9110 section 10.1.1. If it breaks: the client waits for something that nobody will ever say. */
    @Test
    void anExpectationThatNobodyKnowsFails() throws Exception {
        long before = application.octetsReceived();
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            client.send(head("POST /bad HTTP/1.1", HOST, "Content-Length: 5", "Expect: something-else"));
            assertThat(client.read().status()).isEqualTo(417);
        }
        assertThat(application.octetsReceived()).isEqualTo(before);
    }

    /** Strict is not deaf: what RFC 9112 sections 2.2 and 3.2 ask a server to accept is served. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void unusualButValid(String name, String octets, String seen) throws Exception {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            assertThat(client.send(octets).read().body()).isEqualTo("app " + seen);
        }
    }

    static Stream<Arguments> unusualButValid() {
        return Stream.of(
                arguments("absolute-form", head("GET http://a.test/1?x=1 HTTP/1.1", HOST), "/1?x=1"),
                arguments("absolute-form without a path", head("GET http://a.test HTTP/1.1", HOST), "/"),
                arguments("absolute-form, letters", head("GET HTTP://A.Test/2 HTTP/1.1", HOST), "/2"),
                arguments("Host with a port", head("GET /3 HTTP/1.1", "Host: a.test:8080"), "/3"),
                arguments("Host in capitals", head("GET /4 HTTP/1.1", "HOST: A.TEST"), "/4"),
                arguments("empty line before it", "\r\n" + head("GET /5 HTTP/1.1", HOST), "/5"),
                arguments("no space behind the colon", head("GET /6 HTTP/1.1", "Host:a.test"), "/6"),
                arguments("white space around the value", head("GET /7 HTTP/1.1", "Host: \t a.test \t"), "/7"),
                arguments("obs-text in a value", head("GET /8 HTTP/1.1", HOST, "X-A: \u00e9"), "/8"),
                arguments("dots that stay below the root", head("GET /a/b/../9 HTTP/1.1", HOST), "/a/b/../9"),
                arguments("OPTIONS *", head("OPTIONS * HTTP/1.1", HOST), "*"));
    }
}
