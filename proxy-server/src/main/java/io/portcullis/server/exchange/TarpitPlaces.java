package io.portcullis.server.exchange;

import java.util.concurrent.atomic.AtomicInteger;

/** How many clients are being held, over all event loops. Thread-safe. */
public final class TarpitPlaces {

    private final AtomicInteger taken = new AtomicInteger();

    /** @return whether fewer than {@code max} were taken; only then is one to be given back */
    boolean take(int max) {
        if (taken.incrementAndGet() <= max) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    void giveBack() {
        taken.decrementAndGet();
    }

    /** May count one that is just being refused. */
    public int taken() {
        return taken.get();
    }
}
