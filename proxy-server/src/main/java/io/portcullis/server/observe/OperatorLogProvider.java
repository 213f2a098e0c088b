package io.portcullis.server.observe;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The {@link OperatorLog} for SLF4J, by its name. To be found as a service, and to find its configuration so, would open
 * every jar of the program, of which a start from an archive needs none.
 */
public final class OperatorLogProvider implements SLF4JServiceProvider {

    /** The SLF4J that it is made for: any 2.0. */
    private static final String API_VERSION = "2.0.99";

    private final LoggerContext loggers = new LoggerContext();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final LogbackMDCAdapter diagnostics = new LogbackMDCAdapter();

    @Override
    public void initialize() {
        loggers.setName("default");
        loggers.setMDCAdapter(diagnostics);
        OperatorLogConfigurator configurator = new OperatorLogConfigurator();
        configurator.setContext(loggers);
        configurator.configure(loggers);
        loggers.start();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return diagnostics;
    }

    @Override
    public String getRequestedApiVersion() {
        return API_VERSION;
    }
}
