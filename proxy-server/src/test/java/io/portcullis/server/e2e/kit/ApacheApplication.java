package io.portcullis.server.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real Apache httpd (Debian's apache2) with a page, a folder that is denied to all, and an {@code .htaccess} that it
 * keeps to itself, as Debian's own configuration has it.
 */
public final class ApacheApplication implements AutoCloseable {

    private static final Path BINARY = Path.of("/usr/sbin/apache2");

    private final Path directory;
    private final Process process;
    private final int port;

    private ApacheApplication(Path directory, Process process, int port) {
        this.directory = directory;
        this.process = process;
        this.port = port;
    }

    /** Starts it; skips the test where there is no apache2, except under CI, where that is a failure. */
    public static ApacheApplication start() throws IOException {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(BINARY).as("apache2, which .ci/run installs").exists();
        }
        assumeTrue(Files.exists(BINARY), "apache2 is not installed");
        // A free port may be taken by somebody else before Apache binds it, so a failed start is tried again.
        for (int attempt = 1; ; attempt++) {
            ApacheApplication apache = launch();
            if (apache.answers()) {
                return apache;
            }
            String log = apache.errorLog();
            apache.close();
            assertThat(attempt).as("attempts to start apache2%n%s", log).isLessThan(3);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** The target of each request that Apache logged. */
    public List<String> requestLines() {
        try {
            return Files.readAllLines(directory.resolve("access.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ApacheApplication launch() throws IOException {
        Path directory = Files.createTempDirectory("apache");
        // Apache's workers run as another user.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path site = Files.createDirectories(directory.resolve("site/denied"));
        Files.writeString(directory.resolve("site/index.html"), "It works!\n");
        Files.writeString(directory.resolve("site/.htaccess"), "# kept from strangers\n");
        Files.writeString(site.resolve("secret.txt"), "secret\n");
        int port = freePort();
        Path configuration = Files.writeString(directory.resolve("apache.conf"), configuration(directory, port));
        Process process = new ProcessBuilder(
                        BINARY.toString(), "-d", directory.toString(), "-f", configuration.toString(), "-DFOREGROUND")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("start.log").toFile())
                .start();
        return new ApacheApplication(directory, process, port);
    }

    private static String configuration(Path directory, int port) {
        return """
                Listen 127.0.0.1:%2$d
                ServerName apache.test
                User www-data
                Group www-data
                PidFile "%1$s/apache.pid"
                DefaultRuntimeDir "%1$s"
                Mutex file:%1$s default
                ErrorLog "%1$s/error.log"
                LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
                LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
                LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so
                LoadModule mime_module /usr/lib/apache2/modules/mod_mime.so
                TypesConfig /etc/mime.types
                LogFormat "%%r" line
                CustomLog "%1$s/access.log" line
                StartServers 1
                DocumentRoot "%1$s/site"
                DirectoryIndex index.html
                <Directory "%1$s/site">
                  Require all granted
                </Directory>
                <Directory "%1$s/site/denied">
                  Require all denied
                </Directory>
                <FilesMatch "^\\.ht">
                  Require all denied
                </FilesMatch>
                """.formatted(directory, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private boolean answers() {
        Awaitility.await("apache2 answers or has ended")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive() || accepts());
        return process.isAlive();
    }

    private boolean accepts() {
        try (RawClient client = RawClient.connect("127.0.0.1", port)) {
            return client.get("apache.test", "/").status() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String errorLog() throws IOException {
        Path errors = directory.resolve("error.log");
        String started = Files.readString(directory.resolve("start.log"));
        return Files.exists(errors) ? started + Files.readString(errors) : started;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
