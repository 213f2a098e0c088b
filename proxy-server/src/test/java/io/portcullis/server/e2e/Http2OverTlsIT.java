package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.CertificateAuthority;
import io.portcullis.server.e2e.kit.Http2Client;
import io.portcullis.server.e2e.kit.Http2Client.Frame;
import io.portcullis.server.e2e.kit.Jails;
import io.portcullis.server.e2e.kit.KeyAndCertificate;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several virtual hosts on one HTTP/2 connection, as browsers put them there: each stream is judged by its own host. */
final class Http2OverTlsIT {

    private static CertificateAuthority authority;
    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    private final String client = Loopback.newClient();

    /** The hosts a and b share a certificate, c has one for itself and for a, and d one of its own. */
    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, GeneralSecurityException {
        authority = CertificateAuthority.create();
        application = RecordingApplication.start("app")
                .on("/403", Behaviours.answer(403, "no"))
                .on("/hang", Behaviours.hang());
        proxy = ProxyUnderTest.in(directory)
                .main("jails { unknown { on = [unknown-host, protocol-error], max-retry = 1, find-time = 1m,"
                        + " ban-time = 1h } }")
                .https()
                .certificate("both", authority.issue("a.test", "b.test"))
                .certificate("third", authority.issue("c.test", "a.test"))
                .certificate("own", authority.issue("d.test"))
                .host("a", host("a.test", "both"))
                .host("b", host("b.test", "both"))
                .host("c", host("c.test", "third"))
                .host("d", host("d.test", "own"))
                .start();
    }

    private static String host(String name, String certificate) {
        return "server-names = [\"" + name + "\"]\nupstream = \"" + application.url() + "\"\n"
                + KeyAndCertificate.settings(certificate) + "jails { " + Jails.FORBIDDEN + " }\n";
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

    private Http2Client connect(String serverName) throws IOException, GeneralSecurityException {
        return Http2Client.connectTls(client, proxy.port("https"), authority, serverName);
    }

    private static int status(Http2Client http2, String host, String path) throws IOException {
        int stream = http2.get(host, path);
        http2.send();
        return http2.status(stream);
    }

    /** If it breaks: a browser opens a connection for each host of a site, or gets 421 from half of them. */
    @Test
    void hostsOfOneCertificateShareAConnection() throws Exception {
        try (Http2Client http2 = connect("a.test")) {
            assertThat(status(http2, "a.test", "/shared-a")).isEqualTo(200);
            assertThat(status(http2, "b.test", "/shared-b")).isEqualTo(200);
        }
        assertThat(application.request("/shared-b").value("Host")).isEqualTo("b.test");
        assertThat(application.request("/shared-b").value("X-Forwarded-Proto")).isEqualTo("https");
    }

    /** If it breaks: who is sent to a host by one certificate reaches another that it does not vouch for. */
    @Test
    void aHostThatTheCertificateIsNotForIsMisdirectedAndNobodysOffence() throws Exception {
        try (Http2Client http2 = connect("a.test")) {
            int stream = http2.get("d.test", "/misdirected");
            http2.send();
            assertThat(http2.readEnds(stream).values()).allMatch(Frame::endsStream);
            assertThat(status(http2, "a.test", "/after")).isEqualTo(200);
        }
        try (Http2Client http2 = connect("c.test")) {
            assertThat(status(http2, "a.test", "/covered"))
                    .as("its name is in the certificate")
                    .isEqualTo(200);
        }
        assertThat(application.count("/misdirected")).isZero();
        Awaitility.await()
                .until(() -> proxy.accessLog().stream()
                        .anyMatch(line -> line.contains("/misdirected") && line.contains("\" 421 ")));
    }

    /** If it breaks: one site's ban takes a client off the other sites that share its connection. */
    @Test
    void aBanOnOneHostEndsItsStreamsOnly() throws Exception {
        try (Http2Client http2 = connect("b.test")) {
            int hangs = http2.get("a.test", "/hang");
            for (int i = 0; i < Jails.MAX_RETRY - 1; i++) {
                http2.readEnds(denied(http2));
            }
            int last = denied(http2);
            Map<Integer, Frame> ends = http2.readEnds(last, hangs);
            assertThat(ends.get(last)).matches(Frame::endsStream, "the answer that brought the ban is told");
            assertThat(ends.get(hangs)).matches(frame -> frame.type() == Http2Client.RST_STREAM);
            assertThat(status(http2, "b.test", "/other")).isEqualTo(200);
        }
        try {
            connect("a.test").close();
            throw new AssertionError("a banned client was let through the handshake");
        } catch (EOFException | SocketException reset) {
            // before a certificate
        }
    }

    private static int denied(Http2Client http2) {
        int stream = http2.get("a.test", "/403");
        http2.send();
        return stream;
    }

    /** If it breaks: whom every host has banned keeps a connection, and with it a socket of ours. */
    @Test
    void whoIsBannedByAllHostsLosesTheConnectionOnceTheLastAnswerIsTold() throws Exception {
        try (Http2Client http2 = connect("a.test")) {
            assertThat(status(http2, "a.test", "/before")).isEqualTo(200);
            int reading = http2.get("unknown.test", "/scan");
            http2.send();
            assertThat(http2.readToEnd())
                    .as("the answer that brought the ban")
                    .anyMatch(frame -> frame.stream() == reading && frame.endsStream());
        }
        Awaitility.await().until(() -> proxy.log().stream().anyMatch(line -> line.contains("banned " + client)));
    }
}
