package io.portcullis.core.ban;

import java.util.Map;

/**
 * What the engine holds at one moment, and what its bounds have cost.
 *
 * @param bySentence how many bans of each are in force
 * @param bans those that have just run out among them
 * @param maxBans so many may there be
 * @param givenUp how many were ended early because there were too many
 * @param clients that have counters
 * @param maxClients so many may there be
 * @param evicted how many clients' counters were forgotten early because there were too many
 */
public record Holdings(
        Map<Sentence, Long> bySentence,
        int bans,
        int maxBans,
        long givenUp,
        int clients,
        int maxClients,
        long evicted) {

    public Holdings {
        bySentence = Map.copyOf(bySentence);
    }

    static Holdings of(BanList bans, TrackedClients tracked, long now) {
        return new Holdings(
                bans.inForceBySentence(now),
                bans.size(),
                bans.maxBans(),
                bans.givenUp(),
                tracked.size(),
                tracked.bound(),
                tracked.evicted());
    }
}
