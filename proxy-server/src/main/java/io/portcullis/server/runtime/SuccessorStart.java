package io.portcullis.server.runtime;

import io.portcullis.server.admin.Handover;
import io.portcullis.server.admin.Refusal;
import io.portcullis.server.admin.UpgradeResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts this process's successor by the launcher that it was started by itself, with its environment and its outputs:
 * whatever lies there by now is the version that takes over. Thread-safe.
 */
final class SuccessorStart implements UpgradeResource.Upgrade {

    private static final Logger LOG = LoggerFactory.getLogger(SuccessorStart.class);

    /** The launcher may have to build first, and a million bans take their time. */
    private static final long LIMIT_SECONDS = 100;

    private static final long POLL_MILLIS = 50;
    private static final long FIRST_PROCESS = 1;

    private final Path launcher;
    private final Path configFile;
    private final LongSupplier departedFor;
    private final AtomicBoolean isUnderWay = new AtomicBoolean();

    /**
     * @param home the folder above the launcher's
     * @param configFile that the successor runs with
     * @param departedFor the process id of the one that this one has departed for, or 0
     */
    SuccessorStart(Path home, Path configFile, LongSupplier departedFor) {
        this.launcher = home.resolve("bin").resolve("portcullis");
        this.configFile = configFile.toAbsolutePath();
        this.departedFor = departedFor;
    }

    @Override
    public long start() throws Refusal {
        if (ProcessHandle.current().pid() == FIRST_PROCESS) {
            throw Handover.refusal(
                    "this process is its container's first: when it ends, a successor inside ends with it",
                    "a second container, beside this one, with run --take-over");
        }
        if (!Files.isExecutable(launcher)) {
            throw Handover.refusal(
                    "there is no launcher " + launcher + " to start a successor by",
                    "run --take-over, started by hand with the same configuration");
        }
        if (!isUnderWay.compareAndSet(false, true)) {
            throw Handover.refusal("a successor is being started already", "one at a time");
        }
        try {
            return started();
        } catch (IOException e) {
            throw Handover.refusal("the successor could not be started: " + e.getMessage(), "a launcher that runs");
        } finally {
            isUnderWay.set(false);
        }
    }

    private long started() throws IOException, Refusal {
        List<String> command = List.of(launcher.toString(), "run", "--take-over", "-c", configFile.toString());
        Process successor = new ProcessBuilder(command).inheritIO().start();
        LOG.info("process {} is started to take over: {}", successor.pid(), String.join(" ", command));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        try {
            while (departedFor.getAsLong() != successor.pid()) {
                if (successor.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    LOG.warn("process {} ended before it served; this one goes on", successor.pid());
                    throw Handover.refusal(
                            "the successor ended with exit code " + successor.exitValue()
                                    + " before it served; this process goes on",
                            "exit code 0 and a ready line; what it said is in this process's error output");
                }
                if (System.nanoTime() - end > 0) {
                    throw Handover.refusal(
                            "the successor did not serve within " + LIMIT_SECONDS
                                    + " s and was ended; this process goes on",
                            "a ready line");
                }
            }
            return successor.pid();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Handover.refusal("this process ends", "another try");
        } finally {
            if (departedFor.getAsLong() != successor.pid()) {
                successor.destroyForcibly();
            }
        }
    }
}
