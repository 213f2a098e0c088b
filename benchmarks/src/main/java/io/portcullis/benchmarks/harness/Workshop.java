package io.portcullis.benchmarks.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The folder in which everything happens. When it is closed, or the JVM is told to end (Ctrl-C), every process that this
 * one has started is ended, and the folder is removed.
 */
final class Workshop implements AutoCloseable {

    private static final long TO_END_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Path directory;
    /** Who works here. */
    private final Thread worker = Thread.currentThread();

    private final Thread atExit = new Thread(this::abandon, "bench clean-up");
    private final AtomicBoolean cleared = new AtomicBoolean();

    private Workshop(Path directory) {
        this.directory = directory;
    }

    static Workshop open() throws IOException {
        Path directory = Files.createTempDirectory("portcullis-bench-");
        // A proxy that was started by root serves as somebody else, who has to get at its files.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Workshop workshop = new Workshop(directory);
        Runtime.getRuntime().addShutdownHook(workshop.atExit);
        return workshop;
    }

    Path directory() {
        return directory;
    }

    /** Makes place. What a process that is just ending writes there is removed with everything else, at the end. */
    void clear(Path part) {
        try {
            remove(part);
        } catch (IOException | UncheckedIOException e) {
            // It is tried again then, and told if it fails again.
        }
    }

    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending, and whoever ended it has had everything cleared.
        }
    }

    /** Whoever works here gives up first, or it would start further processes meanwhile. */
    private void abandon() {
        worker.interrupt();
        try {
            worker.join(TimeUnit.NANOSECONDS.toMillis(TO_END_NANOS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        clear();
    }

    private void clear() {
        if (cleared.getAndSet(true)) {
            return;
        }
        endAll(ProcessHandle.current().descendants().toList());
        try {
            remove(directory);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("portcullis: " + directory + " can't be removed: " + e.getMessage());
        }
    }

    /** Asks each of them to end, and makes those who have not after five seconds. */
    private static void endAll(List<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroy);
        long until = System.nanoTime() + TO_END_NANOS;
        while (processes.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        processes.forEach(ProcessHandle::destroyForcibly);
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
