package io.portcullis.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.CertificateConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that comes back is spared the signature; what one host gave it is worth nothing at another. */
class ResumptionTest {

    private static final List<String> VERSIONS = List.of("-tls1_2", "-tls1_3");

    private final TestClock clock = new TestClock();
    private OpenSslTool openSsl;
    private CertificateConfig files;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        openSsl = new OpenSslTool(directory);
        files = openSsl.selfSigned("shop", OpenSslTool.P256, "DNS:shop.test");
    }

    private Certificates certificates(TlsLibrary library) {
        return new Certificates(clock, library);
    }

    private void begin(TlsServer server, String version) throws IOException {
        assertThat(openSsl.client(server, version, "-sess_out", "session").output())
                .contains("New, TLSv1");
    }

    private boolean isResumed(TlsServer server, String version) throws IOException {
        String output = openSsl.client(server, version, "-sess_in", "session").output();
        assertThat(output).containsPattern("(New|Reused), TLSv1").contains("bye");
        return output.contains("Reused, TLSv1");
    }

    @ParameterizedTest
    @EnumSource
    void sessionIsResumedInBothVersions(TlsLibrary library) throws IOException {
        try (TlsServer server = new TlsServer(certificates(library).serve(files, true))) {
            for (String version : VERSIONS) {
                begin(server, version);
                assertThat(isResumed(server, version)).as(version).isTrue();
                assertThat(isResumed(server, version)).as(version).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void sessionOfOneCertificateIsNotResumedAtAnother(TlsLibrary library) throws IOException {
        Certificates certificates = certificates(library);
        CertificateConfig others = openSsl.selfSigned("blog", OpenSslTool.P256, "DNS:blog.test");
        try (TlsServer shop = new TlsServer(certificates.serve(files, true));
                TlsServer blog = new TlsServer(certificates.serve(others, true))) {
            for (String version : VERSIONS) {
                begin(shop, version);
                assertThat(isResumed(blog, version)).as(version).isFalse();
            }
        }
    }

    /** Else a renewal would make all clients come back with full handshakes at once. */
    @Test
    void sessionOutlivesARenewedCertificate() throws IOException {
        Certificates certificates = certificates(TlsLibrary.BORINGSSL);
        try (TlsServer server = new TlsServer(certificates.serve(files, true))) {
            for (String version : VERSIONS) {
                begin(server, version);
                openSsl.replace(files, openSsl.selfSigned("fresh", OpenSslTool.P256, "DNS:shop.test"));
                certificates.refresh();
                assertThat(isResumed(server, version)).as(version).isTrue();
            }
        }
    }

    @Test
    void ticketsAreTakenForADayAfterTheirKeyHasMadeItsLast() throws IOException {
        Certificates certificates = certificates(TlsLibrary.BORINGSSL);
        try (TlsServer server = new TlsServer(certificates.serve(files, true))) {
            for (String version : VERSIONS) {
                begin(server, version);
                for (int hours = 0; hours < 36; hours += 12) {
                    assertThat(isResumed(server, version))
                            .as("%s after %d h", version, hours)
                            .isTrue();
                    clock.advance(Duration.ofHours(12));
                    certificates.refresh();
                }
                assertThat(isResumed(server, version)).as(version).isFalse();
            }
        }
    }

    @Test
    void keysAreOthersAfterALongSleepOfTheMachine() throws IOException {
        Certificates certificates = certificates(TlsLibrary.BORINGSSL);
        try (TlsServer server = new TlsServer(certificates.serve(files, true))) {
            begin(server, "-tls1_3");
            clock.advance(Duration.ofDays(3));
            certificates.refresh();
            assertThat(isResumed(server, "-tls1_3")).isFalse();
        }
    }
}
