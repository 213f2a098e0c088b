package io.portcullis.core.ban;

import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.Defaults;
import java.time.Duration;

/** What holds for all jails, with nothing on unless told: no promotion, no widening, no watch over upstreams, no grace. */
final class BansSettings {

    private int promoteAfter;
    private int widenAfter;
    private int ipv6Prefix = 64;
    private int trackedClients = 10_000;
    private Duration remember = Duration.ofDays(7);
    private Duration unbanGrace = Duration.ZERO;
    private BansConfig.SickUpstream sickUpstream = new BansConfig.SickUpstream(0, 1);

    static BansSettings bans() {
        return new BansSettings();
    }

    BansSettings promoteAfter(int hosts) {
        promoteAfter = hosts;
        return this;
    }

    BansSettings widenAfter(int prefixes) {
        widenAfter = prefixes;
        return this;
    }

    BansSettings ipv6Prefix(int length) {
        ipv6Prefix = length;
        return this;
    }

    BansSettings trackedClients(int bound) {
        trackedClients = bound;
        return this;
    }

    BansSettings remember(Duration time) {
        remember = time;
        return this;
    }

    BansSettings unbanGrace(Duration time) {
        unbanGrace = time;
        return this;
    }

    BansSettings sickUpstream(int share, int minClients) {
        sickUpstream = new BansConfig.SickUpstream(share, minClients);
        return this;
    }

    BansConfig build() {
        return new BansConfig(
                promoteAfter,
                new BansConfig.Prefixes(ipv6Prefix, widenAfter),
                new BansConfig.Bounds(trackedClients, 2_000_000),
                remember,
                unbanGrace,
                sickUpstream,
                Defaults.bans().tarpits(),
                BansConfig.KernelFilter.OFF,
                BansConfig.Store.Memory.MEMORY);
    }

    EngineFixture engine() {
        return new EngineFixture(build());
    }
}
