package io.portcullis.benchmarks.peer;

import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.process.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * nginx, and fail2ban that reads its access log and has nginx refuse the banned: both on the core of the proxies. Its action
 * is the one for nginx that it comes with, so that no firewall is touched.
 */
final class NginxFail2ban implements Peer {

    private static final String PROGRAM = "fail2ban-server";
    private static final Pattern VERSION = Pattern.compile("v?(\\d+\\.\\S+)");
    private static final Path ACTION = Path.of("/etc/fail2ban/action.d/nginx-block-map.conf");
    private static final Duration TO_WATCH = Duration.ofSeconds(20);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Nginx nginx = new Nginx();

    @Override
    public String name() {
        return "nginx-fail2ban";
    }

    @Override
    public Optional<String> version() throws IOException {
        Optional<Program> fail2ban = Program.find(PROGRAM);
        Optional<String> version = nginx.version();
        if (fail2ban.isEmpty() || version.isEmpty() || !Files.isReadable(ACTION)) {
            return Optional.empty();
        }
        return Optional.of(
                "nginx " + version.get() + ", fail2ban " + fail2ban.get().version("--version", VERSION));
    }

    @Override
    public Set<Feature> features() {
        return Set.of(Feature.JAIL);
    }

    @Override
    public boolean onlyBans() {
        return true;
    }

    @Override
    public List<ChildProcess> launch(Configuration configuration, CoreSet cores) throws IOException {
        configuration.word("fail2ban");
        configuration.value("NGINX", Program.require(Nginx.PROGRAM).path());
        Files.createFile(configuration.path("banned.map"));
        List<ChildProcess> processes = new ArrayList<>();
        try {
            processes.add(Nginx.start(configuration, cores));
            // fail2ban reads on where the log ends when it comes: so there has to be one.
            await(configuration.path("access.log"));
            processes.add(startFail2ban(configuration, cores));
            await(configuration.path("fail2ban.sock"));
            return processes;
        } catch (IOException | RuntimeException e) {
            processes.forEach(ChildProcess::close);
            throw e;
        }
    }

    private static ChildProcess startFail2ban(Configuration configuration, CoreSet cores) throws IOException {
        configuration.write("nginx-fail2ban/fail2ban.conf", "fail2ban/fail2ban.conf");
        configuration.write("nginx-fail2ban/jail.conf", "fail2ban/jail.conf");
        configuration.write("nginx-fail2ban/forbidden.conf", "fail2ban/filter.d/forbidden.conf");
        Path actions = Files.createDirectories(configuration.path("fail2ban/action.d"));
        Files.copy(ACTION, actions.resolve(ACTION.getFileName()));
        List<String> arguments = List.of("-c", configuration.path("fail2ban").toString(), "-f", "-x", "start");
        return ChildProcess.start("fail2ban", Program.require(PROGRAM).command(arguments), cores);
    }

    private static void await(Path file) throws IOException {
        long until = System.nanoTime() + TO_WATCH.toNanos();
        while (!Files.exists(file)) {
            if (System.nanoTime() - until > 0) {
                throw new IOException(file.getFileName() + " did not appear within " + TO_WATCH.toSeconds() + " s");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
