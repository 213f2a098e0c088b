package io.portcullis.benchmarks.peer;

import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.process.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Apache httpd with the event MPM: a parent and one child with threads. */
final class Httpd implements Peer {

    /** Debian's name, and everybody else's. */
    private static final List<String> PROGRAMS = List.of("apache2", "httpd");

    private static final List<Path> MODULES = Stream.of(
                    "/usr/lib/apache2/modules",
                    "/usr/lib64/httpd/modules",
                    "/etc/httpd/modules",
                    "/usr/lib/httpd/modules")
            .map(Path::of)
            .toList();
    private static final Pattern VERSION = Pattern.compile("Apache/(\\S+)");

    @Override
    public String name() {
        return "httpd";
    }

    @Override
    public Optional<String> version() throws IOException {
        Optional<Program> program = program();
        return program.isEmpty() || modules().isEmpty()
                ? Optional.empty()
                : Optional.of(program.get().version("-v", VERSION));
    }

    @Override
    public Set<Feature> features() {
        return Set.of(Feature.TLS, Feature.HTTP2, Feature.WEBSOCKET, Feature.ACCESS_LOG, Feature.BANNED);
    }

    @Override
    public List<ChildProcess> launch(Configuration configuration, CoreSet cores) throws IOException {
        Program program = program().orElseThrow(() -> new IOException("Apache httpd is not installed"));
        configuration.value("MODULES", modules().orElseThrow(() -> new IOException("no folder of httpd's modules")));
        if ("root".equals(System.getProperty("user.name"))) {
            configuration.word("root");
        }
        configuration.writeHosts("httpd/host.conf", "hosts.conf");
        String file = configuration.write("httpd/httpd.conf", "httpd.conf").toString();
        return List.of(ChildProcess.start("httpd", program.command(List.of("-D", "FOREGROUND", "-f", file)), cores));
    }

    private static Optional<Program> program() {
        return PROGRAMS.stream().flatMap(name -> Program.find(name).stream()).findFirst();
    }

    private static Optional<Path> modules() {
        return MODULES.stream()
                .filter(folder -> Files.exists(folder.resolve("mod_mpm_event.so")))
                .findFirst();
    }
}
