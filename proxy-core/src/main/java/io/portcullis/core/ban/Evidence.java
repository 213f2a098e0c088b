package io.portcullis.core.ban;

import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.ClientKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the engine holds against a client: the answer to {@code why}.
 *
 * @param client the key under which the address is counted
 * @param exemption why it is never banned: {@code allowlist}, {@code trusted proxy}, {@code the host's own address or
 *     gateway}; empty where it is not exempt
 * @param denylisted the longest denylisted block that has it
 * @param counters those with an offence within their window
 * @param lastOffences counted, oldest first, at most {@link #MAX_OFFENCES}
 * @param bans in force, those on wider prefixes and those on trial among them; their grounds are the store's to tell
 * @param pastBans remembered, ended ones, oldest first
 */
public record Evidence(
        ClientKey client,
        Optional<String> exemption,
        Optional<Cidr> denylisted,
        List<Counter> counters,
        List<Offence> lastOffences,
        List<Ban> bans,
        List<PastBan> pastBans) {

    public static final int MAX_OFFENCES = 20;

    public Evidence {
        counters = List.copyOf(counters);
        lastOffences = List.copyOf(lastOffences);
        bans = List.copyOf(bans);
        pastBans = List.copyOf(pastBans);
    }

    /** Whether nothing is held against the client. */
    public boolean isEmpty() {
        return denylisted.isEmpty()
                && counters.isEmpty()
                && lastOffences.isEmpty()
                && bans.isEmpty()
                && pastBans.isEmpty();
    }

    /**
     * How far a client is from a ban.
     *
     * @param count offences within the window now
     * @param maxRetry the offence that bans
     */
    public record Counter(String virtualHost, String jail, int count, int maxRetry, Duration findTime) {}

    /** @param since in milliseconds since the epoch */
    public record PastBan(BanScope scope, String jail, long since) {}
}
