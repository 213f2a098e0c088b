package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.CertificateAuthority;
import io.portcullis.server.e2e.kit.CertificateOrder;
import io.portcullis.server.e2e.kit.KeyAndCertificate;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.ToolRun;
import io.portcullis.server.e2e.kit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients that people have, over TLS: what they agree on with the listener, and that they get what they ask for. */
final class RealClientsIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int PICTURES = 20;

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;
    private static Path root;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, GeneralSecurityException {
        String pictures = IntStream.range(0, PICTURES)
                .mapToObj(i -> "<img src=\"/picture/" + i + "\">")
                .reduce("", String::concat);
        application = RecordingApplication.start("app")
                .on("/body", Behaviours.answer(200, "x".repeat(1_000)))
                .on(
                        "/page",
                        Behaviours.raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: "
                                + pictures.length() + "\r\n\r\n" + pictures));
        CertificateAuthority authority = CertificateAuthority.create();
        root = authority.writeRoot(directory);
        proxy = ProxyUnderTest.in(directory)
                .listener("https", KeyAndCertificate.settings("default"))
                .listener("strict", "tls = true")
                .certificate("default", authority.issue("default.test"))
                .certificate("a", authority.issue("a.test", "localhost"))
                .certificate(
                        "b",
                        authority
                                .intermediate()
                                .issue(CertificateOrder.of("b.test").rsa()))
                .host("a", host("a.test\", \"localhost", "a"))
                .host("b", host("b.test", "b"))
                .start();
    }

    private static String host(String names, String certificate) {
        return "server-names = [\"" + names + "\"]\nupstream = \"" + application.url() + "\"\n"
                + KeyAndCertificate.settings(certificate);
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

    /** If it breaks: scripts, monitors and package managers. The certificates are believed, chains and RSA included. */
    @ParameterizedTest
    @CsvSource({"a.test, --http1.1, 1.1", "a.test, --http2, 2", "b.test, --http1.1, 1.1", "b.test, --http2, 2"})
    void curlGetsAndPosts(String host, String option, String version, @TempDir Path directory) throws Exception {
        Path upload = Files.writeString(directory.resolve("upload"), "x".repeat(300_000));
        String path = "/curl/" + host + option;
        ToolRun run = ToolRun.of(
                LIMIT,
                List.of(
                        Tools.find("curl").toString(),
                        "--silent",
                        "--show-error",
                        option,
                        "--cacert",
                        root.toString(),
                        "--resolve",
                        host + ":" + proxy.port("https") + ":127.0.0.1",
                        "--data-binary",
                        "@" + upload,
                        "--write-out",
                        " over %{http_version}",
                        url(host, path)));
        assertThat(run.output()).isEqualTo("app " + path + " over " + version);
        assertThat(application.request(path).body()).hasSize(300_000);
        assertThat(application.request(path).value("X-Forwarded-Proto")).isEqualTo("https");
    }

    /** If it breaks: many streams on one connection lose each other's answers. */
    @Test
    void h2loadLosesNothing() throws Exception {
        assertLosesNothing(5_000, LIMIT);
    }

    /** If it breaks: as above, where it takes a while to show. */
    @Test
    @Tag("long")
    void h2loadLosesNothingOfAHundredThousand() throws Exception {
        assertLosesNothing(100_000, Duration.ofMinutes(10));
    }

    private static void assertLosesNothing(int requests, Duration limit) throws IOException {
        ToolRun run = ToolRun.of(
                limit,
                List.of(
                        Tools.find("h2load").toString(),
                        "-n" + requests,
                        "-c50",
                        "-m50",
                        "--connect-to=127.0.0.1:" + proxy.port("https"),
                        url("a.test", "/body")));
        assertThat(run.output())
                .contains("Application protocol: h2")
                .contains(requests + " succeeded, 0 failed, 0 errored, 0 timeout")
                .contains("status codes: " + requests + " 2xx");
    }

    /** If it breaks: whoever reads a page, and what it is made of, on one connection. */
    @Test
    void nghttpGetsAPageAndItsPictures() throws Exception {
        ToolRun run = ToolRun.of(
                LIMIT,
                List.of(
                        Tools.find("nghttp").toString(),
                        "--get-assets",
                        "--null-out",
                        "--verbose",
                        url("localhost", "/page")));
        assertThat(run.output()).contains("The negotiated protocol: h2");
        assertThat(run.output().lines().filter(line -> line.endsWith(":status: 200")))
                .as(run.output())
                .hasSize(1 + PICTURES);
    }

    /** If it breaks: a name that a client writes in a way of its own gets another site's certificate, or none. */
    @ParameterizedTest
    @CsvSource({"a.test, a.test", "A.TEST, a.test", "a.test., a.test", "b.test, b.test"})
    void aServerNameIsMetByItsCertificate(String asked, String certified) throws Exception {
        assertThat(handshake("https", "-servername", asked)).contains("CN = " + certified, "Verification: OK");
    }

    /** If it breaks: clients without SNI, and those who ask for what nobody serves, hang or crash something. */
    @ParameterizedTest
    @ValueSource(strings = {"unknown.test", "127.0.0.1", "::1", "*", ".", "a..test", "-", "LONGEST"})
    void anOddServerNameIsMetByTheDefaultCertificate(String asked) throws Exception {
        String name = asked.equals("LONGEST") ? "a".repeat(255) : asked;
        assertThat(handshake("https", "-servername", name)).contains("CN = default.test");
    }

    @Test
    void noServerNameIsMetByTheDefaultCertificate() throws Exception {
        assertThat(handshake("https", "-noservername")).contains("CN = default.test", "Verification: OK");
    }

    /** If it breaks: a scanner learns from a certificate which sites are here. */
    @Test
    void whereThereIsNoDefaultCertificateAnUnknownNameIsRefused() throws Exception {
        assertThat(handshake("strict", "-servername", "unknown.test")).contains("unrecognized name");
        assertThat(handshake("strict", "-noservername")).contains("unrecognized name");
        assertThat(handshake("strict", "-servername", "a.test")).contains("CN = a.test");
    }

    private static String handshake(String listener, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Tools.find("openssl").toString(),
                "s_client",
                "-connect",
                "127.0.0.1:" + proxy.port(listener),
                "-CAfile",
                root.toString(),
                "-brief"));
        command.addAll(List.of(options));
        return ToolRun.of(LIMIT, command).output();
    }

    private static String url(String host, String path) {
        return "https://" + host + ":" + proxy.port("https") + path;
    }
}
