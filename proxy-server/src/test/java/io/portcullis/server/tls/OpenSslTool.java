package io.portcullis.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.CertificateConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The openssl command in a directory: makes keys and certificates as operators do, and is a client not like the JDK. */
final class OpenSslTool {

    /** How {@code req -newkey} is told what key to make. */
    static final List<String> RSA = List.of("-newkey", "rsa:2048");

    static final List<String> P256 = curve("P-256");

    private final Path directory;

    OpenSslTool(Path directory) {
        this.directory = directory;
    }

    static List<String> curve(String name) {
        return List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:" + name);
    }

    /** @return what it wrote, on stdout and stderr */
    String run(String... arguments) throws IOException {
        Result result = execute("", arguments);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }

    record Result(int exitCode, String output) {}

    Result execute(String input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(directory, "openssl", ".out");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().close();
        try {
            boolean ended = process.waitFor(30, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended).as("openssl ended").isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Result(process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
    }

    /** A connection that says {@code bye} after its handshake. */
    Result client(TlsServer server, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("s_client", "-connect", "127.0.0.1:" + server.port(), "-ign_eof", "-servername", "shop.test"));
        arguments.addAll(List.of(options));
        return execute("bye\n", arguments.toArray(String[]::new));
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    CertificateConfig files(String name) {
        return new CertificateConfig(file(name + ".crt"), file(name + ".key"));
    }

    /** A certificate for 30 days that is signed by itself, as {@code NAME.crt} with {@code NAME.key}. */
    CertificateConfig selfSigned(String name, List<String> key, String subjectAltName) throws IOException {
        return selfSigned(name, key, subjectAltName, 30);
    }

    CertificateConfig selfSigned(String name, List<String> key, String subjectAltName, int days) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("req", "-x509", "-nodes"));
        arguments.addAll(key);
        arguments.addAll(List.of("-keyout", name + ".key", "-out", name + ".crt", "-days", "" + days));
        arguments.addAll(List.of("-subj", "/CN=" + name + ".test"));
        if (!subjectAltName.isEmpty()) {
            arguments.addAll(List.of("-addext", "subjectAltName=" + subjectAltName));
        }
        run(arguments.toArray(String[]::new));
        return files(name);
    }

    /** A certificate that an intermediate authority signed, whose own certificate follows it in {@code NAME.crt}. */
    CertificateConfig chained(String name) throws IOException {
        run("req", "-x509", "-nodes", "-newkey", "rsa:2048", "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=ca");
        Files.writeString(file("ext"), "subjectAltName=DNS:" + name + ".test\n");
        run("req", "-nodes", "-newkey", "rsa:2048", "-keyout", name + ".key", "-out", "csr", "-subj", "/CN=" + name);
        run(
                "x509",
                "-req",
                "-in",
                "csr",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-set_serial",
                "7",
                "-days",
                "30",
                "-extfile",
                "ext",
                "-out",
                "leaf.crt");
        Files.writeString(file(name + ".crt"), Files.readString(file("leaf.crt")) + Files.readString(file("ca.crt")));
        return files(name);
    }

    /** Puts the content of one file in the place of another's, at once, as certbot and careful scripts do. */
    void replace(Path target, Path source) throws IOException {
        Path fresh = Files.createTempFile(directory, "fresh", null);
        Files.copy(source, fresh, StandardCopyOption.REPLACE_EXISTING);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    }

    void replace(CertificateConfig target, CertificateConfig source) throws IOException {
        replace(target.certificate(), source.certificate());
        replace(target.key(), source.key());
    }
}
