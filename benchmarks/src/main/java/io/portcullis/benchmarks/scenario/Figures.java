package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.load.LoadResult;
import io.portcullis.benchmarks.load.Percentiles;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.Usage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** The figures of a load: what is measured, and how it follows from what the load did and what the proxy used for it. */
final class Figures {

    static final String CPU = "cpu";
    static final String MEMORY = "memory";
    static final String P99 = "p99";

    private static final double MIB = 1 << 20;
    private static final double GIB = 1 << 30;

    private final Map<Measure, ToDoubleBiFunction<LoadResult, Usage>> figures = new LinkedHashMap<>();

    private Figures() {}

    /**
     * The processor's time for each of what the load makes, and how many there were.
     *
     * @param one such as {@code request}
     */
    static Figures per(String one) {
        return new Figures()
                .with(
                        Measure.less(CPU, "CPU a " + one, "µs"),
                        (load, used) -> each(used.cpu().totalMicros(), load))
                .with(
                        Measure.neither("user", "of that in the program", "µs"),
                        (load, used) -> each(used.cpu().userMicros(), load))
                .with(
                        Measure.neither("system", "of that in the kernel", "µs"),
                        (load, used) -> each(used.cpu().systemMicros(), load))
                .with(Measure.more("rate", one + "s a second", "1/s"), (load, used) -> load.perSecond())
                .withMemory();
    }

    /** How long answers take at a fixed rate, and what they cost. */
    static Figures latency() {
        return new Figures().withLatency().and(per("request"));
    }

    /** As {@link #per}, of a load that has a fixed rate. */
    static Figures perAtARate(String one) {
        return per(one).withLatency();
    }

    /** The processor's time for a GiB of bodies. */
    static Figures perGib() {
        return new Figures()
                .with(
                        Measure.less("cpu-gib", "CPU a GiB", "ms"),
                        (load, used) -> gib(used.cpu().totalMicros(), load))
                .with(
                        Measure.neither("user-gib", "of that in the program", "ms"),
                        (load, used) -> gib(used.cpu().userMicros(), load))
                .with(
                        Measure.neither("system-gib", "of that in the kernel", "ms"),
                        (load, used) -> gib(used.cpu().systemMicros(), load))
                .with(
                        Measure.more("throughput", "throughput", "MiB/s"),
                        (load, used) -> load.bytes() / MIB / load.seconds())
                .withMemory();
    }

    /** How many handshakes a second of the proxy's CPU is enough for: the load is not up to so many. */
    static Figures handshakes() {
        return new Figures()
                .with(
                        Measure.more("handshakes", "handshakes a second of CPU", "1/s"),
                        (load, used) -> load.requests() * 1e6 / used.cpu().totalMicros())
                .and(per("handshake"));
    }

    /** What the first figure comes to, as something of which less is better; without bound where there is none. */
    double cost(Part part) {
        Measure first = measures().get(0);
        double value = of(part.load(), part.used()).getOrDefault(first.id(), Double.NaN);
        if (Double.isNaN(value)) {
            return Double.POSITIVE_INFINITY;
        }
        return first.better() == Measure.Better.MORE ? 1 / value : value;
    }

    /** Whether the load has a fixed rate, so that its latency leaves nothing out. */
    boolean areAtARate() {
        return figures.keySet().stream().anyMatch(measure -> measure.id().equals(P99));
    }

    List<Measure> measures() {
        return List.copyOf(figures.keySet());
    }

    /** Those that there are: a load in which nothing succeeded has none for each request. */
    Map<String, Double> of(LoadResult load, Usage used) {
        Map<String, Double> values = new LinkedHashMap<>();
        figures.forEach((measure, figure) -> {
            double value = figure.applyAsDouble(load, used);
            if (Double.isFinite(value)) {
                values.put(measure.id(), value);
            }
        });
        return values;
    }

    /** A page that processes share counts once in the first, and once for each of them in the second. */
    private Figures withMemory() {
        return with(
                        Measure.less("pss", "memory, shared pages by their share", "MiB"),
                        (load, used) -> used.memory().pssBytes() / MIB)
                .with(
                        Measure.neither(MEMORY, "resident memory", "MiB"),
                        (load, used) -> used.memory().rssBytes() / MIB);
    }

    private Figures withLatency() {
        return latency(P99, "p99", Percentiles::p99)
                .latency("p50", "p50", Percentiles::p50)
                .latency("p999", "p99.9", percentiles -> percentiles.p999().orElse(Double.NaN))
                .latency("max", "longest", Percentiles::max)
                .with(
                        Measure.neither(Part.LATE, "the load's own delay, p99", "µs"),
                        (load, used) -> load.figures().getOrDefault(Part.LATE, Double.NaN));
    }

    private Figures latency(String id, String title, ToDoubleFunction<Percentiles> percentile) {
        return with(
                Measure.less(id, title, "µs").latency(),
                (load, used) -> load.latency().map(percentile::applyAsDouble).orElse(Double.NaN));
    }

    private Figures and(Figures others) {
        figures.putAll(others.figures);
        return this;
    }

    private Figures with(Measure measure, ToDoubleBiFunction<LoadResult, Usage> figure) {
        figures.put(measure, figure);
        return this;
    }

    private static double each(long micros, LoadResult load) {
        return (double) micros / load.requests();
    }

    private static double gib(long micros, LoadResult load) {
        return micros / 1e3 / (load.bytes() / GIB);
    }
}
