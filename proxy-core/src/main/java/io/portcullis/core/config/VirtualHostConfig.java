package io.portcullis.core.config;

import java.util.List;
import java.util.Optional;

/**
 * One file under {@code virtual-hosts-dir}.
 *
 * @param name the file's name without {@code .conf}; a ban's scope refers to it
 * @param serverNames lower case: exact, {@code *.suffix} or {@code prefix.*}
 * @param listeners the names of the listeners it is reachable on, at least one
 * @param routes in no particular order; the longest path prefix wins
 * @param jails its own and the inherited ones that are enabled, each name once
 * @param verdictHeader the field in which its applications, which it trusts, say how many offences an answer is; it never
 *     leaves the proxy
 * @param https what it says about TLS
 */
public record VirtualHostConfig(
        String name,
        List<String> serverNames,
        List<String> listeners,
        List<RouteConfig> routes,
        List<JailConfig> jails,
        Optional<String> verdictHeader,
        HttpsConfig https) {

    public VirtualHostConfig {
        serverNames = List.copyOf(serverNames);
        listeners = List.copyOf(listeners);
        routes = List.copyOf(routes);
        jails = List.copyOf(jails);
    }
}
