package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A probe for a secret is known whatever it is written like, by the first try. */
final class PathJailIT {

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    private final String client = Loopback.newClient();

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app");
        proxy = ProxyUnderTest.in(directory)
                .host(
                        "a",
                        "a.test",
                        application,
                        "secrets { paths = [\"/.env\", \"*/.htaccess\", \"/etc/passwd\"], max-retry = 1, ban-time = 1d }")
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

    /** If it breaks: one encoded letter is enough to look for secrets for hours. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.env",
                "/.env?x=1",
                "/.ENV",
                "/%2e%65nv",
                "/.%65nv",
                "/a/../.env",
                "/a/%2e%2e/.env",
                "/a%2f..%2f.env",
                "//.env",
                "///.env",
                "/./.env",
                "/%2f.env",
                "http://a.test/.env",
                "/.htaccess",
                "/a/b/.htaccess",
                "/a/b/%2ehtaccess",
                "/etc/passwd"
            })
    void aProbeBansByTheFirstTry(String target) throws Exception {
        assertThat(statusOf(target)).isEqualTo(200);
        try (RawClient again = RawClient.connect(client, proxy.port())) {
            assertThat(again.send(head("GET / HTTP/1.1", "Host: a.test")).ending())
                    .isEqualTo(Ending.SILENT_RESET);
        }
    }

    /** If it breaks: visitors of pages whose names look a little like a secret's are locked out for a day. */
    @ParameterizedTest
    @ValueSource(
            strings = {"/.environment", "/docs/.env", "/env", "/page?file=/.env", "/a.htaccess.html", "/etc/passwd/x"})
    void whatOnlyLooksLikeAProbeBansNobody(String target) throws Exception {
        assertThat(statusOf(target)).isEqualTo(200);
        assertThat(statusOf("/")).isEqualTo(200);
    }

    private int statusOf(String target) throws IOException {
        try (RawClient connection = RawClient.connect(client, proxy.port())) {
            return connection.get("a.test", target).status();
        }
    }
}
