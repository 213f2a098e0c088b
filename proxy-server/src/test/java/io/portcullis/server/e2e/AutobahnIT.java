package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.AutobahnSuite;
import io.portcullis.server.e2e.kit.AutobahnSuite.Cases;
import io.portcullis.server.e2e.kit.AutobahnSuite.Result;
import io.portcullis.server.e2e.kit.CertificateAuthority;
import io.portcullis.server.e2e.kit.KeyAndCertificate;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.TlsTunnel;
import io.portcullis.server.e2e.kit.WebSocketEcho;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Autobahn's WebSocket cases give the same through the proxy as without it: a tunnel neither mends nor spoils what passes,
 * also where it is malformed.
 */
final class AutobahnIT {

    /** Messages of up to 16 MiB, and thousands of small ones: minutes. */
    private static final String PERFORMANCE = "9.*";

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;
    private static TlsTunnel tls;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, GeneralSecurityException {
        application = RecordingApplication.start("echo").on("/echo", WebSocketEcho.application());
        CertificateAuthority authority = CertificateAuthority.create();
        proxy = ProxyUnderTest.in(directory)
                .https()
                .certificate("a", authority.issue("a.test"))
                // The suite names its server by address.
                .host(
                        "a",
                        "server-names = [\"a.test\", \"127.0.0.1\"]\nupstream = \"" + application.url() + "\"\n"
                                + KeyAndCertificate.settings("a"))
                .start();
        tls = TlsTunnel.to(proxy.port("https"), authority, "a.test");
    }

    @AfterAll
    static void stop() throws IOException {
        tls.close();
        proxy.close();
        application.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    /** If it breaks: an application's WebSockets work until it is put behind the proxy. */
    @Test
    void eachCaseEndsAsWithoutTheProxy(@TempDir Path directory) throws Exception {
        assertSameResults(directory, new Cases(List.of("*"), List.of(PERFORMANCE)), 247, Duration.ofMinutes(4));
    }

    /** If it breaks: as above, for large messages and for many small ones. */
    @Test
    @Tag("long")
    void eachLargeOrLastingCaseEndsAsWithoutTheProxy(@TempDir Path directory) throws Exception {
        assertSameResults(directory, new Cases(List.of(PERFORMANCE), List.of()), 54, Duration.ofMinutes(25));
    }

    private static void assertSameResults(Path directory, Cases cases, int expected, Duration limit)
            throws IOException {
        Map<String, Integer> servers = Map.of("direct", application.port(), "http", proxy.port(), "https", tls.port());
        Map<String, Map<String, Result>> results = AutobahnSuite.run(directory, servers, cases, limit);
        Map<String, Result> direct = results.getOrDefault("direct", Map.of());
        assertThat(direct).as("what the suite says of the application itself").hasSize(expected);
        assertThat(direct.entrySet())
                .allMatch(each -> List.of("OK", "NON-STRICT", "INFORMATIONAL")
                        .contains(each.getValue().behaviour()));
        for (String through : List.of("http", "https")) {
            assertThat(results.getOrDefault(through, Map.of()))
                    .as("over %s", through)
                    .isEqualTo(direct);
        }
    }
}
