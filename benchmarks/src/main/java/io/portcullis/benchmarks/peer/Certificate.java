package io.portcullis.benchmarks.peer;

import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * The certificate that all proxies serve, signed by itself: ECDSA with P-256.
 *
 * @param both certificate and key in one file
 */
public record Certificate(Path certificate, Path key, Path both) {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PASSWORD = "benchmark";
    private static final String ALIAS = "proxy";

    // A private key of P-256 in DER, whose lengths are always the same: both numbers stand behind these.
    private static final byte[] BEFORE_SCALAR =
            HexFormat.of().parseHex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420");
    private static final byte[] BEFORE_POINT = HexFormat.of().parseHex("a144034200");
    private static final int SCALAR = 32;
    /** Not compressed: an octet that says so, and two numbers. */
    private static final int POINT = 1 + 2 * SCALAR;

    /** Made by the JDK's keytool, which is wherever this runs. */
    public static Certificate create(Path directory) throws IOException {
        Path store = directory.resolve("certificate.p12");
        generate(store);
        Certificate created = new Certificate(
                directory.resolve("certificate.pem"), directory.resolve("key.pem"), directory.resolve("both.pem"));
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            String certificate = pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
            String key = pem(
                    "PRIVATE KEY",
                    withPublicKey(
                            (ECPrivateKey) keys.getKey(ALIAS, PASSWORD.toCharArray()),
                            keys.getCertificate(ALIAS).getPublicKey()));
            Files.writeString(created.certificate, certificate);
            writePrivate(created.key, key);
            writePrivate(created.both, certificate + key);
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate that keytool made can't be read: " + e.getMessage(), e);
        }
        return created;
    }

    private static void generate(Path store) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=bench.test",
                "-ext",
                "san=dns:*.bench.test",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString());
        try (ChildProcess keytool = ChildProcess.start("keytool", command, CoreSet.ANY)) {
            List<String> said = keytool.awaitOutput(LIMIT);
            if (keytool.awaitEnd(LIMIT) != 0) {
                throw new IOException("keytool: " + String.join(" ", said) + keytool.complaints());
            }
        }
    }

    /**
     * The key as OpenSSL and the clients of certificate authorities write it: PKCS#8 with the public key (RFC 5915 section
     * 3), which keytool leaves out. Without it a proxy has to find out whether the key is the certificate's.
     */
    private static byte[] withPublicKey(ECPrivateKey key, PublicKey publicKey) {
        byte[] scalar = key.getS().toByteArray(); // may have a zero octet before it, or fewer than all
        int length = Math.min(scalar.length, SCALAR);
        byte[] point = publicKey.getEncoded(); // with its algorithm before it
        return ByteBuffer.allocate(BEFORE_SCALAR.length + SCALAR + BEFORE_POINT.length + POINT)
                .put(BEFORE_SCALAR)
                .put(new byte[SCALAR - length])
                .put(scalar, scalar.length - length, length)
                .put(BEFORE_POINT)
                .put(point, point.length - POINT, POINT)
                .array();
    }

    private static String pem(String what, byte[] der) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    }

    private static void writePrivate(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardCharsets.US_ASCII);
    }
}
