package io.portcullis.server.observe.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** What a scrape gets: all that the sources tell, in Prometheus' text format. Thread-safe. */
public final class MetricsText {

    private final List<MetricSource> sources;

    public MetricsText(List<MetricSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /** Asks all sources, and writes. Not for event loops: it takes some milliseconds, and as long as the reader does. */
    public void writeTo(OutputStream out) throws IOException {
        Scrape scrape = new Scrape();
        sources.forEach(source -> source.tell(scrape));
        scrape.writeTo(out);
    }
}
