package io.portcullis.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portcullis.core.config.CertificateConfig;
import io.portcullis.server.tls.CertificateFault.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators hand over is read if anybody can serve it, and otherwise they are told what to do about it. */
class LoadedCertificateTest {

    private Path directory;
    private OpenSslTool openSsl;

    @BeforeEach
    void start(@TempDir Path directory) {
        this.directory = directory;
        openSsl = new OpenSslTool(directory);
    }

    private static void refused(CertificateConfig files, Part part, String... told) {
        assertThatExceptionOfType(CertificateFault.class)
                .isThrownBy(() -> LoadedCertificate.read(files))
                .satisfies(fault -> assertThat(fault.part()).isEqualTo(part))
                .satisfies(fault -> assertThat(fault.getMessage()).contains(told))
                .satisfies(fault -> assertThat(fault.getMessage()).contains("(expected: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-256", "P-384", "P-521"})
    void ecKeysOfAllThreeCurvesAreReadInBothForms(String curve) throws IOException {
        CertificateConfig files = openSsl.selfSigned("shop", OpenSslTool.curve(curve), "DNS:shop.test");
        assertThatCode(() -> LoadedCertificate.read(files)).doesNotThrowAnyException();

        openSsl.run("ec", "-in", "shop.key", "-out", "sec1.key");
        Path sec1 = openSsl.file("sec1.key");
        assertThat(sec1).content().contains("BEGIN EC PRIVATE KEY");
        assertThatCode(() -> LoadedCertificate.read(new CertificateConfig(files.certificate(), sec1)))
                .doesNotThrowAnyException();
    }

    @Test
    void ecKeyWithItsParametersBeforeItIsReadAsOldToolsWroteIt() throws IOException {
        openSsl.run("ecparam", "-name", "prime256v1", "-genkey", "-out", "shop.key");
        assertThat(openSsl.file("shop.key")).content().contains("BEGIN EC PARAMETERS");
        openSsl.run("req", "-x509", "-key", "shop.key", "-out", "shop.crt", "-subj", "/CN=shop.test");
        assertThatCode(() -> LoadedCertificate.read(openSsl.files("shop"))).doesNotThrowAnyException();
    }

    @Test
    void rsaKeysAreReadInBothForms() throws IOException {
        CertificateConfig files = openSsl.selfSigned("shop", OpenSslTool.RSA, "DNS:shop.test");
        assertThatCode(() -> LoadedCertificate.read(files)).doesNotThrowAnyException();

        openSsl.run("rsa", "-in", "shop.key", "-traditional", "-out", "pkcs1.key");
        Path pkcs1 = openSsl.file("pkcs1.key");
        assertThat(pkcs1).content().contains("BEGIN RSA PRIVATE KEY");
        assertThatCode(() -> LoadedCertificate.read(new CertificateConfig(files.certificate(), pkcs1)))
                .doesNotThrowAnyException();
    }

    @Test
    void oneFileMayHoldBothWithTextAroundAndWindowsLines() throws IOException {
        CertificateConfig files = openSsl.chained("shop");
        String both = "Bag Attributes: näme\n" + Files.readString(files.key()) + "\nsubject=CN = shop\n"
                + Files.readString(files.certificate()) + "\n\n  \n";
        Path file = Files.writeString(openSsl.file("both.pem"), both.replace("\n", "\r\n"));

        LoadedCertificate certificate = LoadedCertificate.read(new CertificateConfig(file, file));

        assertThat(certificate.chain()).hasSize(2);
        assertThat(certificate.names()).containsExactly("shop.test");
    }

    @Test
    void missingAndUselessFilesAreToldByPart() throws IOException {
        CertificateConfig files = openSsl.selfSigned("shop", OpenSslTool.P256, "DNS:shop.test");
        Path missing = openSsl.file("missing.pem");
        Path empty = Files.writeString(openSsl.file("empty.pem"), "nothing here\n");
        Path large = Files.write(openSsl.file("large.pem"), new byte[(1 << 20) + 1]);

        refused(new CertificateConfig(missing, files.key()), Part.CERTIFICATE, "missing.pem: no such file");
        refused(new CertificateConfig(files.certificate(), missing), Part.KEY, "missing.pem: no such file");
        refused(new CertificateConfig(directory, files.key()), Part.CERTIFICATE, directory.toString());
        refused(new CertificateConfig(large, files.key()), Part.CERTIFICATE, "over 1 MiB");
        refused(new CertificateConfig(empty, files.key()), Part.CERTIFICATE, "no PEM certificate in it");
        refused(new CertificateConfig(files.certificate(), empty), Part.KEY, "no PEM private key in it");
        refused(new CertificateConfig(files.key(), files.key()), Part.CERTIFICATE, "no PEM certificate in it");
        refused(new CertificateConfig(files.certificate(), files.certificate()), Part.KEY, "no PEM private key in it");
    }

    @Test
    void halfWrittenAndDamagedFilesAreRefused() throws IOException {
        CertificateConfig files = openSsl.selfSigned("shop", OpenSslTool.P256, "DNS:shop.test");
        String whole = Files.readString(files.certificate());
        Path file = openSsl.file("damaged.crt");
        CertificateConfig damaged = new CertificateConfig(file, files.key());

        Files.writeString(file, whole.substring(0, whole.length() / 2));
        refused(damaged, Part.CERTIFICATE, "does not end");
        Files.writeString(file, whole.substring(0, 15));
        refused(damaged, Part.CERTIFICATE, "does not end");
        Files.writeString(file, whole.replace("MII", "M!I"));
        refused(damaged, Part.CERTIFICATE, "damaged");
        Files.writeString(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        refused(damaged, Part.CERTIFICATE, "certificate 1 can't be read");
    }

    @Test
    void keyOfAnotherCertificateIsRefusedWhateverItsKind() throws IOException {
        CertificateConfig shop = openSsl.selfSigned("shop", OpenSslTool.P256, "DNS:shop.test");
        CertificateConfig sameKind = openSsl.selfSigned("blog", OpenSslTool.P256, "DNS:blog.test");
        CertificateConfig otherCurve = openSsl.selfSigned("wiki", OpenSslTool.curve("P-384"), "DNS:wiki.test");
        CertificateConfig rsa = openSsl.selfSigned("mail", OpenSslTool.RSA, "DNS:mail.test");
        openSsl.run("ec", "-in", "wiki.key", "-out", "sec1.key");

        for (Path key : List.of(sameKind.key(), otherCurve.key(), rsa.key(), openSsl.file("sec1.key"))) {
            refused(new CertificateConfig(shop.certificate(), key), Part.KEY, key + ": not the key of the certificate");
        }
        openSsl.run("rsa", "-in", "mail.key", "-traditional", "-out", "pkcs1.key");
        refused(new CertificateConfig(shop.certificate(), openSsl.file("pkcs1.key")), Part.KEY, "RSA", "EC");
    }

    @Test
    void chainInTheWrongOrderIsToldAsSuch() throws IOException {
        CertificateConfig files = openSsl.chained("shop");
        Files.writeString(
                files.certificate(),
                Files.readString(openSsl.file("ca.crt")) + Files.readString(openSsl.file("leaf.crt")));
        refused(files, Part.CERTIFICATE, "the key belongs to certificate 2 in it");
    }

    @Test
    void encryptedKeysAreRefusedWithTheCommandThatHelps() throws IOException {
        CertificateConfig files = openSsl.selfSigned("shop", OpenSslTool.RSA, "DNS:shop.test");
        openSsl.run("pkcs8", "-topk8", "-in", "shop.key", "-out", "new.key", "-passout", "pass:secret");
        openSsl.run("rsa", "-in", "shop.key", "-aes128", "-traditional", "-out", "old.key", "-passout", "pass:secret");

        for (String key : List.of("new.key", "old.key")) {
            refused(
                    new CertificateConfig(files.certificate(), openSsl.file(key)),
                    Part.KEY,
                    key + ": encrypted",
                    "openssl pkey -in " + key);
        }
    }

    @Test
    void keysThatClientsOrLibrariesRefuseAreToldOfBeforeAnyHandshakeFails() throws IOException {
        String expected = "RSA of 2048 to 8192 bits";
        refused(
                openSsl.selfSigned("weak", List.of("-newkey", "rsa:1024"), ""),
                Part.CERTIFICATE,
                "RSA of 1024 bits",
                expected);
        refused(openSsl.selfSigned("ed", List.of("-newkey", "ed25519"), ""), Part.CERTIFICATE, "type Ed", expected);
        refused(openSsl.selfSigned("k1", OpenSslTool.curve("secp256k1"), ""), Part.CERTIFICATE, "type EC", expected);
    }

    @Test
    void namesAreThoseOfTheAlternativeNamesAndWildcardsAreOneLabel() throws IOException {
        LoadedCertificate certificate = LoadedCertificate.read(openSsl.selfSigned(
                "shop",
                OpenSslTool.P256,
                "DNS:Shop.test,DNS:*.shop.test,DNS:www.blog.test,IP:192.0.2.7,IP:2001:db8::7"));

        assertThat(certificate.names())
                .containsExactly("shop.test", "*.shop.test", "www.blog.test", "192.0.2.7", "2001:db8::7");
        for (String covered : List.of("shop.test", "a.shop.test", "192.0.2.7", "[2001:db8::7]")) {
            assertThat(certificate.covers(covered)).as(covered).isTrue();
        }
        for (String other : List.of("a.b.shop.test", ".shop.test", "test", "shop.tes", "192.0.2.8", "[2001:db8::8]")) {
            assertThat(certificate.covers(other)).as(other).isFalse();
        }
    }

    @Test
    void serverNamesWithWildcardsAreCoveredAsFarAsCanBeKnown() throws IOException {
        LoadedCertificate certificate = LoadedCertificate.read(
                openSsl.selfSigned("shop", OpenSslTool.P256, "DNS:*.shop.test,DNS:www.blog.test"));

        assertThat(certificate.covers("*.shop.test")).isTrue();
        assertThat(certificate.covers("*.a.shop.test")).isFalse();
        assertThat(certificate.covers("*.blog.test")).isFalse();
        assertThat(certificate.covers("www.*")).isTrue();
        assertThat(certificate.covers("mail.*")).isFalse();
    }

    @Test
    void commonNameCountsOnlyWhereThereIsNoAlternativeNameAtAll() throws IOException {
        LoadedCertificate old = LoadedCertificate.read(openSsl.selfSigned("old", OpenSslTool.P256, ""));
        assertThat(old.covers("old.test")).isTrue();

        LoadedCertificate modern =
                LoadedCertificate.read(openSsl.selfSigned("modern", OpenSslTool.P256, "DNS:other.test"));
        assertThat(modern.covers("modern.test")).isFalse();
        LoadedCertificate byAddress =
                LoadedCertificate.read(openSsl.selfSigned("modern", OpenSslTool.P256, "email:a@modern.test"));
        assertThat(byAddress.covers("modern.test")).isFalse();
    }

    @Test
    void alternativeNameOfTheWrongKindIsNoAddress() throws IOException {
        LoadedCertificate certificate =
                LoadedCertificate.read(openSsl.selfSigned("shop", OpenSslTool.P256, "DNS:192.0.2.7"));
        assertThat(certificate.covers("192.0.2.7")).isFalse();
    }

    @Test
    void expiryIsToldWithItsDateAndSoonMeansFourteenDays() throws IOException {
        LoadedCertificate certificate = LoadedCertificate.read(openSsl.selfSigned("shop", OpenSslTool.P256, "", 60));

        assertThat(Duration.between(certificate.notBefore(), certificate.notAfter()))
                .isEqualTo(Duration.ofDays(60));
        assertThat(certificate.expiresSoon(certificate.notAfter().minus(Duration.ofDays(14))))
                .isFalse();
        assertThat(certificate.expiresSoon(
                        certificate.notAfter().minus(Duration.ofDays(14).minusSeconds(1))))
                .isTrue();
        assertThatCode(() -> certificate.requireUnexpired(certificate.notAfter().minusSeconds(1)))
                .doesNotThrowAnyException();
        assertThatExceptionOfType(CertificateFault.class)
                .isThrownBy(() -> certificate.requireUnexpired(certificate.notAfter()))
                .withMessageContaining("shop.crt: expired at " + certificate.notAfter());
    }

    @Test
    void certificateThatLivesForDaysIsNotComplainedOfAllItsLife() throws IOException {
        LoadedCertificate certificate = LoadedCertificate.read(openSsl.selfSigned("shop", OpenSslTool.P256, "", 6));

        assertThat(certificate.expiresSoon(certificate.notBefore())).isFalse();
        assertThat(certificate.expiresSoon(
                        certificate.notAfter().minus(Duration.ofDays(2).minusSeconds(1))))
                .isTrue();
    }

    /** An exception of another kind would end the thread that looks for renewals. */
    @Test
    void whateverIsInTheFilesIsACertificateOrAFault() throws IOException {
        CertificateConfig files = openSsl.selfSigned("shop", OpenSslTool.P256, "DNS:shop.test,IP:192.0.2.7");
        byte[] certificate = Files.readAllBytes(files.certificate());
        byte[] key = Files.readAllBytes(files.key());
        int faults = 0;
        for (int seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            boolean isKeyDamaged = seed % 2 == 0;
            try {
                LoadedCertificate.of(
                        files,
                        isKeyDamaged ? certificate : damaged(certificate, random),
                        isKeyDamaged ? damaged(key, random) : key);
            } catch (CertificateFault fault) {
                faults++;
            }
        }
        // A signature that is wrong, or an issuer of another name, is for clients to judge.
        assertThat(faults).isGreaterThan(500);
    }

    /** Some characters are others, mostly such as may stand there. */
    private static byte[] damaged(byte[] pem, Random random) {
        String characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-\n";
        byte[] damaged = pem.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            damaged[random.nextInt(pem.length)] = (byte) characters.charAt(random.nextInt(characters.length()));
        }
        return Arrays.copyOf(damaged, random.nextInt(8) == 0 ? random.nextInt(pem.length) : pem.length);
    }
}
