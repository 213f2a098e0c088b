package io.portcullis.benchmarks.peer;

import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
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
                    "PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
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

    private static String pem(String what, byte[] der) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    }

    private static void writePrivate(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardCharsets.US_ASCII);
    }
}
