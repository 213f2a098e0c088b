package io.portcullis.benchmarks.harness;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a run may take. Who plans asks what is left; whoever is still at work when it is over, and some time more, is
 * interrupted, so that even a machine on which everything takes ten times as long has a report in time.
 */
final class TimeLimit implements AutoCloseable {

    /** For a round that has begun. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Optional<Duration> limit;
    private final long began = System.nanoTime();
    private final Thread worker = Thread.currentThread();
    private final Thread watch = new Thread(this::watch, "bench time limit");
    private volatile boolean interrupted;

    /** Of the work of this thread, from now on. */
    TimeLimit(Optional<Duration> limit) {
        this.limit = limit;
        watch.setDaemon(true);
        if (limit.isPresent()) {
            watch.start();
        }
    }

    boolean leaves(Duration estimate) {
        return limit.isEmpty() || left(limit.get()).compareTo(estimate) >= 0;
    }

    /** Whether the worker was interrupted from here, and by nobody else. It may go on then, to tell what there is. */
    boolean hasInterrupted() {
        return interrupted && Thread.interrupted();
    }

    @Override
    public void close() {
        watch.interrupt();
    }

    private Duration left(Duration all) {
        return all.minusNanos(System.nanoTime() - began);
    }

    private void watch() {
        try {
            Thread.sleep(limit.orElseThrow().plus(GRACE).toMillis());
            interrupted = true;
            worker.interrupt();
        } catch (InterruptedException e) {
            // The run is done.
        }
    }
}
