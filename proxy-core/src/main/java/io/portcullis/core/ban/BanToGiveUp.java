package io.portcullis.core.ban;

import org.jspecify.annotations.Nullable;

/** Of a few bans taken at random, the one that ends soonest: it goes when there are too many. For one thread. */
final class BanToGiveUp {

    /** As Redis has it, nearly; each is a miss of the processor's caches. */
    private static final int SAMPLES = 4;

    /** Before one without an end goes, which a person will have made, some more are looked at. */
    private static final int SAMPLES_OF_ENDLESS = 64;

    private long random;
    private @Nullable BanStripe stripe;
    private int place;
    private long until;
    private int considered;

    /** @param random where its random numbers begin */
    BanToGiveUp(long random) {
        this.random = random;
    }

    int random(int bound) {
        random += 0x9E3779B97F4A7C15L;
        return (int) (((KeyedHash.mix(random) >>> 32) * bound) >>> 32);
    }

    void consider(BanStripe ofStripe, int at, long end) {
        considered++;
        if (stripe == null || end < until) {
            stripe = ofStripe;
            place = at;
            until = end;
        }
    }

    /** How many more are to be looked at. */
    int wanted() {
        boolean endless = stripe != null && until == Ban.FOREVER;
        return Math.max(0, (endless ? SAMPLES_OF_ENDLESS : SAMPLES) - considered);
    }

    /** Null if there was none to consider. */
    @Nullable
    BanStripe stripe() {
        return stripe;
    }

    int place() {
        return place;
    }

    long until() {
        return until;
    }
}
