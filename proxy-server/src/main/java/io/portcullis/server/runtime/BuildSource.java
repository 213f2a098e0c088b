package io.portcullis.server.runtime;

import io.portcullis.server.observe.metrics.Metric;
import io.portcullis.server.observe.metrics.MetricSource;
import io.portcullis.server.observe.metrics.Scrape;
import io.portcullis.server.tls.TlsLibrary;
import java.util.Locale;
import java.util.function.Supplier;

/** What a scrape is told of what runs: the version, and what it found here to run on. */
final class BuildSource implements MetricSource {

    private final String transport;
    private final Supplier<TlsLibrary> tls;

    /**
     * @param transport by its name in the configuration
     * @param tls asked at a scrape, for asking loads it
     */
    BuildSource(String transport, Supplier<TlsLibrary> tls) {
        this.transport = transport;
        this.tls = tls;
    }

    @Override
    public void tell(Scrape scrape) {
        String version = BuildSource.class.getPackage().getImplementationVersion();
        scrape.value(
                Metric.BUILD,
                1,
                version == null ? "development" : version,
                System.getProperty("java.version"),
                transport,
                tls.get().name().toLowerCase(Locale.ROOT));
    }
}
