package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.Stranger;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What answers for a name that no virtual host claims, where the operator chose something else than silence. */
final class DefaultHostIT {

    @Test
    void rejectIsMisdirectedRequest(@TempDir Path directory) throws IOException {
        try (RecordingApplication application = RecordingApplication.start("app");
                ProxyUnderTest proxy = ProxyUnderTest.in(directory)
                        .main("default-host = \"reject\"")
                        .host("a", "a.test", application, "")
                        .start();
                RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            RawResponse answer = client.get("nobody.test", "/");
            assertThat(answer.status()).isEqualTo(421);
            Stranger.assertIsShortErrorAnswer(answer);
            assertThat(application.requests()).isEmpty();
        }
    }

    @Test
    void aVirtualHostStandsIn(@TempDir Path directory) throws IOException {
        try (RecordingApplication application = RecordingApplication.start("app");
                ProxyUnderTest proxy = ProxyUnderTest.in(directory)
                        .main("default-host = \"a\"")
                        .host("a", "a.test", application, "")
                        .start();
                RawClient client = RawClient.connect(Loopback.newClient(), proxy.port());
                RawClient old = RawClient.connect(Loopback.newClient(), proxy.port())) {
            assertThat(client.get("nobody.test", "/x").body()).isEqualTo("app /x");
            // HTTP/1.0 needs no Host: the oldest health checks come this way.
            assertThat(old.send(head("GET /y HTTP/1.0")).read().body()).isEqualTo("app /y");
        }
    }
}
