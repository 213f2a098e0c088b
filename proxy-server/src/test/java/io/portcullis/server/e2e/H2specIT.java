package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.CertificateAuthority;
import io.portcullis.server.e2e.kit.H2spec;
import io.portcullis.server.e2e.kit.KeyAndCertificate;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP/2 of the TLS listener, held to its RFCs by a suite of others, with an application behind it. */
final class H2specIT {

    /** Generic, http2 and hpack: fewer would mean that the suite gave up half way. */
    private static final int CASES = 145;

    /** If it breaks: some client, proxy or browser does what the RFC lets it do, and meets an error or silence. */
    @Test
    void everyCasePasses(@TempDir Path directory) throws Exception {
        CertificateAuthority authority = CertificateAuthority.create();
        try (RecordingApplication application =
                        RecordingApplication.start("app").on("/body", Behaviours.answer(200, "x".repeat(10_000)));
                ProxyUnderTest proxy = ProxyUnderTest.in(directory)
                        .https()
                        .certificate("a", authority.issue("localhost"))
                        .host(
                                "a",
                                "server-names = [\"localhost\"]\nupstream = \"" + application.url() + "\"\n"
                                        + KeyAndCertificate.settings("a"))
                        .start()) {
            H2spec.Report report = H2spec.run(directory, "localhost", proxy.port("https"), "/body");
            assertThat(report.failed()).as("failed cases").isEmpty();
            assertThat(report.cases()).isEqualTo(CASES);
        }
    }
}
