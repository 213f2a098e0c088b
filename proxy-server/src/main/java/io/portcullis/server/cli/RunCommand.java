package io.portcullis.server.cli;

import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.server.config.LoadResult;
import io.portcullis.server.exchange.Patience;
import io.portcullis.server.listener.Listener;
import io.portcullis.server.observe.OperatorLog;
import io.portcullis.server.runtime.ConfigSource;
import io.portcullis.server.runtime.Launch;
import io.portcullis.server.runtime.Portcullis;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code run}: the proxy in the foreground, until a signal ends it. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        header = "Run the proxy in the foreground.",
        description = {
            "Prints one line that begins with 'ready' when every listener accepts. SIGTERM or SIGINT stops it:"
                    + " no new connections, exchanges under way end within timeouts.drain, exit code 0. SIGHUP reloads the"
                    + " configuration, as the command reload does, and SIGUSR1 has it open its log files anew, after a"
                    + " rotation."
        },
        footer = {
            "  portcullis run                                    conf/portcullis.conf beside the program",
            "  portcullis run -c /etc/portcullis/portcullis.conf",
            "  JAVA_OPTS=-Xmx256m portcullis run                 with options for the JVM"
        },
        exitCodeList = {
            "0:stopped by a signal",
            "1:the configuration is invalid, or a listener cannot bind",
            "2:wrong usage"
        })
final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Mixin
    private ConfigOption configOption = new ConfigOption();

    @Option(
            names = "--take-over",
            description = {
                "takes the place of the process that runs with this configuration, without losing a connection; where"
                        + " none does, it just starts. 'portcullis upgrade' has a running process do this by itself"
            })
    private boolean takesOver;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        RunningProcess process = new RunningProcess(RunCommand::end);
        // First of all: a rotation of the logs, or a reload, ends whoever does not know these signals.
        Signals.handle("HUP", process::hangUp);
        Signals.handle("USR1", process::reopenLogs);
        Runtime.getRuntime().addShutdownHook(new Thread(process::terminate, "shutdown"));
        try {
            return run(process);
        } finally {
            process.fails();
        }
    }

    private int run(RunningProcess process) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (!(configOption.loadToRun(err) instanceof LoadResult.Loaded loaded)) {
            return ExitCode.NOT_SO;
        }
        loaded.warnings().forEach(warning -> LOG.warn("{}", warning));
        PortcullisConfig config = loaded.config();
        Portcullis portcullis;
        try {
            portcullis = Portcullis.start(
                    config,
                    ConfigSource.file(configOption.file()),
                    Optional.of(new Launch(ConfigOption.home(), configOption.file(), takesOver)),
                    begins -> process.begins(new Signalled(begins)));
        } catch (IOException | IllegalStateException e) {
            err.println("portcullis: " + e.getMessage());
            err.flush();
            return ExitCode.NOT_SO;
        }
        process.serves();
        process.endsAfter(portcullis.departure());
        String listeners =
                portcullis.listeners().stream().map(Listener::toString).collect(Collectors.joining(" "));
        String admin = portcullis.admin().map(listener -> " " + listener).orElse("");
        long sinceStart = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        announce(
                out,
                "ready " + listeners + admin + " (" + portcullis.transport() + ", "
                        + Counted.of(config.threads(), "event loop") + ", "
                        + Counted.of(config.virtualHosts().size(), "virtual host") + ", " + sinceStart + " ms)");
        try {
            new CountDownLatch(1).await(); // until a signal or a successor ends the process
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.DONE;
    }

    /** A proxy serves on whether or not somebody reads that it does. */
    private static void announce(PrintWriter out, String line) {
        try {
            out.println(line);
            out.flush();
        } catch (OutputLost e) {
            LOG.warn("{}; goes on", e.getMessage());
        }
    }

    /** At once, but for what the log has still to tell. */
    private static void end(int exitCode) {
        try {
            OperatorLog.stop();
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }

    /** The proxy, as signals see it. */
    private record Signalled(Portcullis portcullis) implements RunningProcess.Proxy {
        @Override
        public boolean accepts() {
            return !portcullis.listeners().isEmpty();
        }

        @Override
        public Duration drainTime() {
            return portcullis.config().timeouts().drain();
        }

        @Override
        public int drain(Patience patience) {
            return portcullis.drain(patience);
        }

        @Override
        public void reopenLogs() {
            portcullis.reopenLogs();
        }

        @Override
        public void reloadSoon() {
            portcullis.reloadSoon();
        }
    }
}
