package io.portcullis.benchmarks.peer;

import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.process.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Portcullis as its launcher starts it, with one event loop. */
final class Portcullis implements Peer {

    private static final Pattern VERSION = Pattern.compile("[Pp]ortcullis (\\S+)");
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
        String token = Files.readString(configuration.path("admin.token")).strip();
        HttpRequest order = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + configuration.value("ADMIN_PORT") + "/v1/bans"))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"address\": \"" + Setup.OFFENDER + "\", \"for\": \"1h\"}"))
                .build();
        try {
            HttpResponse<String> answer = HttpClient.newBuilder()
                    .connectTimeout(LIMIT)
                    .build()
                    .send(order, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("portcullis did not ban " + Setup.OFFENDER + ": " + answer.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while portcullis was told whom to ban", e);
        }
    }
}
