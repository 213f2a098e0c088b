package io.portcullis.benchmarks.jmh;

import io.portcullis.server.observe.metrics.EndpointMeter;
import io.portcullis.server.observe.metrics.HostMeter;
import io.portcullis.server.observe.metrics.HostTally;
import io.portcullis.server.observe.metrics.Meters;
import io.portcullis.server.observe.metrics.MetricsText;
import io.portcullis.server.observe.metrics.WorkerMeter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to count one exchange, and what a scrape costs with 500 virtual hosts. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MetersBenchmark {

    private static final int HOSTS = 500;

    private final Meters meters = new Meters(4, HOSTS, System::nanoTime);
    private final WorkerMeter worker = meters.worker(1);
    private final HostMeter host = meters.hosts().of("host-0");
    private final EndpointMeter endpoint = meters.endpoints().of("http://127.0.0.1:8080");
    private final MetricsText text = new MetricsText(List.of(meters));

    /** Some milliseconds, as they come; the same for each run. */
    private final long[] nanos = IntStream.range(0, 256)
            .mapToLong(i -> 300_000L + (i * 7_919L % 256) * 40_000L)
            .toArray();

    private int next;

    @Setup
    public void publish() {
        Set<String> names = IntStream.range(0, HOSTS).mapToObj(i -> "host-" + i).collect(Collectors.toSet());
        names.forEach(meters.hosts()::of);
        meters.inService(names, Set.of("http://127.0.0.1:8080"), Set.of());
    }

    /** All that an ordinary exchange counts: begun, its endpoint's connection taken, answered and put back, over. */
    @Benchmark
    public void exchange() {
        long time = nanos[next++ & 255];
        worker.begun();
        worker.tally(endpoint).taken();
        worker.tally(endpoint).answered(time);
        worker.tally(endpoint).idle();
        worker.ended();
        HostTally tally = worker.tally(host);
        tally.carried(0, 1_024);
        tally.answered(200, time);
        tally.lasted(time + 10_000);
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public void scrapeOf500Hosts() throws IOException {
        text.writeTo(OutputStream.nullOutputStream());
    }
}
