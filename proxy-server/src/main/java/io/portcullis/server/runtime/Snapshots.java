package io.portcullis.server.runtime;

import io.portcullis.core.ban.Allowlist;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.net.CidrSet;
import java.io.IOException;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot in force. Each is built from the one before, so that what both configurations name lives on: endpoints
 * with their health and pooled connections, certificates with their sessions, what jails have counted.
 *
 * <p>Built by one thread at a time; read by any. What is published is guarded by this: else the lists of the one before
 * could come into force after the next one's.
 */
final class Snapshots {

    private final BanEngine bans;
    private final Snapshot.Sources sources;
    private final InstantSource clock;
    private final Supplier<CidrSet> hostAddresses;

    /** Null until the first is published, which is before anything is accepted. */
    private volatile @Nullable Snapshot current;

    private volatile long publishedAt;

    Snapshots(BanEngine bans, Snapshot.Sources sources, InstantSource clock) {
        this(bans, sources, clock, HostAddresses::read);
    }

    /** @param hostAddresses those under which the host itself arrives, as they are when it is asked */
    Snapshots(BanEngine bans, Snapshot.Sources sources, InstantSource clock, Supplier<CidrSet> hostAddresses) {
        this.bans = bans;
        this.sources = sources;
        this.clock = clock;
        this.hostAddresses = hostAddresses;
    }

    /** Who is exempt, with the host's addresses as they are now. Blocks. */
    static Allowlist exempt(PortcullisConfig config) {
        return exempt(config, HostAddresses.read());
    }

    private static Allowlist exempt(PortcullisConfig config, CidrSet hostAddresses) {
        return new Allowlist(config.allowlist(), config.trustedProxies(), hostAddresses);
    }

    /**
     * Builds the next one beside the current one; nothing goes by it yet. Blocks.
     *
     * @throws IOException if a file that the configuration names cannot be used; the message says which and why
     */
    Snapshot build(PortcullisConfig config) throws IOException {
        return Snapshot.of(config, bans, sources, current);
    }

    /** From now on exchanges that begin go by this one. Blocks while it reads the host's addresses. */
    synchronized void publish(Snapshot next) {
        current = next;
        publishedAt = clock.millis();
        sources.meters().inService(next.virtualHosts(), next.endpointNames(), next.listenerNames());
        refreshAccessLists();
    }

    /** Gives up what outlives snapshots and is in none any more; after a next one was published, or given up. */
    void tidy() {
        current().keepOnlyOwn(bans, sources);
    }

    /** When the one in force was published, in milliseconds since the epoch. */
    long publishedAt() {
        return publishedAt;
    }

    /** The one in force. */
    Snapshot current() {
        Snapshot published = current;
        if (published == null) {
            throw new IllegalStateException("no snapshot (expected: one that was published at the start)");
        }
        return published;
    }

    /** Puts the host's addresses as they are now into force. Blocks. */
    synchronized void refreshAccessLists() {
        PortcullisConfig config = current().config();
        bans.publish(exempt(config, hostAddresses.get()), config.denylist(), config.bans());
    }
}
