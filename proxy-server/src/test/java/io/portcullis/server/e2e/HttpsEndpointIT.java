package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

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

/** Endpoints of https: spoken to, and believed only where their certificate says who they are. */
final class HttpsEndpointIT {

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, GeneralSecurityException {
        SelfSigned certificate = SelfSigned.in(directory);
        application = RecordingApplication.start("app", certificate.listen());
        String ca = "ca = \"" + certificate.certificate() + "\"";
        proxy = ProxyUnderTest.in(directory)
                .host("blind", host("blind", "verify = false"))
                .host("default", host("default", ""))
                .host("trusting", host("trusting", "verify = true, " + ca))
                .host("named", host("named", ca + ", server-name = \"app.internal\""))
                .host("misnamed", host("misnamed", ca + ", server-name = \"other.internal\""))
                .start();
    }

    private static String host(String name, String tls) {
        return host(name, application.port(), tls);
    }

    private static String host(String name, int port, String tls) {
        return "server-names = [\"%s.test\"]%nupstream { endpoints = [\"https://127.0.0.1:%d\"], tls { %s } }%n"
                .formatted(name, port, tls);
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

    private static RawResponse get(String host, String target) throws IOException {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            return client.get(host, target);
        }
    }

    @Test
    void anEndpointIsServedWhereItsCertificateIsTrustedOrNotAskedFor() throws Exception {
        for (String host : new String[] {"blind.test", "trusting.test", "named.test"}) {
            assertThat(get(host, "/" + host).body()).isEqualTo("app /" + host);
        }
    }

    @Test
    void bodiesGoBothWaysOnOneConnection() throws Exception {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            for (int i = 0; i < 3; i++) {
                client.send(head("POST /body HTTP/1.1", "Host: trusting.test", "Content-Length: 100000")
                        + "x".repeat(100_000));
                assertThat(client.read().status()).isEqualTo(200);
            }
        }
        assertThat(application.requests("/body"))
                .hasSize(3)
                .allMatch(request -> request.body().equals("x".repeat(100_000)));
    }

    /** If it breaks: an application with a certificate of a public authority is out of reach, or any is believed. */
    @Test
    void withoutAnAuthorityOfItsOwnTheSystemsAreTrusted(@TempDir Path directory) throws Exception {
        SelfSigned certificate = SelfSigned.in(directory);
        try (RecordingApplication own = RecordingApplication.start("own", certificate.listen());
                ProxyUnderTest trusting = ProxyUnderTest.in(directory)
                        .host("default", host("default", own.port(), ""))
                        .host("misnamed", host("misnamed", own.port(), "server-name = \"other.internal\""))
                        .jvm(certificate.trustingJvm())
                        .start();
                RawClient client = RawClient.connect(Loopback.newClient(), trusting.port())) {
            assertThat(client.get("default.test", "/x").body()).isEqualTo("own /x");
            assertThat(client.get("misnamed.test", "/x").status()).isEqualTo(502);
        }
    }

    /** If it breaks: whoever can place himself between the proxy and the application reads and writes all. */
    @Test
    void anEndpointWhoseCertificateIsNotTrustedOrNotItsOwnIsBadGateway() throws Exception {
        for (String host : new String[] {"default.test", "misnamed.test"}) {
            RawResponse answer = get(host, "/untrusted");
            assertThat(answer.status()).isEqualTo(502);
            Stranger.assertIsShortErrorAnswer(answer);
        }
        assertThat(application.count("/untrusted")).isZero();
    }
}
