package io.portcullis.core.ban;

import io.portcullis.core.net.ClientKey;
import java.time.Duration;
import java.util.List;

/**
 * What the engine holds against a client: the answer to {@code why}.
 *
 * @param counters those with an offence within their window
 * @param lastOffences counted and not yet punished, oldest first, at most {@link #MAX_OFFENCES}; those that led to a ban are with the ban
 * @param bans in force
 */
public record Evidence(ClientKey client, List<Counter> counters, List<Offence> lastOffences, List<Ban> bans) {

    public static final int MAX_OFFENCES = 20;

    public Evidence {
        counters = List.copyOf(counters);
        lastOffences = List.copyOf(lastOffences);
        bans = List.copyOf(bans);
    }

    /** Whether nothing is held against the client. */
    public boolean isEmpty() {
        return counters.isEmpty() && lastOffences.isEmpty() && bans.isEmpty();
    }

    /**
     * How far a client is from a ban.
     *
     * @param count offences within the window now
     * @param maxRetry the offence that bans
     */
    public record Counter(String virtualHost, String jail, int count, int maxRetry, Duration findTime) {}
}
