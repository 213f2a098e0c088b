package io.portcullis.server.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.CertificateAuthority;
import io.portcullis.server.e2e.kit.CertificateOrder;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.KeyAndCertificate;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordedRequest;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.ToolRun;
import io.portcullis.server.e2e.kit.Tools;
import io.portcullis.server.e2e.kit.WebSocketPeer;
import io.portcullis.server.tls.TlsLibrary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS towards clients over real sockets, with either library: clients must not be able to tell which one it is. */
@ParameterizedClass
@EnumSource(TlsLibrary.class)
final class TlsIT {

    private static final String PROXY = "127.0.0.88";

    @TempDir
    static Path directory;

    private static CertificateAuthority authority;
    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @Parameter
    TlsLibrary library;

    private final String client = Loopback.newClient();

    @BeforeParameterizedClassInvocation
    static void start(TlsLibrary library) throws Exception {
        authority = CertificateAuthority.create();
        String own = "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1\r\nContent-Length: 0\r\n\r\n";
        application = RecordingApplication.start("app")
                .on("/echo", WebSocketPeer.echo())
                .on("/hang", Behaviours.hang())
                .on("/huge", Behaviours.answer(200, "x".repeat(40_000_000)))
                .on("/big", Behaviours.answer(200, "x".repeat(6_000_000)))
                .on("/own", Behaviours.raw(own));
        proxy = ProxyUnderTest.in(
                        Files.createDirectories(directory.resolve(library.name().toLowerCase(Locale.ROOT))))
                .main("log { format = json }, timeouts { head = 3s, idle = 3s }, trusted-proxies = [\"" + PROXY + "\"]")
                .listener("https", KeyAndCertificate.settings("default").strip())
                .listener("strict", "tls = true")
                .certificate("default", authority.issue("default.test", "c.test", "127.0.0.1"))
                .certificate("a", authority.intermediate().issue("a.test"))
                .certificate(
                        "wild",
                        authority.issue(CertificateOrder.of("*.wild.test").rsa()))
                .host(
                        "a",
                        host("\"a.test\"", "http, https, strict")
                                + KeyAndCertificate.settings("a")
                                + "redirect-to-https = true\nhsts { max-age = 365d, include-subdomains = true }\n")
                .host("wild", host("\"*.wild.test\"", "https, strict") + KeyAndCertificate.settings("wild"))
                .host("c", host("\"c.test\", \"127.0.0.1\"", "http, https"))
                .jvm("-Dportcullis.tls=" + library.name().toLowerCase(Locale.ROOT))
                .start();
    }

    private static String host(String names, String listeners) {
        return "server-names = [" + names + "]\nlisteners = [" + listeners + "]\nupstream = \"" + application.url()
                + "\"\n";
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        proxy.close();
        application.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    private RawClient secure(String serverName) throws IOException, GeneralSecurityException {
        return RawClient.connectTls(client, proxy.port("https"), authority, serverName);
    }

    /** What is shown to a client that names any host, or none, and believes whatever it is shown. */
    private X509Certificate shownTo(Optional<String> serverName, String listener)
            throws IOException, GeneralSecurityException {
        try (Socket tcp = new Socket(InetAddress.getLoopbackAddress(), proxy.port(listener));
                SSLSocket socket =
                        (SSLSocket) authority.clientContext().getSocketFactory().createSocket(tcp, null, 0, true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(serverName.stream()
                    .map(name -> (SNIServerName) new SNIHostName(name))
                    .toList());
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private String subjectShownTo(String serverName) throws IOException, GeneralSecurityException {
        return shownTo(Optional.of(serverName), "https")
                .getSubjectX500Principal()
                .getName();
    }

    /** If it breaks: visitors of one site are shown another one's certificate, and turned away by their browsers. */
    @Test
    void eachHostIsServedWithItsOwnCertificateAndThoseWithoutWithTheDefault() throws Exception {
        for (String name : List.of("a.test", "x.wild.test", "c.test")) {
            try (RawClient visitor = secure(name)) {
                assertThat(visitor.get(name, "/hello").body()).isEqualTo("app /hello");
            }
        }
        assertThat(subjectShownTo("A.TEST")).isEqualTo("CN=a.test");
        assertThat(subjectShownTo("nobody.test")).isEqualTo("CN=default.test");
        assertThat(shownTo(Optional.empty(), "https").getSubjectX500Principal().getName())
                .isEqualTo("CN=default.test");
    }

    /** If it breaks: a scanner that knows no name learns one from the certificate. */
    @Test
    void withoutADefaultWhoNamesNoKnownHostGetsAnAlertAndNoCertificate() throws Exception {
        assertThatThrownBy(() -> shownTo(Optional.of("nobody.test"), "strict"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
        assertThatThrownBy(() -> shownTo(Optional.empty(), "strict"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
        assertThat(shownTo(Optional.of("a.test"), "strict")
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=a.test");
    }

    @Test
    void aConnectionServesManyRequestsAlsoWhenTheyComeAtOnce() throws Exception {
        try (RawClient visitor = secure("a.test")) {
            visitor.send("GET /1 HTTP/1.1\r\nHost: a.test\r\n\r\nGET /2 HTTP/1.1\r\nHost: a.test\r\n\r\n");
            assertThat(visitor.read().body()).isEqualTo("app /1");
            assertThat(visitor.read().body()).isEqualTo("app /2");
            assertThat(visitor.get("a.test", "/3").body()).isEqualTo("app /3");
            visitor.send("GET /4 HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
            assertThat(visitor.read().body()).isEqualTo("app /4");
            assertThat(visitor.ending()).isEqualTo(new Ending(Ending.How.EOF, ""));
        }
    }

    @Test
    void largeBodiesComeWholeBothWays() throws Exception {
        String body = "0123456789abcdef".repeat(300_000);
        String path = "/upload/" + client;
        try (RawClient visitor = secure("a.test")) {
            visitor.send("POST " + path + " HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + body.length() + "\r\n\r\n"
                    + body);
            assertThat(visitor.read().status()).isEqualTo(200);
            assertThat(application.request(path).body()).isEqualTo(body);
            assertThat(visitor.get("a.test", "/big").body()).hasSize(6_000_000);
        }
    }

    /** If it breaks: applications make http:// links, redirect without end, or believe what the client says. */
    @Test
    void theApplicationIsToldThatItsClientCameByHttps() throws Exception {
        String path = "/told/" + client;
        try (RawClient visitor = secure("a.test")) {
            visitor.send("GET " + path + " HTTP/1.1\r\nHost: a.test\r\nX-Forwarded-Proto: gopher\r\n"
                    + "X-Forwarded-Port: 1\r\n\r\n");
            assertThat(visitor.read().status()).isEqualTo(200);
        }
        RecordedRequest told = application.request(path);
        assertThat(told.values("X-Forwarded-Proto")).containsExactly("https");
        assertThat(told.values("X-Forwarded-Port")).containsExactly(Integer.toString(proxy.port("https")));
        assertThat(told.values("X-Forwarded-For")).containsExactly(client);
    }

    @Test
    void whatComesUnencryptedIsRedirectedWithItsPathAndQueryWhereTheHostWantsIt() throws Exception {
        String https = "https://a.test:" + proxy.port("https");
        try (RawClient visitor = RawClient.connect(client, proxy.port())) {
            RawResponse moved = visitor.get("a.test", "/old?q=1&r=%20");
            assertThat(moved.status()).isEqualTo(301);
            assertThat(moved.value("Location")).isEqualTo(https + "/old?q=1&r=%20");
            assertThat(moved.has("Strict-Transport-Security"))
                    .as("RFC 6797 section 7.2: not over plain HTTP")
                    .isFalse();
            RawResponse posted = visitor.send("POST /form HTTP/1.1\r\nHost: A.test:80\r\nContent-Length: 0\r\n\r\n")
                    .read();
            assertThat(posted.status()).isEqualTo(308);
            assertThat(posted.value("Location")).isEqualTo(https + "/form");
            assertThat(visitor.get("c.test", "/plain").body()).isEqualTo("app /plain");
        }
    }

    /** If it breaks: who is behind a proxy that ends TLS is redirected without end. */
    @Test
    void whatCameToATrustedProxyByHttpsIsNotRedirected() throws Exception {
        String path = "/behind/" + client;
        try (RawClient balancer = RawClient.connect(PROXY, proxy.port())) {
            balancer.send("GET " + path + " HTTP/1.1\r\nHost: a.test\r\nX-Forwarded-Proto: https\r\n\r\n");
            assertThat(balancer.read().status()).isEqualTo(200);
            assertThat(application.request(path).value("X-Forwarded-Proto")).isEqualTo("https");
            assertThat(balancer.get("a.test", path).status()).isEqualTo(301);
        }
        try (RawClient liar = RawClient.connect(client, proxy.port())) {
            liar.send("GET " + path + " HTTP/1.1\r\nHost: a.test\r\nX-Forwarded-Proto: https\r\n\r\n");
            assertThat(liar.read().status()).isEqualTo(301);
        }
    }

    /** If it breaks: clients that read nothing hold endpoints and memory for ever. */
    @Test
    @Tag("long")
    void whoReadsNothingOfAnAnswerIsReset() throws Exception {
        try (RawClient visitor = secure("a.test")) {
            visitor.send("GET /huge?" + client + " HTTP/1.1\r\nHost: a.test\r\n\r\n");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> logged("/huge?" + client).isPresent());
            assertThat(visitor.ending().isOver()).isTrue();
            assertThat(logged("/huge?" + client).orElseThrow()).doesNotContain("\"bytes_sent\":40000000");
        }
    }

    @Test
    void browsersAreToldToStayWithHttpsAlsoByTheProxysOwnAnswers() throws Exception {
        String hsts = "Strict-Transport-Security";
        try (RawClient visitor = secure("a.test")) {
            assertThat(visitor.get("a.test", "/").value(hsts)).isEqualTo("max-age=31536000; includeSubDomains");
            assertThat(visitor.get("a.test", "/own").values(hsts))
                    .as("the application's own stays")
                    .containsExactly("max-age=1");
            RawResponse own = visitor.get("a.test", "/../..");
            assertThat(own.status()).isEqualTo(400);
            assertThat(own.value(hsts)).startsWith("max-age=31536000");
        }
        try (RawClient visitor = secure("c.test")) {
            assertThat(visitor.get("c.test", "/").has(hsts)).isFalse();
        }
    }

    @Test
    void plainHttpOnATlsPortIsAnsweredSoThatItsUserFindsTheFault() throws Exception {
        try (RawClient visitor = RawClient.connect(client, proxy.port("https"))) {
            RawResponse answer = visitor.get("a.test", "/");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("plain HTTP was sent to an HTTPS port");
            assertThat(visitor.ending()).isEqualTo(new Ending(Ending.How.EOF, ""));
        }
    }

    @Test
    void aWebSocketGoesThroughTls() throws Exception {
        try (RawClient visitor = secure("a.test")) {
            assertThat(visitor.send(WebSocketPeer.handshake("a.test", "/echo"))
                            .read()
                            .status())
                    .isEqualTo(101);
            WebSocketPeer peer = WebSocketPeer.client(visitor);
            for (String text : List.of("one", "x".repeat(60_000), "three")) {
                peer.send(WebSocketPeer.TEXT, text);
                assertThat(peer.read()).isEqualTo(new WebSocketPeer.Frame(WebSocketPeer.TEXT, text));
            }
        }
    }

    @Test
    void theJsonLogTellsHowTheConnectionIsSecured() throws Exception {
        String path = "/logged/" + client;
        try (RawClient visitor = secure("a.test")) {
            visitor.get("a.test", path);
        }
        try (RawClient visitor = RawClient.connect(client, proxy.port())) {
            visitor.get("c.test", path + "/plain");
        }
        Awaitility.await()
                .until(() -> logged(path + "/plain").isPresent() && logged(path).isPresent());
        assertThat(logged(path).orElseThrow())
                .contains(
                        "\"tls_version\":\"TLSv1.3\"",
                        "\"tls_cipher\":\"TLS_AES_",
                        "\"tls_sni\":\"a.test\"",
                        "\"alpn\":null");
        assertThat(logged(path + "/plain").orElseThrow())
                .endsWith("\"tls_version\":null,\"tls_cipher\":null,\"tls_sni\":null,\"alpn\":null}");
    }

    private static Optional<String> logged(String path) {
        return proxy.accessLog().stream()
                .filter(line -> line.contains("\"target\":\"" + path + "\""))
                .findFirst();
    }

    /** If it breaks: every renewal cuts downloads and WebSockets. */
    @Test
    void aRenewedCertificateIsShownToNewConnectionsAndCutsNoneThatIsOpen() throws Exception {
        try (RawClient early = secure("x.wild.test")) {
            assertThat(early.get("x.wild.test", "/before").status()).isEqualTo(200);
            KeyAndCertificate renewed = authority.issue("*.wild.test");
            proxy.renewCertificate("wild", renewed);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> shownTo(Optional.of("x.wild.test"), "https")
                            .equals(renewed.chain().get(0)));
            assertThat(early.get("x.wild.test", "/after").status()).isEqualTo(200);
        }
    }

    @Test
    void aSessionIsResumed() throws Exception {
        Path openssl = Tools.find("openssl");
        Path session = directory.resolve(library + ".session");
        String address = "127.0.0.1:" + proxy.port("https");
        List<String> client = List.of(
                openssl.toString(), "s_client", "-connect", address, "-servername", "a.test", "-tls1_2", "-brief");
        ToolRun first = ToolRun.of(Duration.ofSeconds(20), with(client, "-sess_out", session.toString()));
        assertThat(first.output()).contains("TLSv1.2");
        List<String> again = with(client, "-sess_in", session.toString());
        again.remove("-brief");
        assertThat(ToolRun.of(Duration.ofSeconds(20), again).output()).contains("Reused, TLSv1.2");
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> longer = new ArrayList<>(command);
        longer.addAll(List.of(more));
        return longer;
    }

    /** If it breaks: a client that has left keeps an application's worker busy until the answer is ready. */
    @Test
    void whoSaysGoodbyeWhileAnAnswerIsUnderWayIsGone() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        application.on("/left", (request, connection) -> {
            connection.awaitEnd();
            left.countDown();
            return false;
        });
        try (RawClient visitor = secure("a.test")) {
            visitor.send("GET /left HTTP/1.1\r\nHost: a.test\r\n\r\n");
            Awaitility.await().until(() -> application.count("/left") > 0);
            visitor.halfClose();
            Awaitility.await().until(() -> left.getCount() == 0);
            assertThat(visitor.ending().isOver()).isTrue();
        }
    }

    /** If it breaks: over one connection a client reaches hosts that its certificate does not vouch for. */
    @Test
    void aConnectionOfHttp2CarriesOnlyTheHostsThatItsCertificateIsFor() throws Exception {
        assertThat(curl("--http2", "c.test", "127.0.0.1")).isEqualTo("2 200");
        assertThat(curl("--http2", "a.test", "c.test")).isEqualTo("2 421");
        assertThat(curl("--http1.1", "a.test", "c.test"))
                .as("HTTP/1.1 as nginx")
                .isEqualTo("1.1 200");
    }

    /** The version that is spoken and the status, by SNI and by Host. */
    private static String curl(String version, String serverName, String host) throws IOException {
        int port = proxy.port("https");
        return ToolRun.of(
                        Duration.ofSeconds(20),
                        List.of(
                                Tools.find("curl").toString(),
                                "-sk",
                                version,
                                "--resolve",
                                serverName + ":" + port + ":127.0.0.1",
                                "-H",
                                "Host: " + host,
                                "-o",
                                "/dev/null",
                                "-w",
                                "%{http_version} %{http_code}",
                                "https://" + serverName + ":" + port + "/"))
                .output()
                .strip();
    }

    @Test
    void theJdksOwnClientIsServed() throws Exception {
        HttpsURLConnection visitor =
                (HttpsURLConnection) URI.create("https://127.0.0.1:" + proxy.port("https") + "/jdk")
                        .toURL()
                        .openConnection();
        visitor.setSSLSocketFactory(authority.clientContext().getSocketFactory());
        assertThat(new String(visitor.getInputStream().readAllBytes(), UTF_8)).isEqualTo("app /jdk");
    }
}
