package io.portcullis.core.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What holds for all jails.
 *
 * @param promoteAfter a client banned by that many distinct virtual hosts is banned for all; 0 for never
 * @param prefixes how IPv6 clients are told apart
 * @param bounds what is held in memory at most
 * @param remember how long an ended ban is remembered, for those that come back
 * @param unbanGrace how long nothing is counted against a client after a person has taken its ban back
 */
public record BansConfig(
        int promoteAfter,
        Prefixes prefixes,
        Bounds bounds,
        Duration remember,
        Duration unbanGrace,
        SickUpstream sickUpstream,
        Tarpits tarpits,
        KernelFilter kernelFilter,
        Store store) {

    /**
     * How IPv6 clients are told apart.
     *
     * @param ipv6Prefix the prefix length by which they are counted and banned, 16 to 128
     * @param widenAfter so many banned prefixes inside a /56 ban it as a whole, and so many banned /56s a /48; 0 for
     *     never
     */
    public record Prefixes(int ipv6Prefix, int widenAfter) {}

    /**
     * What is held in memory at most.
     *
     * @param trackedClients clients with counters, at least 1; beyond it the least recently seen are forgotten
     * @param maxBans bans in force, at least 1; beyond it those that end soonest are given up
     */
    public record Bounds(int trackedClients, int maxBans) {}

    /**
     * When an error is taken for the application's fault, and not counted against clients.
     *
     * @param share of the distinct clients of the last minute that got the same error, in percent, 1 to 100; 0 for never
     * @param minClients fewer say nothing
     */
    public record SickUpstream(int share, int minClients) {}

    /**
     * How many banned clients are kept waiting.
     *
     * @param max connections at once, over all event loops; further ones are reset
     * @param hold how long
     */
    public record Tarpits(int max, Duration hold) {}

    /** Whether the kernel refuses the loudest of the banned, before they are accepted. */
    public enum KernelFilter {
        /** Where it can be had. */
        AUTO,
        OFF
    }

    /** Where bans outlive the process. */
    public sealed interface Store {

        /** Nowhere: a restart forgets them. */
        enum Memory implements Store {
            MEMORY
        }

        /**
         * In a file.
         *
         * @param path without the ending that the store gives it
         */
        record InFile(Path path) implements Store {}
    }

    public BansConfig withPrefixes(Prefixes other) {
        return new BansConfig(
                promoteAfter, other, bounds, remember, unbanGrace, sickUpstream, tarpits, kernelFilter, store);
    }

    public BansConfig withBounds(Bounds other) {
        return new BansConfig(
                promoteAfter, prefixes, other, remember, unbanGrace, sickUpstream, tarpits, kernelFilter, store);
    }

    public BansConfig withSickUpstream(SickUpstream other) {
        return new BansConfig(
                promoteAfter, prefixes, bounds, remember, unbanGrace, other, tarpits, kernelFilter, store);
    }

    public BansConfig withTarpits(Tarpits other) {
        return new BansConfig(
                promoteAfter, prefixes, bounds, remember, unbanGrace, sickUpstream, other, kernelFilter, store);
    }

    public BansConfig withKernelFilter(KernelFilter other) {
        return new BansConfig(
                promoteAfter, prefixes, bounds, remember, unbanGrace, sickUpstream, tarpits, other, store);
    }

    public BansConfig withStore(Store other) {
        return new BansConfig(
                promoteAfter, prefixes, bounds, remember, unbanGrace, sickUpstream, tarpits, kernelFilter, other);
    }
}
