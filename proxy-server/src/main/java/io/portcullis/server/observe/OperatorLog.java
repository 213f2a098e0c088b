package io.portcullis.server.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.Reporter;

/** The log on stderr, asynchronous so that no event loop waits for a terminal. */
public final class OperatorLog {

    private static final int MAX_HARMLESS = 80;

    private OperatorLog() {}

    /**
     * Has it found at once, without a search in every jar. For the beginning of a program: without effect where something
     * has been logged.
     */
    public static void name() {
        if (!OperatorLogConfigurator.hasOwnFile()) {
            System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, OperatorLogProvider.class.getName());
            System.setProperty(Reporter.SLF4J_INTERNAL_VERBOSITY_KEY, "WARN"); // else it tells that it was told so
        }
    }

    /** Bans are not told while it is quiet; warnings are. For a command that tells them itself. */
    public static void quiet(boolean quiet) {
        if (LoggerFactory.getLogger(BanLog.NAME) instanceof ch.qos.logback.classic.Logger logger) {
            logger.setLevel(quiet ? Level.WARN : null); // null: as configured for all
        }
    }

    /** What others chose, as it may stand in a line: short, and without anything that a terminal obeys. */
    public static String harmless(String text) {
        boolean fits = text.length() <= MAX_HARMLESS;
        LineBuffer line = new LineBuffer(MAX_HARMLESS);
        line.hexEscaped(fits ? text : text.substring(0, MAX_HARMLESS));
        return fits ? line.toString() : line + "...";
    }

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
