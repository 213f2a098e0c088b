package io.portcullis.server.observe;

import io.portcullis.core.config.LogConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.time.InstantSource;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process's standard output or error output as the place for lines. A stream that nobody reads holds the log's
 * thread, and nobody else.
 *
 * <p>Others write there too: the ready line, the operator's log, a process that takes over. So lines go out whole, in
 * writes of no more than {@link #ATOMIC_BYTES} unless a single line is longer.
 */
final class LogStream implements LineOutlet {
    /** POSIX's PIPE_BUF on Linux: what pipe(7) promises not to mix with the writes of others. */
    static final int ATOMIC_BYTES = 4_096;

    static final long RETRY_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

    private final String name;
    private final WritableByteChannel channel;
    private final InstantSource clock;
    private final RareWarning warning;
    private long retryAtMillis = Long.MIN_VALUE;

    LogStream(String name, WritableByteChannel channel, InstantSource clock) {
        this.name = name;
        this.channel = channel;
        this.clock = clock;
        this.warning = new RareWarning(clock);
    }

    /** Not by way of {@code System.out}: that swallows faults, and makes whoever prints wait for this log. */
    static LogStream of(LogConfig.Stream stream, InstantSource clock) {
        FileDescriptor descriptor = stream == LogConfig.Stream.STDOUT ? FileDescriptor.out : FileDescriptor.err;
        return new LogStream(
                stream.name().toLowerCase(Locale.ROOT), new FileOutputStream(descriptor).getChannel(), clock);
    }

    @Override
    public boolean isResting() {
        return clock.millis() < retryAtMillis;
    }

    @Override
    public void open(LineBuffer lines) {}

    @Override
    public boolean write(LineBuffer lines) {
        try {
            lines.writeTo(channel, ATOMIC_BYTES);
            return true;
        } catch (IOException | RuntimeException fault) {
            retryAtMillis = clock.millis() + RETRY_MILLIS;
            if (warning.isDue()) {
                LOG.warn(
                        "cannot write to {}; nothing else is held up, trying again every second: {}", name, "" + fault);
            }
            return false;
        }
    }

    @Override
    public void reopen(LineBuffer lines) {}

    /** It is not this log's to close. */
    @Override
    public void close() {}

    @Override
    public String slowness() {
        return "whoever reads " + name + " is slower than the traffic";
    }
}
