package io.portcullis.server.runtime;

import java.time.Duration;

/** Rounds in a time that a test has pass. */
final class PlayedRounds implements Rounds {

    private volatile long now;
    private Runnable round = () -> {};
    private volatile long pause = Long.MAX_VALUE;
    private volatile long next = Long.MAX_VALUE;

    /** As the clock of whoever works in a round, too. */
    void pass(Duration time) {
        long until = now + time.toNanos();
        while (next <= until) {
            now = Math.max(now, next);
            next = Long.MAX_VALUE; // nobody comes round while at work
            round.run();
            next = pause == Long.MAX_VALUE ? Long.MAX_VALUE : now + pause;
        }
        now = Math.max(now, until);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void begin(Runnable begun, Duration between) {
        round = begun;
        pause = between.toNanos();
        next = now + pause;
    }

    @Override
    public void end() {
        pause = Long.MAX_VALUE;
        next = Long.MAX_VALUE;
    }
}
