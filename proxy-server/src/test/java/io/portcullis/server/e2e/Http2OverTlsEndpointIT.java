package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portcullis.server.e2e.kit.Http2Application;
import io.portcullis.server.e2e.kit.Http2Visit;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.SelfSigned;
import io.portcullis.server.e2e.kit.Stranger;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints of h2: spoken to where they agree on HTTP/2 and are who they should be, and not at all otherwise. */
final class Http2OverTlsEndpointIT {

    private static Http2Application application;
    private static RecordingApplication old;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, GeneralSecurityException {
        SelfSigned certificate = SelfSigned.in(directory);
        application = Http2Application.start(certificate.http2());
        old = RecordingApplication.start("old", certificate.listen());
        String ca = "ca = \"" + certificate.certificate() + "\"";
        proxy = ProxyUnderTest.in(directory)
                .host("trusting", host("trusting", application.port(), ca))
                .host("untrusting", host("untrusting", application.port(), ""))
                .host("misnamed", host("misnamed", application.port(), ca + ", server-name = \"other.internal\""))
                .host("old", host("old", old.port(), ca))
                .start();
    }

    private static String host(String name, int port, String tls) {
        return "server-names = [\"%s.test\"]%nupstream { endpoints = [\"h2://127.0.0.1:%d\"], tls { %s } }%n"
                .formatted(name, port, tls);
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        application.close();
        old.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    private static RawResponse get(String host, String target) throws IOException {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            return client.get(host, target);
        }
    }

    @Test
    void anEndpointThatAgreesOnHttp2IsServed() throws Exception {
        assertThat(get("trusting.test", "/x").body()).isEqualTo("/x");
        Http2Visit visit = application.visits("/x").get(0);
        assertThat(visit.head().scheme()).hasToString("https");
    }

    /** If it breaks: whoever can place himself between the proxy and the application reads and writes all. */
    @Test
    void anEndpointThatIsNotWhoItShouldBeIsBadGateway() throws Exception {
        for (String host : new String[] {"untrusting.test", "misnamed.test"}) {
            RawResponse answer = get(host, "/untrusted");
            assertThat(answer.status()).isEqualTo(502);
            Stranger.assertIsShortErrorAnswer(answer);
        }
        assertThat(application.visits("/untrusted")).isEmpty();
    }

    @Test
    void anEndpointThatDoesNotAgreeOnHttp2IsBadGatewayAndNamedInTheLog() throws Exception {
        assertThat(get("old.test", "/").status()).isEqualTo(502);
        await().until(() -> proxy.log().stream().anyMatch(line -> line.contains("no agreement on HTTP/2")));
        assertThat(old.count("/")).isZero();
    }
}
