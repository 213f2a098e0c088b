package io.portcullis.server.runtime;

import io.portcullis.core.config.AdminConfig;
import io.portcullis.core.config.AdminConfig.Metrics;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.BansConfig.Bounds;
import io.portcullis.core.config.BansConfig.Prefixes;
import io.portcullis.core.config.PortcullisConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * A new configuration as a running process can take it: what it is built on from its start goes on with the value that it
 * has, and is told.
 *
 * @param config the new one, with these values left as they are in the process
 * @param needsRestart the keys of those that it would have otherwise
 */
record ApplicableConfig(PortcullisConfig config, List<String> needsRestart) {

    /** @param running what the process runs with */
    static ApplicableConfig of(PortcullisConfig running, PortcullisConfig wanted) {
        List<String> told = new ArrayList<>();
        note("threads", running.threads(), wanted.threads(), told);
        note("transport", running.transport(), wanted.transport(), told);
        note("log", running.log(), wanted.log(), told);
        PortcullisConfig config = new PortcullisConfig(
                wanted.listeners(),
                wanted.virtualHosts(),
                wanted.trustedProxies(),
                wanted.clientAddressHeader(),
                wanted.allowlist(),
                wanted.denylist(),
                wanted.defaultHost(),
                wanted.jails(),
                bans(running.bans(), wanted.bans(), told),
                admin(running.admin(), wanted.admin(), told),
                running.log(),
                wanted.limits(),
                wanted.timeouts(),
                running.threads(),
                running.transport());
        return new ApplicableConfig(config, List.copyOf(told));
    }

    /** The memory is laid out, the bans are keyed and the store is open. */
    private static BansConfig bans(BansConfig running, BansConfig wanted, List<String> told) {
        Bounds bounds = running.bounds();
        note("bans.tracked-clients", bounds.trackedClients(), wanted.bounds().trackedClients(), told);
        note("bans.max-bans", bounds.maxBans(), wanted.bounds().maxBans(), told);
        int ipv6Prefix = running.prefixes().ipv6Prefix();
        note("bans.ipv6-prefix", ipv6Prefix, wanted.prefixes().ipv6Prefix(), told);
        note("bans.store", running.store(), wanted.store(), told);
        return wanted.withBounds(bounds)
                .withPrefixes(new Prefixes(ipv6Prefix, wanted.prefixes().widenAfter()))
                .withStore(running.store());
    }

    /** Whoever asks for the reload may be connected there. */
    private static AdminConfig admin(AdminConfig running, AdminConfig wanted, List<String> told) {
        note("admin.bind", running.bind(), wanted.bind(), told);
        note("admin.token-file", running.tokenFile(), wanted.tokenFile(), told);
        boolean same =
                running.bind().equals(wanted.bind()) && running.tokenFile().equals(wanted.tokenFile());
        int maxHosts = running.metrics().maxHosts();
        note("admin.metrics.max-hosts", maxHosts, wanted.metrics().maxHosts(), told);
        Metrics metrics = new Metrics(maxHosts, wanted.metrics().withoutToken());
        return new AdminConfig(running.bind(), running.tokenFile(), same ? wanted.asked() : running.asked(), metrics);
    }

    private static void note(String key, Object running, Object wanted, List<String> told) {
        if (!running.equals(wanted)) {
            told.add(key);
        }
    }
}
