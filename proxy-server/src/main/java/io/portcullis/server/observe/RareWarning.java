package io.portcullis.server.observe;

import java.time.InstantSource;

/** Lets one warning through in ten seconds, so that a lasting fault does not fill the log it is told in. One thread's. */
public final class RareWarning {
    static final long PERIOD_MILLIS = 10_000;

    private final InstantSource clock;
    private long nextMillis = Long.MIN_VALUE;

    public RareWarning(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether to warn now; true at most once a period. */
    public boolean isDue() {
        long now = clock.millis();
        if (now < nextMillis) {
            return false;
        }
        nextMillis = now + PERIOD_MILLIS;
        return true;
    }
}
