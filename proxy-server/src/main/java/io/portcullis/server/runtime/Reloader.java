package io.portcullis.server.runtime;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.portcullis.core.config.ConfigProblem;
import io.portcullis.core.config.ConfigWarning;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.server.admin.ReloadReport;
import io.portcullis.server.admin.ReloadReport.Changes;
import io.portcullis.server.admin.Reloading;
import io.portcullis.server.config.LoadResult;
import io.portcullis.server.observe.Event;
import io.portcullis.server.observe.Events;
import io.portcullis.server.observe.Logs;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a new configuration into force while exchanges go on. Everything that can fail comes first and beside what is in
 * force: the files, the snapshot, the listeners' ports. After that nothing fails, so it is applied whole or not at all.
 *
 * <p>Thread-safe; the work is done by one thread of its own, one reload after the other.
 */
final class Reloader implements Reloading, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    /** What a new configuration comes from, and what it is put in force in. */
    record Parts(ConfigSource source, Snapshots snapshots, Listeners listeners, KernelTier kernel, Logs logs) {}

    private final ConfigSource source;
    private final Snapshots snapshots;
    private final Listeners listeners;
    private final KernelTier kernel;
    private final Logs logs;
    private final Audience audience;
    private final InstantSource clock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(new DefaultThreadFactory("reload", true));
    /** Whether one that nobody waits for is to be done and has not begun. */
    private final AtomicBoolean isDue = new AtomicBoolean();

    private volatile @Nullable ReloadReport last;

    /** Who is told of a reload, whatever came of it. */
    record Audience(Events events, ServiceManager serviceManager) {}

    Reloader(Parts parts, Audience audience, InstantSource clock) {
        this.source = parts.source();
        this.snapshots = parts.snapshots();
        this.listeners = parts.listeners();
        this.kernel = parts.kernel();
        this.logs = parts.logs();
        this.audience = audience;
        this.clock = clock;
    }

    @Override
    public ReloadReport reload() {
        try {
            return thread.submit(this::run).get();
        } catch (RejectedExecutionException e) {
            return refused(clock.millis(), new ConfigProblem("not reloaded", 0, "", "the process is ending"));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted; the reload goes on", e);
        }
    }

    /** Has it done soon, and returns at once; asked for again before it has begun, it is done once. */
    void reloadSoon() {
        if (isDue.compareAndSet(false, true)) {
            try {
                thread.execute(() -> {
                    isDue.set(false);
                    run();
                });
            } catch (RejectedExecutionException e) {
                LOG.info("not reloaded: the process is ending");
            }
        }
    }

    @Override
    public Optional<ReloadReport> lastReload() {
        return Optional.ofNullable(last);
    }

    private ReloadReport run() {
        long start = clock.millis();
        ReloadReport report;
        audience.serviceManager().reloading();
        try {
            report = load(start);
        } catch (RuntimeException | Error e) { // else the service manager would wait for ever
            LOG.error("internal fault; the configuration in force goes on. Please report this", e);
            report = refused(start, new ConfigProblem("internal fault", 0, "", e.toString()));
        }
        last = report;
        tell(report);
        audience.events()
                .publish(new Event.Reloaded(
                        report.isApplied(),
                        report.problems().stream().map(String::valueOf).toList()));
        audience.serviceManager()
                .ready(report.isApplied() ? "serving, reloaded" : "serving; the last reload was refused: see the log");
        return report;
    }

    private ReloadReport load(long start) {
        LoadResult result = source.load();
        if (result instanceof LoadResult.Loaded loaded) {
            try {
                return apply(loaded, start);
            } catch (IOException e) {
                snapshots.tidy();
                return refused(start, new ConfigProblem(loaded.files().get(0), 0, "", String.valueOf(e.getMessage())));
            }
        }
        List<ConfigProblem> problems = ((LoadResult.Refused) result).problems();
        return report(start, problems, List.of(), Changes.NONE);
    }

    private ReloadReport apply(LoadResult.Loaded loaded, long start) throws IOException {
        PortcullisConfig running = snapshots.current().config();
        ApplicableConfig applicable = ApplicableConfig.of(running, loaded.config());
        PortcullisConfig config = applicable.config();
        Snapshot next = snapshots.build(config);
        Listeners.Change change = listeners.prepare(config.listeners(), next);
        Changes changes = new Changes(
                change.told(),
                ConfigChanges.hosts(running, config),
                ConfigChanges.settings(running, config),
                applicable.needsRestart());
        kernel.suspend();
        try {
            change.commit(next);
            // From here on nothing fails.
            snapshots.publish(next);
        } finally {
            kernel.resume();
        }
        logs.configure(config.log());
        snapshots.tidy();
        return report(start, List.of(), loaded.warnings(), changes);
    }

    private ReloadReport refused(long start, ConfigProblem problem) {
        return report(start, List.of(problem), List.of(), Changes.NONE);
    }

    private ReloadReport report(
            long start, List<ConfigProblem> problems, List<ConfigWarning> warnings, Changes changes) {
        long now = clock.millis();
        return new ReloadReport(now, now - start, problems, warnings, changes);
    }

    private static void tell(ReloadReport report) {
        report.problems().forEach(problem -> LOG.error("{}", problem));
        report.warnings().forEach(warning -> LOG.warn("{}", warning));
        if (!report.isApplied()) {
            int count = report.problems().size();
            LOG.warn(
                    "not reloaded: {}; the configuration in force goes on",
                    count == 1 ? "1 problem" : count + " problems");
            return;
        }
        LOG.info("reloaded in {} ms: {}", report.tookMillis(), report.changes());
        if (!report.changes().needsRestart().isEmpty()) {
            LOG.warn(
                    "changed, and needs a restart; the values in force go on: {}",
                    String.join(", ", report.changes().needsRestart()));
        }
    }

    /** No new reload begins; one under way ends, and finds the listeners closed. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
