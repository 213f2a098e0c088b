package io.portcullis.server.cli.doctor;

import io.portcullis.server.admin.Vitals;
import java.util.Optional;

/** Whether the process has the memory that it may ask for. */
final class MemoryCheck implements Check {

    /** In percent of the container's; the rest is for buffers outside the heap, threads and code. */
    private static final int HEAP_SHARE = 75;

    private static final long MUCH_SWAPPED_KIB = 64 * 1024;
    private static final String LIMIT = "sys/fs/cgroup/memory.max";
    private static final int MIB = 1 << 20;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        scene.process().ifPresent(vitals -> {
            lookAtHeap(scene, vitals, findings);
            swapped(scene)
                    .filter(kib -> kib > MUCH_SWAPPED_KIB)
                    .ifPresent(kib -> findings.warn(
                            kib / 1024 + " MiB of the process are swapped out: exchanges wait for the disk",
                            "Give the machine more memory or the JVM less heap (JAVA_OPTS=-Xmx256m), and set MemorySwapMax=0"
                                    + " in the systemd unit."));
            if (findings.isEmpty()) {
                findings.ok("the heap may grow to " + vitals.engine().maxHeap() / MIB
                        + " MiB, and nothing much is swapped");
            }
        });
    }

    private static void lookAtHeap(Scene scene, Vitals vitals, Findings findings) {
        long heap = vitals.engine().maxHeap();
        scene.host()
                .number(LIMIT)
                .filter(limit -> heap > limit / 100 * HEAP_SHARE)
                .ifPresent(limit -> findings.warn(
                        "the heap may grow to " + heap / MIB + " MiB, and the container has " + limit / MIB
                                + " MiB: the kernel may kill the process",
                        "JAVA_OPTS=-XX:MaxRAMPercentage=50, or a larger memory limit."));
    }

    private static Optional<Long> swapped(Scene scene) {
        return scene.host()
                .field(scene.proc() + "/status", "VmSwap")
                .map(text -> text.replace("kB", ""))
                .flatMap(Host::numberOf);
    }
}
