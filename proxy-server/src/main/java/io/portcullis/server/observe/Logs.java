package io.portcullis.server.observe;

import io.portcullis.core.ban.BanListener;
import io.portcullis.core.config.LogConfig;
import io.portcullis.core.config.LogConfig.BansFormat;
import io.portcullis.core.config.LogConfig.Format;
import io.portcullis.core.config.LogConfig.InFile;
import io.portcullis.core.config.LogConfig.Stream;
import io.portcullis.core.config.LogConfig.Target;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The process's logs of its own: of exchanges and of bans. They live as long as the process does; a new configuration
 * changes where they go and how they look.
 *
 * <p>Thread-safe. None of its methods waits for a disk, but for {@link #close}.
 */
public final class Logs implements AutoCloseable {
    private final InstantSource clock;
    private final LineLog<AccessRecord> exchanges;
    private final LineLog<BanEvent> bans;
    private final BanLog banLog;
    private final AccessLog accessLog;
    private @Nullable LogConfig inUse;

    private Logs(InstantSource clock) {
        this.clock = clock;
        exchanges = new LineLog<>("access log", clock);
        bans = new LineLog<>("ban log", clock);
        banLog = new BanLog(bans, clock);
        accessLog = new AccessLog() {
            @Override
            public boolean isOn() {
                return exchanges.isOn();
            }

            @Override
            public void record(AccessRecord entry) {
                exchanges.record(entry);
            }

            @Override
            public long dropped() {
                return exchanges.dropped();
            }
        };
    }

    /**
     * The logs that a configuration asks for. Files are opened by the logs' own threads: one that cannot be written is
     * told as a warning and tried again, and never keeps the proxy from starting.
     *
     * @param clock tells when bans fell, and when a fault may be told and tried again
     */
    public static Logs open(LogConfig config, InstantSource clock) {
        Logs logs = new Logs(clock);
        logs.configure(config);
        return logs;
    }

    /** Where finished exchanges are recorded; the same object for the life of the process. */
    public AccessLog access() {
        return accessLog;
    }

    /** What is told of each ban; the same object for the life of the process. */
    public BanListener bans() {
        return banLog;
    }

    /**
     * Changes where the logs go and how they look, at their writers' next round; no record is lost. A log of which
     * nothing has changed goes on as it is.
     */
    public synchronized void configure(LogConfig next) {
        LogConfig old = inUse;
        inUse = next;
        boolean rotationIsKept = old != null && old.rotation().equals(next.rotation());
        if (old == null || !rotationIsKept || !old.access().equals(next.access()) || old.format() != next.format()) {
            exchanges.use(exchangesTarget(next));
        }
        if (old == null
                || !rotationIsKept
                || !old.bans().equals(next.bans())
                || old.bansFormat() != next.bansFormat()) {
            boolean toOperator = tellsOperator(next);
            if (toOperator) {
                banLog.tellOperator(true); // before the other way ends: no ban falls in between
            }
            bans.use(toOperator ? null : bansTarget(next));
            banLog.tellOperator(toOperator);
        }
    }

    /** In words, on stderr, is how the operator's log tells everything; JSON there is for programs. */
    private static boolean tellsOperator(LogConfig config) {
        return config.bans().equals(Optional.of(Stream.STDERR)) && config.bansFormat() == BansFormat.TEXT;
    }

    private LineLog.@Nullable Target<AccessRecord> exchangesTarget(LogConfig config) {
        if (config.access().isEmpty() || config.format() == Format.OFF) {
            return null;
        }
        LineFormat<AccessRecord> format =
                config.format() == Format.JSON ? new JsonFormat() : new CombinedFormat(LocalTimes.ofSystem());
        return new LineLog.Target<>(format, outlet(config.access().get(), config));
    }

    private LineLog.@Nullable Target<BanEvent> bansTarget(LogConfig config) {
        if (config.bans().isEmpty()) {
            return null;
        }
        LineFormat<BanEvent> format =
                config.bansFormat() == BansFormat.JSON ? new BanJsonFormat() : new BanTextFormat();
        return new LineLog.Target<>(format, outlet(config.bans().get(), config));
    }

    private LineOutlet outlet(Target target, LogConfig config) {
        return target instanceof InFile file
                ? new LogFile(file.path(), config.rotation(), clock)
                : LogStream.of((Stream) target, clock);
    }

    /** Has files opened anew, at once: for who has moved them away and needs the old ones closed. */
    public void reopen() {
        exchanges.reopen();
        bans.reopen();
    }

    /** Writes what was recorded before the call, in bounded time. Not for event loops: it waits. */
    @Override
    public void close() {
        exchanges.end();
        bans.end();
        exchanges.awaitEnd();
        bans.awaitEnd();
    }
}
