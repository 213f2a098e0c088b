package io.portcullis.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What all proxies serve TLS with. */
class CertificateTest {

    @TempDir
    Path directory;

    /** If it breaks: no proxy starts, or each has to find out by itself what a key of OpenSSL's tells it. */
    @Test
    void theKeyIsTheCertificatesAndSaysSo() throws Exception {
        Certificate made = Certificate.create(directory);
        X509Certificate certificate;
        try (InputStream in = Files.newInputStream(made.certificate())) {
            certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        byte[] der = Base64.getMimeDecoder().decode(Files.readString(made.key()).replaceAll("-----[A-Z ]+-----", ""));
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        byte[] text = {1, 2, 3};
        Signature signing = Signature.getInstance("SHA256withECDSA");
        signing.initSign(key);
        signing.update(text);
        Signature verifying = Signature.getInstance("SHA256withECDSA");
        verifying.initVerify(certificate);
        verifying.update(text);

        assertThat(verifying.verify(signing.sign())).isTrue();
        byte[] publicKey = certificate.getPublicKey().getEncoded();
        assertThat(der).endsWith(Arrays.copyOfRange(publicKey, publicKey.length - 65, publicKey.length));
    }
}
