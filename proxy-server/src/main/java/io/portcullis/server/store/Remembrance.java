package io.portcullis.server.store;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Sentence;

/**
 * Which bans are kept at a time: those in force, and those that ended not too long ago.
 *
 * @param now in milliseconds since the epoch
 * @param millis how long an ended ban is remembered
 */
record Remembrance(long now, long millis) {

    boolean keeps(Sentence sentence, long until) {
        if (until == Ban.FOREVER || until > now) {
            return true;
        }
        // A ban on trial refused nobody, and so counts for nothing once it is over. A subtraction can't overflow here.
        return sentence.mode() != Sentence.Mode.DRY_RUN && now - until < millis;
    }
}
