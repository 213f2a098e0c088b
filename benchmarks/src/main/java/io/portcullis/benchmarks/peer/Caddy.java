package io.portcullis.benchmarks.peer;

import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.process.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Caddy: one process, which runs Go on one core. */
final class Caddy implements Peer {

    private static final String PROGRAM = "caddy";
    private static final Pattern VERSION = Pattern.compile("v?(\\d+\\.\\S+)");

    @Override
    public String name() {
        return "caddy";
    }

    @Override
    public Optional<String> version() throws IOException {
        Optional<Program> program = Program.find(PROGRAM);
        return program.isEmpty() ? Optional.empty() : Optional.of(program.get().version("version", VERSION));
    }

    @Override
    public Set<Feature> features() {
        return Set.of(Feature.TLS, Feature.HTTP2, Feature.WEBSOCKET, Feature.ACCESS_LOG, Feature.BANNED);
    }

    @Override
    public List<ChildProcess> launch(Configuration configuration, CoreSet cores) throws IOException {
        configuration.writeHosts("caddy/host.caddy", "hosts.caddy");
        String file = configuration.write("caddy/Caddyfile", "Caddyfile").toString();
        String home = configuration.value("DIR");
        List<String> command = new ArrayList<>(
                List.of("env", "HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_CONFIG_HOME=" + home, "GOMAXPROCS=1"));
        command.addAll(Program.require(PROGRAM).command(List.of("run", "--adapter", "caddyfile", "--config", file)));
        return List.of(ChildProcess.start("caddy", command, cores));
    }
}
