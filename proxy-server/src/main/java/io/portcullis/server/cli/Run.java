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
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One proxy in the foreground, until a signal ends it.
 *
 * @param out for the line that says that it is ready
 * @param err for what keeps it from running
 */
record Run(RunArguments arguments, PrintWriter out, PrintWriter err) {

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    /** Blocks until the process ends; returns, with an exit code for it, only where it cannot run. */
    int run() {
        RunningProcess process = new RunningProcess(Run::end);
        // First of all: a rotation of the logs, or a reload, ends whoever does not know these signals.
        Signals.handle("HUP", process::hangUp);
        Signals.handle("USR1", process::reopenLogs);
        Runtime.getRuntime().addShutdownHook(new Thread(process::terminate, "shutdown"));
        HeadStart.begin();
        try {
            return serve(process);
        } finally {
            process.fails();
        }
    }

    private int serve(RunningProcess process) {
        ConfigOption configOption = new ConfigOption(arguments.configFile());
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
                    Optional.of(new Launch(ConfigOption.home(), configOption.file(), arguments.takesOver())),
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
        Jars.open();
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
