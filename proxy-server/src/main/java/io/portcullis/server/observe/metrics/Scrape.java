package io.portcullis.server.observe.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What one scrape has read, until it is written. Used by one thread. */
public final class Scrape {

    /** What the text is by HTTP's name. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final double[] UPPER_SECONDS = Buckets.upperSeconds();

    private final Map<Metric, Series> all = new EnumMap<>(Metric.class);

    /** The series of one metric; of its four lists the one of its type is used. */
    private static final class Series {
        private final List<CounterDataPointSnapshot> counters = new ArrayList<>();
        private final List<GaugeDataPointSnapshot> gauges = new ArrayList<>();
        private final List<HistogramDataPointSnapshot> histograms = new ArrayList<>();
        private final List<InfoDataPointSnapshot> infos = new ArrayList<>();
    }

    Scrape() {}

    /** The value of a series; the labels' values in the order of their names. */
    public void value(Metric metric, double value, String... labels) {
        Labels labelled = labels(metric, labels);
        Series series = series(metric);
        switch (metric.type()) {
            case COUNTER -> series.counters.add(new CounterDataPointSnapshot(value, labelled, null, 0));
            case GAUGE -> series.gauges.add(new GaugeDataPointSnapshot(value, labelled, null));
            case INFO -> series.infos.add(new InfoDataPointSnapshot(labelled));
            case HISTOGRAM -> throw new IllegalArgumentException(metric + " (expected: one that has a value)");
        }
    }

    void histogram(Metric metric, Buckets.Sum sum, String... labels) {
        ClassicHistogramBuckets buckets = ClassicHistogramBuckets.of(UPPER_SECONDS, sum.counts());
        series(metric)
                .histograms
                .add(new HistogramDataPointSnapshot(buckets, sum.seconds(), labels(metric, labels), null, 0));
    }

    private static Labels labels(Metric metric, String[] values) {
        return Labels.of(metric.labelNames(), values);
    }

    private Series series(Metric metric) {
        return all.computeIfAbsent(metric, fresh -> new Series());
    }

    /** Writes Prometheus' text format, as it goes. */
    void writeTo(OutputStream out) throws IOException {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        all.forEach((metric, series) -> snapshots.add(snapshot(metric, series)));
        PrometheusTextFormatWriter.create().write(out, new MetricSnapshots(snapshots));
    }

    private static MetricSnapshot snapshot(Metric metric, Series series) {
        MetricMetadata metadata = new MetricMetadata(metric.stem(), metric.help());
        return switch (metric.type()) {
            case COUNTER -> new CounterSnapshot(metadata, series.counters);
            case GAUGE -> new GaugeSnapshot(metadata, series.gauges);
            case HISTOGRAM -> new HistogramSnapshot(metadata, series.histograms);
            case INFO -> new InfoSnapshot(metadata, series.infos);
        };
    }
}
