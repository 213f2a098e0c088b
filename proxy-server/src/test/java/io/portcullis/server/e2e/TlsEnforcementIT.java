package io.portcullis.server.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.CertificateAuthority;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.KeyAndCertificate;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.tls.TlsLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Bans where there is TLS: as soon as the client's hello names who banned it, and for what goes wrong before HTTP. */
@ParameterizedClass
@EnumSource(TlsLibrary.class)
final class TlsEnforcementIT {

    private static final int MAX_RETRY = 3;

    @TempDir
    static Path directory;

    private static CertificateAuthority authority;
    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @Parameter
    TlsLibrary library;

    private final String attacker = Loopback.newClient();

    @BeforeParameterizedClassInvocation
    static void start(TlsLibrary library) throws Exception {
        authority = CertificateAuthority.create();
        application = RecordingApplication.start("app").on("/denied", Behaviours.answer(403, "denied"));
        String probes = "probes { on = tls-failure, max-retry = " + MAX_RETRY + ", find-time = 1m, ban-time = 1h }";
        String forbidden =
                "jails { forbidden { statuses = [403], max-retry = 1, find-time = 1m, ban-time = 1h %s } }\n";
        proxy = ProxyUnderTest.in(
                        Files.createDirectories(directory.resolve(library.name().toLowerCase(Locale.ROOT))))
                .main("jails { " + probes + " }\ntimeouts { head = 2s }")
                .https()
                .certificate("all", authority.issue("a.test", "b.test", "reject.test"))
                .host("a", host("a.test") + forbidden.formatted(""))
                .host("b", host("b.test") + forbidden.formatted(""))
                .host("answering", host("reject.test") + forbidden.formatted(", action = reject"))
                .jvm("-Dportcullis.tls=" + library.name().toLowerCase(Locale.ROOT))
                .start();
    }

    private static String host(String name) {
        return "server-names = [\"" + name + "\"]\nupstream = \"" + application.url() + "\"\n"
                + KeyAndCertificate.settings("all");
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
        return RawClient.connectTls(attacker, proxy.port("https"), authority, serverName);
    }

    /** What a client says first. */
    private static byte[] hello(String serverName) throws IOException, GeneralSecurityException {
        SSLEngine engine = authority.clientContext().createSSLEngine(serverName, 443);
        engine.setUseClientMode(true);
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), record);
        return Arrays.copyOf(record.array(), record.position());
    }

    private Ending endingAfter(byte[] octets) throws IOException {
        try (RawClient client = RawClient.connect(attacker, proxy.port("https"))) {
            return client.send(octets).ending();
        }
    }

    private void assertServed(String host) throws Exception {
        try (RawClient client = secure(host)) {
            assertThat(client.get(host, "/").status()).isEqualTo(200);
        }
    }

    /** If it breaks: each connection of a banned client costs a signature, or the ban is felt where it was not imposed. */
    @Test
    void whomTheNamedHostHasBannedIsResetBeforeAnyOctetOfTheServersHelloAndServedByTheOtherHost() throws Exception {
        try (RawClient client = secure("a.test")) {
            assertThat(client.get("a.test", "/denied").status()).isEqualTo(403);
        }
        assertThat(endingAfter(hello("a.test"))).isEqualTo(Ending.SILENT_RESET);
        byte[] hello = hello("A.TEST");
        try (RawClient slow = RawClient.connect(attacker, proxy.port("https"))) {
            slow.send(Arrays.copyOf(hello, 60));
            slow.send(Arrays.copyOfRange(hello, 60, hello.length));
            assertThat(slow.ending()).isEqualTo(Ending.SILENT_RESET);
        }
        assertServed("b.test");
        try (RawClient client = secure("b.test")) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").ending())
                    .as("who names one host by SNI and asks for another")
                    .isEqualTo(Ending.SILENT_RESET);
        }
    }

    @Test
    void aBanEndsTheClientsOpenConnectionsToThatHostAndNoOthers() throws Exception {
        try (RawClient idle = secure("a.test");
                RawClient other = secure("b.test");
                RawClient offender = secure("a.test")) {
            assertThat(idle.get("a.test", "/").status()).isEqualTo(200);
            assertThat(other.get("b.test", "/").status()).isEqualTo(200);
            assertThat(offender.get("a.test", "/denied").status()).isEqualTo(403);
            assertThat(offender.ending().isOver()).isTrue();
            assertThat(idle.ending().how()).isEqualTo(Ending.How.RESET);
            assertThat(other.get("b.test", "/").status()).isEqualTo(200);
        }
    }

    @Test
    void aJailThatAnswersItsBannedAnswersThemOverTls() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (RawClient client = secure("reject.test")) {
                assertThat(client.get("reject.test", "/denied").status()).isEqualTo(403);
            }
        }
        assertThat(proxy.accessLog()).anyMatch(line -> line.startsWith(attacker + " "));
    }

    /** If it breaks: scanners look for weak TLS for days, and no jail ever hears of it. */
    @Test
    void whoNeverSpeaksTlsIsBannedAtAcceptEverywhere() throws Exception {
        assertThat(endingAfter(new byte[] {0, 1, 2, 3, 4, 5}).isOver()).isTrue();
        assertThat(endingAfter("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n".getBytes(ISO_8859_1))
                        .received())
                .startsWith("HTTP/1.1 400 ");
        assertThat(endingAfter(new byte[] {22, 3, 1, 0, 5, 1, 0x7F, 0x7F, 0x7F, 0})
                        .isOver())
                .as("a hello of 8 MiB")
                .isTrue();
        try (RawClient plain = RawClient.connect(attacker, proxy.port())) {
            assertThat(plain.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").ending())
                    .isEqualTo(Ending.SILENT_RESET);
        }
    }

    @Test
    void aHandshakeThatFailsCountsForTheHostThatItNames() throws Exception {
        byte[] hello = hello("a.test");
        byte[] garbage = {22, 3, 3, 0, 4, 99, 0, 0, 0};
        for (int i = 0; i < MAX_RETRY; i++) {
            try (RawClient client = RawClient.connect(attacker, proxy.port("https"))) {
                assertThat(client.send(hello).send(garbage).ending().isOver()).isTrue();
            }
        }
        assertThat(endingAfter(hello)).isEqualTo(Ending.SILENT_RESET);
        assertServed("b.test");
    }

    @Test
    @Tag("long")
    void aHelloThatDoesNotEndInTimeCountsButSilenceDoesNot() throws Exception {
        for (int i = 0; i < MAX_RETRY + 1; i++) {
            try (RawClient silent = RawClient.connect(attacker, proxy.port("https"))) {
                assertThat(silent.ending(Duration.ofSeconds(8)).isOver()).isTrue();
            }
        }
        assertServed("a.test");
        for (int i = 0; i < MAX_RETRY; i++) {
            try (RawClient slow = RawClient.connect(attacker, proxy.port("https"))) {
                assertThat(slow.send(new byte[] {22, 3, 1})
                                .ending(Duration.ofSeconds(8))
                                .isOver())
                        .isTrue();
            }
        }
        assertThat(endingAfter(hello("a.test"))).isEqualTo(Ending.SILENT_RESET);
    }

    @Test
    void aClientThatMerelyLeavesIsNoOffender() throws Exception {
        byte[] hello = hello("a.test");
        for (int i = 0; i < 2 * MAX_RETRY; i++) {
            try (RawClient client = RawClient.connect(attacker, proxy.port("https"))) {
                client.send(hello);
                client.in().read();
                if (i % 2 == 0) {
                    client.resetNow();
                }
            }
        }
        assertServed("a.test");
    }
}
