package io.portcullis.server.runtime;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Time, and work that comes round in it. */
interface Rounds {

    /** As {@link System#nanoTime}. */
    long nanoTime();

    /** Does it again and again, for the first time after the pause, and with a pause after each time. */
    void begin(Runnable round, Duration pause);

    /** No round begins any more; one may be under way. */
    void end();

    /** Those of a thread of their own. */
    static Rounds onThread(String name) {
        ScheduledExecutorService thread =
                Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory(name, true));
        return new Rounds() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void begin(Runnable round, Duration pause) {
                thread.scheduleWithFixedDelay(round, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
            }

            @Override
            public void end() {
                thread.shutdown();
            }
        };
    }
}
