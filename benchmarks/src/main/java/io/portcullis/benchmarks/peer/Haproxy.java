package io.portcullis.benchmarks.peer;

import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.process.Program;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** HAProxy: one process with one thread. */
final class Haproxy implements Peer {

    private static final String PROGRAM = "haproxy";
    private static final Pattern VERSION = Pattern.compile("HAProxy version (\\S+)");
    /** It logs to its output, which is a file here. The shell becomes HAProxy. */
    private static final String TO_A_FILE = "log=$1; shift; exec \"$@\" >\"$log\"";

    @Override
    public String name() {
        return Peers.HAPROXY;
    }

    @Override
    public Optional<String> version() throws IOException {
        Optional<Program> program = Program.find(PROGRAM);
        return program.isEmpty() ? Optional.empty() : Optional.of(program.get().version("-v", VERSION));
    }

    @Override
    public Set<Feature> features() {
        return Set.of(Feature.TLS, Feature.HTTP2, Feature.WEBSOCKET, Feature.ACCESS_LOG, Feature.BANNED, Feature.JAIL);
    }

    @Override
    public List<ChildProcess> launch(Configuration configuration, CoreSet cores) throws IOException {
        configuration.writeHosts("haproxy/host.map", "hosts.map");
        String file = configuration.write("haproxy/haproxy.cfg", "haproxy.cfg").toString();
        String log = configuration.path("haproxy.log").toString();
        String program = Program.require(PROGRAM).path().toString();
        return List.of(ChildProcess.start(
                "haproxy", List.of("sh", "-c", TO_A_FILE, "sh", log, program, "-db", "-f", file), cores));
    }
}
