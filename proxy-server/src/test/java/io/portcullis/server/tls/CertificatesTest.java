package io.portcullis.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.netty.handler.ssl.SslContext;
import io.portcullis.core.config.CertificateConfig;
import io.portcullis.server.observe.LogCapture;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A renewal is served without anybody's help, and whatever goes wrong with it the old certificate is served on. */
class CertificatesTest {

    private Path directory;
    private final TestClock clock = new TestClock();
    private final LogCapture log = new LogCapture(WatchedFiles.LOG_NAME);
    private final Certificates certificates = new Certificates(clock);
    private OpenSslTool openSsl;
    private CertificateConfig files;
    private CertificateConfig renewal;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        this.directory = directory;
        openSsl = new OpenSslTool(directory);
        files = openSsl.selfSigned("shop", OpenSslTool.P256, "DNS:shop.test");
        renewal = openSsl.selfSigned("renewal", OpenSslTool.P256, "DNS:shop.test,DNS:new.test", 60);
    }

    @AfterEach
    void stop() {
        log.close();
    }

    /** As the background thread does, some seconds later. */
    private void refresh() {
        clock.advance(Duration.ofSeconds(5));
        certificates.refresh();
    }

    private void refreshTimes(int times) {
        for (int i = 0; i < times; i++) {
            refresh();
        }
    }

    @Test
    void sameFilesAreServedByTheSameObjectSoThatHostsCanBeCompared() throws IOException {
        ServedCertificate served = certificates.serve(files, true);
        CertificateConfig detour = new CertificateConfig(
                directory.resolve("x/../shop.crt"), Path.of("").toAbsolutePath().relativize(files.key()));

        assertThat(certificates.serve(files, true)).isSameAs(served);
        assertThat(certificates.serve(detour, true)).isSameAs(served);
        assertThat(certificates.serve(files, false)).isNotSameAs(served);
        assertThat(certificates.serve(renewal, true)).isNotSameAs(served);
        assertThat(served).hasToString("shop.crt");
    }

    @Test
    void whatCannotBeServedIsRefusedAtOnce() throws IOException {
        CertificateConfig missing = openSsl.files("missing");
        assertThatExceptionOfType(CertificateFault.class).isThrownBy(() -> certificates.serve(missing, true));
    }

    @Test
    void whatHasExpiredIsServedAtAStart_orOneMissedRenewalKeepsAllSitesDown() throws IOException {
        clock.advance(Duration.ofDays(31));
        assertThat(certificates.serve(files, true)).hasToString("shop.crt");
    }

    @ParameterizedTest
    @EnumSource
    void renewalIsServedToNewConnectionsAndOldOnesLiveOn(TlsLibrary library) throws IOException {
        Certificates own = new Certificates(clock, library);
        ServedCertificate served = own.serve(files, true);
        try (TlsServer server = new TlsServer(served);
                TlsClient before = TlsClient.connect(server, "TLSv1.3")) {
            openSsl.replace(files, renewal);
            own.refresh();

            try (TlsClient after = TlsClient.connect(server, "TLSv1.3")) {
                assertThat(after.certificate()).isNotEqualTo(before.certificate());
                assertThat(after.certificate().getSubjectX500Principal().getName())
                        .isEqualTo("CN=renewal.test");
            }
            assertThat(before.echo("still here")).isEqualTo("still here");
            assertThat(own.serve(files, true)).isSameAs(served);
            assertThat(served.covers("new.test")).isTrue();
        }
    }

    @Test
    void renewalIsToldOnceForBothWaysOfServingIt() throws IOException {
        ServedCertificate http2 = certificates.serve(files, true);
        ServedCertificate http1 = certificates.serve(files, false);
        openSsl.replace(files, renewal);
        refreshTimes(3);

        assertThat(http2.covers("new.test")).isTrue();
        assertThat(http1.covers("new.test")).isTrue();
        assertThat(log.messages(Level.INFO))
                .singleElement()
                .asString()
                .startsWith("certificate shop.crt replaced: valid until 20");
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void reloadPutsARenewalInPlaceWithoutWaiting() throws IOException {
        ServedCertificate served = certificates.serve(files, true);
        openSsl.replace(files, renewal);
        clock.advance(Duration.ofSeconds(5)); // it began to be valid after this test's clock did
        certificates.serve(files, true);
        assertThat(served.covers("new.test")).isTrue();
    }

    @Test
    void renewalInTwoStepsIsNobodysFault() throws IOException {
        ServedCertificate served = certificates.serve(files, true);
        openSsl.replace(files.certificate(), renewal.certificate());
        refresh();
        assertThat(served.covers("new.test")).isFalse();
        assertThat(certificates.serve(files, false).covers("new.test")).isFalse();

        openSsl.replace(files.key(), renewal.key());
        refresh();
        assertThat(served.covers("new.test")).isTrue();
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void fileThatIsWrittenSlowlyIsWaitedFor() throws IOException {
        ServedCertificate served = certificates.serve(files, true);
        Files.copy(renewal.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
        String whole = Files.readString(renewal.certificate());
        for (int length = 0; length < whole.length(); length += 200) {
            Files.writeString(files.certificate(), whole.substring(0, length));
            refresh();
            assertThat(served.covers("new.test")).isFalse();
        }
        Files.writeString(files.certificate(), whole);
        refresh();
        assertThat(served.covers("new.test")).isTrue();
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void renewalBySwappedSymbolicLinksIsSeen() throws IOException {
        Path live = Files.createDirectory(directory.resolve("live"));
        CertificateConfig links = new CertificateConfig(live.resolve("cert.pem"), live.resolve("privkey.pem"));
        Files.createSymbolicLink(links.certificate(), files.certificate());
        Files.createSymbolicLink(links.key(), files.key());
        ServedCertificate served = certificates.serve(links, true);
        clock.advance(Duration.ofHours(1));
        refresh();

        Files.delete(links.certificate());
        Files.createSymbolicLink(links.certificate(), renewal.certificate());
        Files.delete(links.key());
        Files.createSymbolicLink(links.key(), renewal.key());
        refresh();

        assertThat(served.covers("new.test")).isTrue();
    }

    /** A file system that keeps whole seconds shows the second of two changes only to who looks into the file. */
    @Test
    void changeWithinATickOfTheFileSystemIsSeen() throws IOException {
        ServedCertificate served = certificates.serve(files, true);
        refresh();
        FileTime time = Files.getLastModifiedTime(files.certificate());
        FileTime keyTime = Files.getLastModifiedTime(files.key());
        clock.set(time.toInstant().plusMillis(500));
        certificates.refresh();

        // The same file, the same time; whatever its size.
        Files.write(files.certificate(), Files.readAllBytes(renewal.certificate()));
        Files.setLastModifiedTime(files.certificate(), time);
        Files.write(files.key(), Files.readAllBytes(renewal.key()));
        Files.setLastModifiedTime(files.key(), keyTime);
        certificates.refresh();

        assertThat(served.covers("new.test")).isTrue();
    }

    @Test
    void touchedFilesAreNoRenewal() throws IOException {
        ServedCertificate served = certificates.serve(files, true);
        SslContext context = served.context();
        Files.setLastModifiedTime(
                files.certificate(), FileTime.from(clock.instant().plusSeconds(60)));
        refreshTimes(3);
        assertThat(served.context()).isSameAs(context);
        assertThat(log.messages(Level.INFO)).isEmpty();
    }

    @Test
    void brokenFileIsToldOnceAndTheOldOneServedOn() throws IOException {
        ServedCertificate served = certificates.serve(files, true);
        SslContext context = served.context();
        Files.writeString(files.certificate(), "oops\n", StandardCharsets.US_ASCII);
        refreshTimes(10);

        assertThat(served.context()).isSameAs(context);
        assertThat(log.warnings())
                .singleElement()
                .asString()
                .startsWith("certificate shop.crt not replaced, the one valid until 20")
                .contains("no PEM certificate in it (expected: ");

        Files.writeString(files.certificate(), "oops again\n", StandardCharsets.US_ASCII);
        refreshTimes(10);
        assertThat(log.warnings()).hasSize(2);

        openSsl.replace(files, renewal);
        refresh();
        assertThat(served.covers("new.test")).isTrue();
    }

    @Test
    void certificateThatDoesNotFitItsKeyIsToldOnce() throws IOException {
        ServedCertificate served = certificates.serve(files, true);
        openSsl.replace(files.key(), renewal.key());
        refreshTimes(10);
        assertThat(served.covers("shop.test")).isTrue();
        assertThat(log.warnings()).singleElement().asString().contains("not the key of the certificate");
    }

    @Test
    void lostFilesAreToldOnceAndMayComeBack() throws IOException {
        ServedCertificate served = certificates.serve(files, true);
        Files.delete(files.certificate());
        refreshTimes(10);
        assertThat(log.warnings()).singleElement().asString().contains("shop.crt: no such file");

        openSsl.replace(files, renewal);
        refresh();
        assertThat(served.covers("new.test")).isTrue();
    }

    @Test
    void oldFilesThatComeBackAreNoRenewalAndNoFault() throws IOException {
        ServedCertificate served = certificates.serve(files, true);
        SslContext context = served.context();
        Path aside = directory.resolve("aside");
        Files.move(files.certificate(), aside);
        refresh();
        Files.move(aside, files.certificate());
        refreshTimes(5);
        assertThat(served.context()).isSameAs(context);
        assertThat(log.messages(Level.INFO)).isEmpty();
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void expiredRenewalIsABrokenOne() throws IOException {
        CertificateConfig expired = openSsl.selfSigned("expired", OpenSslTool.P256, "DNS:new.test", 1);
        ServedCertificate served = certificates.serve(files, true);
        clock.advance(Duration.ofDays(2));
        openSsl.replace(files, expired);
        refreshTimes(10);
        assertThat(served.covers("new.test")).isFalse();
        assertThat(log.warnings()).singleElement().asString().contains("expired at");
    }

    /** Clients would refuse it, while the old one is good. */
    @Test
    void renewalThatIsNotYetValidIsServedFromTheMomentItIs() throws IOException {
        ServedCertificate served = certificates.serve(files, true);
        clock.set(LoadedCertificate.read(renewal).notBefore().minusSeconds(3));
        openSsl.replace(files, renewal);
        certificates.refresh();
        assertThat(served.covers("new.test")).isFalse();
        refresh();
        assertThat(served.covers("new.test")).isTrue();
    }

    @Test
    void expiryIsToldOnceADayFromTwoWeeksBefore() throws IOException {
        certificates.serve(files, true);
        clock.set(LoadedCertificate.read(files)
                .notAfter()
                .minus(Duration.ofDays(14).plusSeconds(5)));
        // It lives for 30 days, so that ten before its end is soon enough.
        refresh();
        assertThat(log.warnings()).isEmpty();

        clock.set(LoadedCertificate.read(files)
                .notAfter()
                .minus(Duration.ofDays(3).plusHours(1)));
        for (int hours = 0; hours < 72; hours++) {
            refresh();
            clock.advance(Duration.ofHours(1));
        }
        assertThat(log.warnings()).hasSize(3);
        assertThat(log.warnings().get(0)).matches("certificate shop.crt expires at 20.*, in 3 days: renew it");
        clock.advance(Duration.ofDays(2));
        refreshTimes(3);
        assertThat(log.warnings()).hasSize(4);
        assertThat(log.warnings().get(3)).matches("certificate shop.crt has expired at 20.*: renew it");
    }

    @Test
    void filesThatNobodyIsServedWithAnyMoreAreGivenUp() throws IOException {
        ServedCertificate kept = certificates.serve(files, true);
        certificates.serve(renewal, true);
        certificates.keepOnly(List.of(kept));
        Files.delete(renewal.certificate());
        refreshTimes(10);
        assertThat(log.warnings()).isEmpty();
        assertThat(certificates.serve(files, true)).isSameAs(kept);
    }

    /** Native memory goes with them; a process lives for years of renewals. */
    @Test
    void oldContextsAreFreed() throws IOException {
        ServedCertificate served = certificates.serve(files, true);
        List<WeakReference<SslContext>> old = new ArrayList<>();
        CertificateConfig other = openSsl.selfSigned("other", OpenSslTool.P256, "DNS:other.test");
        for (int i = 0; i < 6; i++) {
            try (TlsServer server = new TlsServer(served);
                    TlsClient client = TlsClient.connect(server, "TLSv1.3")) {
                assertThat(client.echo("hello")).isEqualTo("hello");
            }
            old.add(new WeakReference<>(served.context()));
            openSsl.replace(files, i % 2 == 0 ? renewal : other);
            refresh();
        }
        await().until(() -> {
            System.gc();
            return old.stream().allMatch(context -> context.refersTo(null));
        });
    }
}
