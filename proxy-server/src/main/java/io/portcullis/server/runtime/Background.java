package io.portcullis.server.runtime;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that does what comes round again and may block for a moment. Thread-safe. */
final class Background implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("background", true));

    /** Does it for the first time after that interval; a fault in one round keeps none of the next from coming. */
    void every(Duration interval, Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("a background task failed and will be tried again in {}", interval, e);
            }
        };
        thread.scheduleWithFixedDelay(guarded, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Does it soon, and returns at once. */
    void soon(Runnable task) {
        thread.execute(task);
    }

    /** Does it once, when the time has passed; not at all where the process ends before that. */
    void after(Duration delay, Runnable task) {
        try {
            thread.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the process is ending", e);
        }
    }

    /** Ends at once; what waits is not done. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
