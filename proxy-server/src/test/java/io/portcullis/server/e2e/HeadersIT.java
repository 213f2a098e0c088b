package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawField;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordedRequest;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which header lines pass the proxy, and which belong to one connection only (RFC 9110 section 7.6.1). */
final class HeadersIT {

    private static final String HOST = "Host: a.test";

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    private final String client = Loopback.newClient();

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

    /** The request as the application saw it. */
    private RecordedRequest seen(String target, String... fields) throws IOException {
        ask(target, fields);
        return application.request(target);
    }

    private RawResponse ask(String target, String... fields) throws IOException {
        try (RawClient connection = RawClient.connect(client, proxy.port())) {
            String more = fields.length == 0 ? "X-Nothing: else" : String.join("\r\n", fields);
            return connection
                    .send(head("GET " + target + " HTTP/1.1", HOST, more))
                    .read();
        }
    }

    /** If it breaks: applications lose cookies, languages, ranges, or see them changed. */
    @Test
    void ordinaryHeadersPassAsTheyAre() throws Exception {
        RecordedRequest request = seen(
                "/ordinary",
                "Cookie: a=1; b=2",
                "Cookie: c=3",
                "Accept-Encoding: gzip, br",
                "Authorization: Basic dXNlcjpwYXNz",
                "If-None-Match: \"1\"",
                "X-Empty:",
                "X-Latin: \u00e9");
        assertThat(request.value("Host")).isEqualTo("a.test");
        assertThat(String.join("; ", request.values("Cookie"))).isEqualTo("a=1; b=2; c=3");
        assertThat(request.value("Accept-Encoding")).isEqualTo("gzip, br");
        assertThat(request.value("Authorization")).isEqualTo("Basic dXNlcjpwYXNz");
        assertThat(request.value("If-None-Match")).isEqualTo("\"1\"");
        assertThat(request.value("X-Empty")).isEmpty();
        assertThat(request.value("X-Latin")).isEqualTo("\u00e9");
        assertThat(request.has("Content-Length")).isFalse();
        assertThat(request.has("Transfer-Encoding")).isFalse();
    }

    /** If it breaks: the application acts on what was meant for the proxy, or closes the pooled connection. */
    @Test
    void hopByHopHeadersOfTheClientStopHere() throws Exception {
        RecordedRequest request = seen(
                "/hop",
                "Connection: keep-alive, X-Mine",
                "X-Mine: only for this hop",
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "Proxy-Authorization: Basic dXNlcjpwYXNz",
                "TE: gzip",
                "Upgrade: something/1");
        for (String name : List.of(
                "X-Mine", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate", "Upgrade")) {
            assertThat(request.values(name)).as(name).isEmpty();
        }
        assertThat(request.values("TE")).doesNotContain("gzip");
        assertThat(request.values("Connection")).noneMatch(value -> value.contains("X-Mine"));
    }

    @Test
    void hopByHopHeadersOfTheApplicationStopHere() throws Exception {
        application.on(
                "/hop-back",
                Behaviours.raw(head(
                        "HTTP/1.1 200 OK",
                        "Content-Length: 0",
                        "Connection: keep-alive, X-Mine",
                        "X-Mine: only for this hop",
                        "Keep-Alive: timeout=5",
                        "Proxy-Authenticate: Basic",
                        "Set-Cookie: a=1",
                        "Set-Cookie: b=2",
                        "Server: app/1",
                        "Upgrade: h2c")));
        RawResponse answer = ask("/hop-back");
        for (String name : List.of("X-Mine", "Keep-Alive", "Proxy-Authenticate", "Upgrade")) {
            assertThat(answer.values(name)).as(name).isEmpty();
        }
        assertThat(answer.values("Set-Cookie")).containsExactly("a=1", "b=2");
        assertThat(answer.value("Server")).isEqualTo("app/1");
    }

    /** If it breaks: a client names our headers as its own hop's, and the application no longer knows who he is. */
    @Test
    void connectionCanNotNameWhatTheProxyAdds() throws Exception {
        RecordedRequest request = seen(
                "/named",
                "Connection: X-Forwarded-For, X-Real-IP, X-Forwarded-Proto, X-Request-Id, close",
                "X-Forwarded-For: 203.0.113.1");
        assertThat(request.value("X-Forwarded-For")).isEqualTo(client);
        assertThat(request.value("X-Real-IP")).isEqualTo(client);
        assertThat(request.value("X-Forwarded-Proto")).isEqualTo("http");
        assertThat(request.value("X-Request-Id")).isNotBlank();
        assertThat(request.value("Host")).isEqualTo("a.test");
    }

    /** If it breaks: the application sees a body where the proxy saw none, and reads it as the next request. */
    @Test
    void connectionCanNotNameTheFraming() throws Exception {
        for (String framing : new String[] {"Content-Length: 5", "Transfer-Encoding: chunked"}) {
            String path = "/framing/" + framing.charAt(0);
            String body = framing.startsWith("C") ? "hello" : "5\r\nhello\r\n0\r\n\r\n";
            try (RawClient connection = RawClient.connect(client, proxy.port())) {
                connection.send(head(
                                "POST " + path + " HTTP/1.1",
                                HOST,
                                framing,
                                "Connection: Content-Length, Transfer-Encoding")
                        + body);
                int status = connection.read().status();
                assertThat(status).isIn(200, 400);
            }
            assertThat(application.requests(path))
                    .allSatisfy(request -> assertThat(request.body()).isEqualTo("hello"));
        }
    }

    /** X_Real_IP and X-Real-IP are one variable to CGI. If it breaks: a forged one overrides the proxy's. */
    @Test
    void headersWithAnUnderscoreAreDropped() throws Exception {
        RecordedRequest request = seen("/underscore", "X_Forwarded_For: 203.0.113.1", "X_Real_IP: 203.0.113.1");
        assertThat(request.head().fields()).extracting(RawField::name).noneMatch(name -> name.contains("_"));
    }

    /** If it breaks: an application that upgrades is spoken to past the proxy, and so past every jail. */
    @Test
    void anUpgradeToPlainHttp2IsNotPassedOn() throws Exception {
        RecordedRequest request =
                seen("/h2c", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__");
        assertThat(request.values("Upgrade")).isEmpty();
        assertThat(request.values("HTTP2-Settings")).isEmpty();
        assertThat(request.values("Connection"))
                .noneMatch(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"));
    }

    /** If it breaks: an address in an application's link carries a port or a path that nobody asked for. */
    @Test
    void theTargetPassesAsTheClientWroteIt() throws Exception {
        for (String target : List.of("/a%20b", "/%C3%A9?q=%26&r=a+b", "/x//y", "/semi;v=1", "/~user/'()*!$&,=:@")) {
            assertThat(ask(target).body()).isEqualTo("app " + target);
        }
    }
}
