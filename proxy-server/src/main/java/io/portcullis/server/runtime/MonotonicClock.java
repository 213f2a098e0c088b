package io.portcullis.server.runtime;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * The wall clock as it was when the process started, and the time that has passed since.
 *
 * <p>It never goes back and never jumps, so a correction of the system's clock neither ends bans early nor prolongs them.
 * Thread-safe.
 */
final class MonotonicClock implements InstantSource {

    private final long startMillis = System.currentTimeMillis();
    private final long startNanos = System.nanoTime();

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        return startMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }
}
