package io.portcullis.server.e2e.kit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client directly against the application: what the tests say of the proxy is worth what the kit can tell. */
final class KitSelfTest {

    private RecordingApplication application;

    @BeforeEach
    void start() throws IOException {
        application = RecordingApplication.start("kit");
    }

    @AfterEach
    void stop() throws IOException {
        application.close();
    }

    private RawClient connect() throws IOException {
        return RawClient.connect("127.0.0.2", application.port());
    }

    @Test
    void answersInOrderOnOneConnectionAndRecordsEachRequest() throws Exception {
        application.on("/denied/", Behaviours.answer(403, "no"));
        try (RawClient client = connect()) {
            client.send("POST /one?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                    + "GET /denied/two HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.read().body()).isEqualTo("kit /one?x=1");
            assertThat(client.read().status()).isEqualTo(403);
        }
        assertThat(application.request("/one").body()).isEqualTo("abc");
        assertThat(application.request("/denied/two").indexOnConnection()).isEqualTo(2);
        assertThat(application.octetsReceived())
                .isEqualTo(application.requests().stream()
                        .mapToLong(RecordedRequest::size)
                        .sum());
    }

    @Test
    void readsChunksAndTrailers() throws Exception {
        application.on(
                "/",
                Behaviours.raw(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 6\r\n\r\n"));
        try (RawClient client = connect()) {
            RawResponse response = client.get("a", "/");
            assertThat(response.body()).isEqualTo("abc");
            assertThat(response.trailers()).containsExactly(new RawField("X-Sum", "6"));
        }
    }

    @Test
    void tellsAWholeAnswerFromACutOne() throws Exception {
        application.on("/short", Behaviours.rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"));
        application.on(
                "/chunk", Behaviours.rawThenClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc"));
        for (String path : new String[] {"/short", "/chunk"}) {
            try (RawClient client = connect()) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
                RawResponse response = client.readWholeOrCut("GET");
                assertThat(response.whole()).isFalse();
                assertThat(response.body()).isEqualTo("abc");
            }
        }
    }

    @Test
    void tellsResetFromEndFromSilence() throws Exception {
        CountDownLatch now = new CountDownLatch(1);
        now.countDown();
        application.on("/reset", Behaviours.rawThenReset("x", now));
        application.on("/end", Behaviours.rawThenClose("x"));
        application.on("/hang", Behaviours.hang());
        assertThat(endingOf("/reset")).isEqualTo(new Ending(Ending.How.RESET, "x"));
        assertThat(endingOf("/end")).isEqualTo(new Ending(Ending.How.EOF, "x"));
        assertThat(endingOf("/hang")).isEqualTo(new Ending(Ending.How.STILL_OPEN, ""));
    }

    private Ending endingOf(String path) throws IOException {
        try (RawClient client = connect()) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").ending(Duration.ofMillis(500));
        }
    }

    @Test
    void refusesSloppyLineEnds() throws Exception {
        application.on("/", Behaviours.raw("HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n"));
        try (RawClient client = connect()) {
            assertThatThrownBy(() -> client.get("a", "/")).isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void anApplicationThatIsClosedRefuses() throws Exception {
        application.close();
        // Not at once: a process that another test just starts may hold a copy of the socket until it is itself.
        await().untilAsserted(() -> assertThatThrownBy(() -> connect().close()).isInstanceOf(ConnectException.class));
    }

    @Test
    void echoesWebSocketMessages() throws Exception {
        application.on("/echo", WebSocketPeer.echo());
        try (RawClient client = connect()) {
            RawResponse answer =
                    client.send(WebSocketPeer.handshake("a", "/echo")).read();
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.value("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            WebSocketPeer peer = WebSocketPeer.client(client);
            peer.send(WebSocketPeer.TEXT, "x".repeat(1000));
            assertThat(peer.read().payload()).isEqualTo("x".repeat(1000));
        }
    }

    @Test
    void tellsAWrongOctetInAnEndlessPattern() throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        EndlessPattern.write(written, 200_000, new AtomicLong());
        byte[] octets = written.toByteArray();
        EndlessPattern.verify(new ByteArrayInputStream(octets), 0, octets.length);
        octets[150_000] ^= 1;
        assertThatThrownBy(() -> EndlessPattern.verify(new ByteArrayInputStream(octets), 0, octets.length))
                .hasMessage("wrong octet at 150000");
    }

    @Test
    void speaksTlsWithACertificateThatVerifies(@TempDir Path directory) throws Exception {
        SelfSigned certificate = SelfSigned.in(directory);
        try (RecordingApplication secure = RecordingApplication.start("secure", certificate.listen());
                InputStream pem = Files.newInputStream(certificate.certificate())) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", secure.port())) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.getOutputStream()
                        .write(Wire.head("GET /tls HTTP/1.1", "Host: a").getBytes(ISO_8859_1));
                assertThat(new MessageReader(socket.getInputStream()).readHead())
                        .isNotNull();
            }
        }
    }

    @Test
    void anAuthorityIssuesWhatItsClientsTrustForTheNamesThatItSays() throws Exception {
        CertificateAuthority authority = CertificateAuthority.create();
        List<KeyAndCertificate> issued = List.of(
                authority.issue("a.test", "*.b.test", "127.0.0.1"),
                authority
                        .intermediate()
                        .issue(CertificateOrder.of("a.test", "x.b.test", "127.0.0.1")
                                .rsa()));
        for (KeyAndCertificate certificate : issued) {
            try (RecordingApplication secure = RecordingApplication.start("secure", certificate.listen())) {
                for (String name : new String[] {"a.test", "x.b.test", "127.0.0.1"}) {
                    try (RawClient client = RawClient.connectTls("127.0.0.2", secure.port(), authority, name)) {
                        assertThat(client.get(name, "/").body()).isEqualTo("secure /");
                    }
                }
                assertThatThrownBy(() -> RawClient.connectTls("127.0.0.2", secure.port(), authority, "c.test"))
                        .hasMessageContaining("c.test");
                assertThatThrownBy(() -> RawClient.connectTls(
                                "127.0.0.2", secure.port(), CertificateAuthority.create(), "a.test"))
                        .isInstanceOf(SSLHandshakeException.class);
            }
        }
        assertThat(issued).extracting(each -> each.chain().size()).containsExactly(1, 2);
    }

    @Test
    void opensslReadsWhatAnAuthorityWrites(@TempDir Path directory) throws Exception {
        CertificateAuthority authority = CertificateAuthority.create();
        Path root = authority.writeRoot(directory);
        authority.intermediate().issue("a.test").writeTo(directory, "a");
        String openssl = Tools.find("openssl").toString();
        String certificate = directory.resolve("a.crt").toString();
        ToolRun verified = ToolRun.of(
                Duration.ofSeconds(20),
                List.of(openssl, "verify", "-CAfile", root.toString(), "-untrusted", certificate, certificate));
        assertThat(verified.exitCode()).as(verified.output()).isZero();
        String key = directory.resolve("a.key").toString();
        assertThat(ToolRun.of(Duration.ofSeconds(20), List.of(openssl, "pkey", "-in", key, "-noout", "-check"))
                        .output())
                .contains("Key is valid");
    }

    @Test
    void apacheDeniesWhatDebianDenies() throws Exception {
        try (ApacheApplication apache = ApacheApplication.start()) {
            int port = Integer.parseInt(apache.url().substring(apache.url().lastIndexOf(':') + 1));
            for (String target : new String[] {"/.htaccess", "/denied/secret.txt"}) {
                try (RawClient client = RawClient.connect("127.0.0.2", port)) {
                    assertThat(client.get("apache.test", target).status()).isEqualTo(403);
                }
            }
        }
    }
}
