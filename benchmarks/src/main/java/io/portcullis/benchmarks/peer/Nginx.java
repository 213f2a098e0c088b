package io.portcullis.benchmarks.peer;

import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.process.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** nginx: a master and one worker. */
final class Nginx implements Peer {

    static final String PROGRAM = "nginx";
    private static final Pattern VERSION = Pattern.compile("nginx/(\\S+)");

    @Override
    public String name() {
        return Peers.NGINX;
    }

    @Override
    public Optional<String> version() throws IOException {
        Optional<Program> program = Program.find(PROGRAM);
        return program.isEmpty() ? Optional.empty() : Optional.of(program.get().version("-v", VERSION));
    }

    @Override
    public Set<Feature> features() {
        return Set.of(Feature.TLS, Feature.HTTP2, Feature.WEBSOCKET, Feature.ACCESS_LOG, Feature.BANNED);
    }

    @Override
    public List<ChildProcess> launch(Configuration configuration, CoreSet cores) throws IOException {
        if (!configuration.has(Feature.ACCESS_LOG)) {
            configuration.word("no-log");
        }
        return List.of(start(configuration, cores));
    }

    static ChildProcess start(Configuration configuration, CoreSet cores) throws IOException {
        Files.createDirectories(configuration.path("temp"));
        configuration.writeHosts("nginx/host.conf", "hosts.conf");
        String file = configuration.write("nginx/nginx.conf", "nginx.conf").toString();
        String prefix = configuration.value("DIR");
        return ChildProcess.start("nginx", Program.require(PROGRAM).command(List.of("-p", prefix, "-c", file)), cores);
    }
}
