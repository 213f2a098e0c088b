package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.ApacheApplication;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Jails;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The seed case with the real thing: an Apache httpd that denies, and the client who keeps asking. */
final class ApacheIT {

    private static ApacheApplication apache;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        apache = ApacheApplication.start();
        proxy = ProxyUnderTest.in(directory)
                .host(
                        "a",
                        "server-names = [\"a.test\"]\nupstream = \"" + apache.url() + "\"\njails { " + Jails.FORBIDDEN
                                + " }\n")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (proxy != null) {
            proxy.close();
        }
        if (apache != null) {
            apache.close();
        }
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    /** If it breaks: the one thing that Portcullis is for does not work in front of the server people have. */
    @Test
    void fiveForbiddenAnswersOfApacheBan() throws Exception {
        String attacker = Loopback.newClient();
        String tried = "?by=" + attacker;
        List<String> targets = List.of(
                "/.htaccess" + tried,
                "/denied/secret.txt" + tried,
                "/denied/" + tried,
                "/.htaccess" + tried,
                "/.htpasswd" + tried);
        for (String target : targets) {
            assertThat(status(attacker, target)).as(target).isEqualTo(403);
        }
        try (RawClient client = RawClient.connect(attacker, proxy.port())) {
            assertThat(client.send("GET /" + tried + " HTTP/1.1\r\nHost: a.test\r\n\r\n")
                            .ending())
                    .isEqualTo(Ending.SILENT_RESET);
        }
        assertThat(status(Loopback.newClient(), "/")).isEqualTo(200);
        Awaitility.await("Apache's log")
                .untilAsserted(() -> assertThat(apache.requestLines())
                        .filteredOn(line -> line.contains(tried))
                        .hasSize(Jails.MAX_RETRY));
    }

    /** If it breaks: a visitor who reads pages, and once runs into a denied one, is treated as an attacker. */
    @Test
    void ordinaryPagesAreServedAndOneDenialBansNobody() throws Exception {
        String visitor = Loopback.newClient();
        try (RawClient client = RawClient.connect(visitor, proxy.port())) {
            for (int i = 0; i < 2 * Jails.MAX_RETRY; i++) {
                assertThat(client.get("a.test", "/").body()).isEqualTo("It works!\n");
            }
            assertThat(client.get("a.test", "/denied/").status()).isEqualTo(403);
            assertThat(client.get("a.test", "/").status()).isEqualTo(200);
        }
    }

    private static int status(String from, String target) throws IOException {
        try (RawClient client = RawClient.connect(from, proxy.port())) {
            return client.get("a.test", target).status();
        }
    }
}
