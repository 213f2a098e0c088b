package io.portcullis.server.runtime;

import io.portcullis.server.admin.ReloadReport;
import io.portcullis.server.observe.metrics.Metric;
import io.portcullis.server.observe.metrics.MetricSource;
import io.portcullis.server.observe.metrics.Scrape;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What a scrape is told of the configuration: whether what stands in the files is what is in force, and since when. */
final class ConfigMetrics implements MetricSource {

    private static final double MILLIS_A_SECOND = 1e3;

    private final Supplier<Optional<ReloadReport>> lastReload;
    private final LongSupplier appliedAt;

    /**
     * @param lastReload empty where there was none yet
     * @param appliedAt when what is in force came into force, in milliseconds since the epoch
     */
    ConfigMetrics(Supplier<Optional<ReloadReport>> lastReload, LongSupplier appliedAt) {
        this.lastReload = lastReload;
        this.appliedAt = appliedAt;
    }

    @Override
    public void tell(Scrape scrape) {
        boolean applied = lastReload.get().map(ReloadReport::isApplied).orElse(true);
        scrape.value(Metric.CONFIG_LAST_RELOAD, applied ? 1 : 0);
        scrape.value(Metric.CONFIG_LOADED, appliedAt.getAsLong() / MILLIS_A_SECOND);
    }
}
