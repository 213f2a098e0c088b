package io.portcullis.core.config;

import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.Denylist;
import java.util.List;

/**
 * The whole configuration of one process: the main file and every virtual host's.
 *
 * <p>Immutable. Whoever holds one may assume that it has been validated: names that refer to listeners or virtual
 * hosts resolve, ranges hold, and no two virtual hosts claim the same server name on the same listener.
 *
 * @param listeners in the order of the file, at least one
 * @param virtualHosts in the order of their names
 * @param trustedProxies the peers whose forwarding headers are believed
 * @param clientAddressHeader the header that is read from those peers, and from nobody else
 * @param allowlist addresses that are never counted and never banned
 * @param denylist addresses that are refused whatever they do; the allowlist wins
 * @param defaultHost what answers a name that no virtual host claims
 * @param jails the jails that every virtual host inherits, already merged into {@link VirtualHostConfig#jails()}
 * @param threads the number of event loops, at least 1
 */
public record PortcullisConfig(
        List<ListenerConfig> listeners,
        List<VirtualHostConfig> virtualHosts,
        CidrSet trustedProxies,
        ClientAddressHeader clientAddressHeader,
        CidrSet allowlist,
        Denylist denylist,
        DefaultHost defaultHost,
        List<JailConfig> jails,
        BansConfig bans,
        AdminConfig admin,
        LogConfig log,
        LimitsConfig limits,
        TimeoutsConfig timeouts,
        int threads,
        TransportKind transport) {

    public PortcullisConfig {
        listeners = List.copyOf(listeners);
        virtualHosts = List.copyOf(virtualHosts);
        jails = List.copyOf(jails);
    }
}
