package io.portcullis.server.observe.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the system and the JVM know of the process, under the names that Prometheus' own clients give it, so that alerts
 * and dashboards that are there already find it.
 */
public final class ProcessSource implements MetricSource {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final double NANOS_A_SECOND = 1e9;
    private static final double MILLIS_A_SECOND = 1e3;
    private static final int KIB = 1024;

    private final ByteBufAllocator allocator;

    /** @param allocator what the buffers come from */
    public ProcessSource(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    @Override
    public void tell(Scrape scrape) {
        long start = ManagementFactory.getRuntimeMXBean().getStartTime();
        scrape.value(Metric.PROCESS_START, start / MILLIS_A_SECOND);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            scrape.value(Metric.PROCESS_CPU, system.getProcessCpuTime() / NANOS_A_SECOND);
            scrape.value(Metric.PROCESS_OPEN_FDS, (double) system.getOpenFileDescriptorCount());
            scrape.value(Metric.PROCESS_MAX_FDS, (double) system.getMaxFileDescriptorCount());
        }
        residentKib().ifPresent(kib -> scrape.value(Metric.PROCESS_RESIDENT_MEMORY, (double) kib * KIB));
        scrape.value(Metric.JVM_THREADS, ManagementFactory.getThreadMXBean().getThreadCount());
        tellMemory(scrape);
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            double seconds = Math.max(0, collector.getCollectionTime()) / MILLIS_A_SECOND;
            scrape.value(Metric.JVM_GC, seconds, collector.getName());
        }
    }

    private void tellMemory(Scrape scrape) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        tell(memory.getHeapMemoryUsage(), "heap", scrape);
        tell(memory.getNonHeapMemoryUsage(), "nonheap", scrape);
        if (allocator instanceof ByteBufAllocatorMetricProvider provider) {
            scrape.value(Metric.DIRECT_MEMORY, (double) provider.metric().usedDirectMemory());
        }
    }

    private static void tell(MemoryUsage usage, String area, Scrape scrape) {
        scrape.value(Metric.JVM_MEMORY_USED, (double) usage.getUsed(), area);
        if (usage.getMax() >= 0) { // -1 where there is no bound
            scrape.value(Metric.JVM_MEMORY_MAX, (double) usage.getMax(), area);
        }
    }

    /** Empty where the system has no such file. */
    private static Optional<Long> residentKib() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
