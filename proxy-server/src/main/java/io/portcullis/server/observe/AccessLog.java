package io.portcullis.server.observe;

import io.portcullis.core.config.LogConfig;
import java.time.InstantSource;
import java.time.ZoneId;

/** Where finished exchanges are written, one line each. */
public interface AccessLog extends AutoCloseable {

    /** Writes nothing. */
    AccessLog OFF = entry -> {};

    /**
     * The log that a configuration asks for. The file is opened by the log's own thread: one that cannot be written is
     * told as a warning and tried again, and never keeps the proxy from starting.
     *
     * @param clock tells when a fault may be told and tried again; the lines carry the times of their records
     */
    static AccessLog open(LogConfig config, InstantSource clock) {
        if (config.access().isEmpty()) {
            return OFF;
        }
        AccessLogFile file = new AccessLogFile(config.access().get(), clock);
        return switch (config.format()) {
            case COMBINED -> FileAccessLog.start(new CombinedFormat(ZoneId.systemDefault()), file, clock);
            case JSON -> FileAccessLog.start(new JsonFormat(), file, clock);
            case OFF -> OFF;
        };
    }

    /** Takes a record over. Called on event loops: neither blocks nor throws, and drops the record where it must. */
    void record(AccessRecord entry);

    /** How many records were dropped since the start. From any thread. */
    default long dropped() {
        return 0;
    }

    /** Writes what was recorded before the call, in bounded time. Not for event loops: it waits. */
    @Override
    default void close() {}
}
