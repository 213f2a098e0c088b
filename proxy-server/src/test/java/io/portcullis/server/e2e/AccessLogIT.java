package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The access log: one line an exchange, in the forms that people's tools read. */
final class AccessLogIT {

    private Path directory;

    private final String client = Loopback.newClient();
    private RecordingApplication application;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        this.directory = directory;
        application = RecordingApplication.start("app").on("/denied", Behaviours.answer(403, "denied"));
    }

    @AfterEach
    void stop() throws IOException {
        application.close();
    }

    private ProxyUnderTest proxy(String format) throws IOException {
        RecordingApplication gone = RecordingApplication.start("gone");
        gone.close();
        return ProxyUnderTest.in(directory)
                .main("log { format = " + format + " }")
                .host("a", "a.test", application, "")
                .host("gone", "gone.test", gone, "")
                .start();
    }

    private static void exchange(RawClient client, String requestLine, String host, String... fields)
            throws IOException {
        String more = fields.length == 0 ? "X-Nothing: else" : String.join("\r\n", fields);
        client.send(head(requestLine, "Host: " + host, more)).read();
    }

    private List<String> linesOf(ProxyUnderTest proxy, int count) {
        Awaitility.await("the access log").until(() -> lines(proxy).size() >= count);
        return lines(proxy);
    }

    private List<String> lines(ProxyUnderTest proxy) {
        return proxy.accessLog().stream().filter(line -> line.contains(client)).toList();
    }

    /**
     * nginx's {@code combined}, with its escapes: without them a stranger writes lines of his own, and everything that
     * reads the log believes them.
     */
    @Test
    void combinedIsAsNginxWritesIt() throws Exception {
        try (ProxyUnderTest proxy = proxy("combined");
                RawClient connection = RawClient.connect(client, proxy.port())) {
            exchange(
                    connection,
                    "GET /page?x=1 HTTP/1.1",
                    "a.test",
                    "Referer: http://r.test/",
                    "User-Agent: Mozilla/5.0 \"x\" \\");
            exchange(connection, "GET /denied HTTP/1.1", "a.test");
            exchange(connection, "GET /gone HTTP/1.1", "gone.test");
            List<String> lines = linesOf(proxy, 3);
            String date = "\\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}\\]";
            String begin = client.replace(".", "\\.") + " - - " + date + " ";
            assertThat(lines).hasSize(3);
            assertThat(lines.get(0))
                    .matches(begin + "\"GET /page\\?x=1 HTTP/1\\.1\" 200 13 \"http://r\\.test/\" "
                            + "\"Mozilla/5\\.0 \\\\x22x\\\\x22 \\\\x5C\"");
            assertThat(lines.get(1)).matches(begin + "\"GET /denied HTTP/1\\.1\" 403 6 \"-\" \"-\"");
            assertThat(lines.get(2)).matches(begin + "\"GET /gone HTTP/1\\.1\" 502 \\d+ \"-\" \"-\"");
        }
    }

    @Test
    void eachLineOfJsonIsADocument() throws Exception {
        try (ProxyUnderTest proxy = proxy("json");
                RawClient connection = RawClient.connect(client, proxy.port())) {
            exchange(connection, "GET /page?x=1 HTTP/1.1", "a.test", "User-Agent: \"quoted\" \\ \u00e9");
            exchange(connection, "GET /denied HTTP/1.1", "a.test");
            for (String line : linesOf(proxy, 2)) {
                Config json = ConfigFactory.parseString(
                        line, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
                assertThat(json.root().unwrapped().values()).as(line).contains(client);
                assertThat(json.getInt("status")).isIn(200, 403);
            }
            assertThat(lines(proxy)).hasSize(2);
        }
    }

    /** If it breaks: who stops the proxy loses the lines of the last second, which are those he wants to see. */
    @Test
    void theLastLinesAreWrittenBeforeTheProcessEnds() throws Exception {
        try (ProxyUnderTest proxy = proxy("combined")) {
            try (RawClient connection = RawClient.connect(client, proxy.port())) {
                for (int i = 0; i < 100; i++) {
                    exchange(connection, "GET /line/" + i + " HTTP/1.1", "a.test");
                }
            }
            proxy.terminate();
            assertThat(proxy.awaitExit(Duration.ofSeconds(10))).isZero();
            assertThat(lines(proxy)).hasSize(100);
        }
    }
}
