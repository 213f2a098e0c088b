package io.portcullis.server.observe;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;

/**
 * What the {@link OperatorLog} looks like and where it goes. As code and not as the library's XML, since to read that would
 * be a fifth of a proxy's start. A file that an operator names by {@code logback.configurationFile} takes its place.
 */
public final class OperatorLogConfigurator extends ContextAwareBase implements Configurator {

    private static final String OWN_FILE = "logback.configurationFile";
    private static final String LEVEL = "portcullis.log.level";

    private static final String TIME = "localTime";

    /** Messages may quote what strangers sent: no control character of theirs reaches a terminal or starts a line. */
    private static final String PATTERN = "%" + TIME + " %-5level %logger{0}"
            + " %replace(%msg){'[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]', '?'}%n"
            + "%replace(%ex){'[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029&&[^\\n\\t]]', '?'}";

    private static final int QUEUE_LENGTH = 4096;

    @Override
    public ExecutionStatus configure(LoggerContext loggers) {
        if (hasOwnFile()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        // stdout belongs to the ready line and the commands' output; logback tells its own affairs there unless told
        // not to.
        loggers.getStatusManager().add(new NopStatusListener());
        loggers.getLogger("io.netty").setLevel(Level.WARN);
        // It warns of every host that has only a loopback interface, which is no fault.
        loggers.getLogger("io.netty.util.internal.MacAddressUtil").setLevel(Level.ERROR);
        ch.qos.logback.classic.Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(System.getProperty(LEVEL), Level.INFO));
        root.addAppender(queue(loggers, stderr(loggers)));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Whether an operator has another configuration read. */
    static boolean hasOwnFile() {
        return System.getProperty(OWN_FILE) != null;
    }

    private static ConsoleAppender<ILoggingEvent> stderr(LoggerContext loggers) {
        PatternLayout layout = new PatternLayout();
        layout.setContext(loggers);
        layout.getInstanceConverterMap().put(TIME, () -> new TimeConverter(LocalTimes.ofSystem()));
        layout.setPattern(PATTERN);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> lines = new LayoutWrappingEncoder<>();
        lines.setContext(loggers);
        lines.setCharset(StandardCharsets.UTF_8);
        lines.setLayout(layout);
        lines.start();
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(loggers);
        stderr.setName("STDERR");
        stderr.setTarget("System.err");
        stderr.setEncoder(lines);
        stderr.start();
        return stderr;
    }

    /** Event loops log: they never wait for a terminal or a pipe that nobody reads; what does not fit is dropped. */
    private static AsyncAppender queue(LoggerContext loggers, ConsoleAppender<ILoggingEvent> to) {
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(loggers);
        queue.setName("ASYNC");
        queue.setQueueSize(QUEUE_LENGTH);
        queue.setNeverBlock(true);
        // Otherwise INFO, and so bans, would be thrown away once the queue is four fifths full.
        queue.setDiscardingThreshold(0);
        queue.addAppender(to);
        queue.start();
        return queue;
    }
}
