package io.portcullis.core.ban;

import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides who is banned, and alone does so. */
public final class BanEngine {

    /** The jail's name in a ban that a person made. */
    public static final String BY_HAND = "by hand";

    /** The reason in the verdict on a denylisted address. */
    public static final String DENYLIST = "denylist";

    public BanEngine(BansConfig config, Allowlist allowlist, InstantSource clock, BanListener listener) {}

    /** Replaces both lists at once; verdicts and observations from now on go by them. */
    public void publish(Allowlist allowlist, CidrSet denylist) {}

    /** The key under which an address is counted and banned. */
    public ClientKey keyOf(IpAddress address) {
        return ClientKey.of(address, 64);
    }

    /** Counts; returns the ban that this observation brought about (the widest, if several), or null. */
    public @Nullable Ban observe(Observation observation) {
        return null;
    }

    /** The request tier. {@code key} is {@link #keyOf} of {@code client.client()}. */
    public Verdict verdict(ClientAddress client, ClientKey key, String virtualHost) {
        return Verdict.Allow.ALLOW;
    }

    /** The accept tier. {@code key} is {@link #keyOf} of {@code peer}. */
    public Verdict verdictAtAccept(IpAddress peer, ClientKey key, Set<String> virtualHosts) {
        return Verdict.Allow.ALLOW;
    }

    /** Bans by hand; returns the ban in force, or null where the address is exempt. */
    public @Nullable Ban ban(IpAddress address, BanScope scope, Duration banTime, Action action) {
        return null;
    }

    /** Takes back the bans of that scope and the counters behind them; returns what was taken back. */
    public List<Ban> unban(ClientKey client, BanScope scope) {
        return List.of();
    }

    /** Takes back all bans and counters of the client; returns what was taken back. */
    public List<Ban> unban(ClientKey client) {
        return List.of();
    }

    /** The bans in force. */
    public List<Ban> bans() {
        return List.of();
    }

    public Evidence why(ClientKey client) {
        return new Evidence(client, List.of(), List.of(), List.of());
    }

    /** Sweeps bans that have run out; returns how many. */
    public int expire() {
        return 0;
    }
}
