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
import java.util.Set;
import java.util.TreeSet;
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
@Tag("long")
final class AutobahnIT {

    /** Messages of up to 16 MiB, and thousands of small ones: minutes. */
    private static final String PERFORMANCE = "9.*";

    private static final Set<String> WELL = Set.of("OK", "NON-STRICT", "INFORMATIONAL");
    private static final int REPEATS = 3;

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
        assertSameResults(directory, new Cases(List.of("*"), List.of(PERFORMANCE)), 247, Duration.ofMinutes(5));
    }

    /** If it breaks: as above, for large messages and for many small ones. */
    @Test
    void eachLargeOrLastingCaseEndsAsWithoutTheProxy(@TempDir Path directory) throws Exception {
        assertSameResults(directory, new Cases(List.of(PERFORMANCE), List.of()), 54, Duration.ofMinutes(25));
    }

    /**
     * What differs is played again, by itself: the suite's client gives a server one second to close and some cases a
     * verdict by how soon it did (6.4: fail fast), so that a busy machine makes differences which a tunnel would make
     * each time.
     */
    private static void assertSameResults(Path directory, Cases cases, int expected, Duration limit)
            throws IOException {
        Map<String, Map<String, Result>> results = play(directory, cases, limit);
        assertThat(results.get("direct"))
                .as("what the suite says of the application itself")
                .hasSize(expected);
        for (int again = 0; again < REPEATS && !differing(results).isEmpty(); again++) {
            Cases few = new Cases(List.copyOf(differing(results)), List.of());
            play(directory, few, limit)
                    .forEach((server, played) ->
                            results.getOrDefault(server, Map.of()).putAll(played));
        }
        assertThat(differing(results)).as("of %s", results).isEmpty();
    }

    private static Map<String, Map<String, Result>> play(Path directory, Cases cases, Duration limit)
            throws IOException {
        Map<String, Integer> servers = Map.of("direct", application.port(), "http", proxy.port(), "https", tls.port());
        Map<String, Map<String, Result>> results = AutobahnSuite.run(directory, servers, cases, limit);
        assertThat(results).containsOnlyKeys(servers.keySet());
        return results;
    }

    /** The cases that do not end well without the proxy, or that end otherwise with it. */
    private static Set<String> differing(Map<String, Map<String, Result>> results) {
        Set<String> differing = new TreeSet<>();
        results.getOrDefault("direct", Map.of()).forEach((id, direct) -> {
            boolean well = WELL.contains(direct.behaviour());
            if (!well || results.values().stream().anyMatch(other -> !direct.equals(other.get(id)))) {
                differing.add(id);
            }
        });
        return differing;
    }
}
