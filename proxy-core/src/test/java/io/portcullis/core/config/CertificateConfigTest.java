package io.portcullis.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** If it breaks: a certificate is read once for each host that has it, or a host serves another's. */
class CertificateConfigTest {

    private static CertificateConfig files(String certificate, String key) {
        return new CertificateConfig(Path.of(certificate), Path.of(key));
    }

    @Test
    void theSameFilesAreTheSameCertificate() {
        assertThat(files("a.crt", "a.key"))
                .isEqualTo(files("a.crt", "a.key"))
                .hasSameHashCodeAs(files("a.crt", "a.key"));
    }

    @Test
    void anotherCertificateOrAnotherKeyIsAnother() {
        assertThat(files("a.crt", "a.key"))
                .isNotEqualTo(files("b.crt", "a.key"))
                .isNotEqualTo(files("a.crt", "b.key"))
                .isNotEqualTo(files("a.key", "a.crt"))
                .isNotEqualTo("a.crt");
    }
}
