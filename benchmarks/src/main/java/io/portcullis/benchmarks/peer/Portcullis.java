package io.portcullis.benchmarks.peer;

import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.process.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Portcullis as its launcher starts it, with one event loop. */
final class Portcullis implements Peer {

    private static final Pattern VERSION = Pattern.compile("[Pp]ortcullis (\\S+)");
    /** In the status: {@code "bans": {"count": 3, ...}}. */
    private static final Pattern BANS = Pattern.compile("\"bans\"\\s*:\\s*\\{\\s*\"count\"\\s*:\\s*(\\d+)");

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Path launcher;

    /** @param home a source tree, or where it is installed */
    Portcullis(Path home) {
        launcher = home.resolve("bin").resolve("portcullis");
    }

    @Override
    public String name() {
        return Peers.PORTCULLIS;
    }

    @Override
    public Optional<String> version() throws IOException {
        if (!Files.isExecutable(launcher)) {
            return Optional.empty();
        }
        return Optional.of(new Program("portcullis", launcher).version("--version", VERSION));
    }

    @Override
    public Set<Feature> features() {
        return Set.of(
                Feature.TLS,
                Feature.HTTP2,
                Feature.WEBSOCKET,
                Feature.ACCESS_LOG,
                Feature.BANNED,
                Feature.JAIL,
                Feature.JAILS,
                Feature.STORM,
                Feature.KERNEL_FILTER);
    }

    /** The archive of the launcher (see {@code bin/portcullis archive}), which counts where it is newer than the program. */
    @Override
    public Optional<String> startsBy() throws IOException {
        Path home = launcher.resolveSibling("..").normalize();
        Path installed = home.resolve("lib");
        Path lib = Files.isDirectory(installed) ? installed : home.resolve("proxy-server/target/portcullis/lib");
        boolean isThere = hasArchive(lib.resolveSibling("archive"), lib);
        return Optional.of(
                isThere
                        ? "Portcullis has its archive of classes: start is with it."
                        : "Portcullis has no archive of classes, or an older one than the program: start is without it"
                                + " (its packages and image have one).");
    }

    static boolean hasArchive(Path archives, Path lib) throws IOException {
        Optional<FileTime> archive = newest(archives, "java-*.{jsa,aot}");
        Optional<FileTime> program = newest(lib, "portcullis-server-*.jar");
        return archive.isPresent() && program.isPresent() && archive.get().compareTo(program.get()) > 0;
    }

    private static Optional<FileTime> newest(Path folder, String files) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        Optional<FileTime> newest = Optional.empty();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, files)) {
            for (Path file : found) {
                FileTime time = Files.getLastModifiedTime(file);
                newest = newest.filter(other -> other.compareTo(time) > 0).or(() -> Optional.of(time));
            }
        }
        return newest;
    }

    @Override
    public List<ChildProcess> launch(Configuration configuration, CoreSet cores) throws IOException {
        configuration.writeEachHost("portcullis/host.conf", "hosts.d", ".conf");
        Path file = configuration.write("portcullis/portcullis.conf", "portcullis.conf");
        List<String> command = List.of(launcher.toString(), "run", "-c", file.toString());
        return List.of(ChildProcess.start(name(), command, cores));
    }

    /** The ban is one by hand, for all hosts, as an operator makes it. */
    @Override
    public void settle(Configuration configuration) throws IOException {
        if (!configuration.has(Feature.BANNED)) {
            return;
        }
        HttpRequest.Builder order = request(configuration, "/v1/bans")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"address\": \"" + Setup.OFFENDER + "\", \"for\": \"1h\"}"));
        answer(order.build());
    }

    @Override
    public long bansInForce(Configuration configuration) throws IOException {
        String status = answer(request(configuration, "/v1/status").build());
        Matcher bans = BANS.matcher(status);
        if (!bans.find()) {
            throw new IOException("portcullis' status does not tell its bans: " + status);
        }
        return Long.parseLong(bans.group(1));
    }

    private static HttpRequest.Builder request(Configuration configuration, String path) throws IOException {
        String token = Files.readString(configuration.path("admin.token")).strip();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + configuration.value("ADMIN_PORT") + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token);
    }

    private static String answer(HttpRequest request) throws IOException {
        try {
            HttpResponse<String> answer = HttpClient.newBuilder()
                    .connectTimeout(LIMIT)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("portcullis answered " + request.uri().getPath() + " with " + answer.statusCode()
                        + " (expected: 200): " + answer.body());
            }
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(
                    "interrupted while portcullis was asked for "
                            + request.uri().getPath(),
                    e);
        }
    }
}
