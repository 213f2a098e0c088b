package io.portcullis.server.observe;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** The log on stderr, asynchronous so that no event loop waits for a terminal. */
public final class OperatorLog {
    private OperatorLog() {}

    /**
     * Writes what is queued, waiting a second at most, and ends the log. The last thing a process does: a shutdown hook
     * of logback's own would run beside the drain and lose what the drain has to tell.
     */
    public static void stop() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
            loggers.stop();
        }
    }
}
