package io.portcullis.core.route;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a virtual host by one of its server names: an exact name first, then the longest wildcard, {@code *.suffix}
 * before {@code prefix.*} where both are as long.
 *
 * <p>A wildcard stands for one label or more, so {@code *.example.com} is not {@code example.com}. For each dot of the
 * host there is at most one search among the suffixes and one among the prefixes; none allocates.
 */
final class ServerNames {

    private final Map<String, VirtualHost> exact;
    /** By what follows the {@code *}: {@code .example.com}. */
    private final FixedParts suffixes;
    /** By what precedes the {@code *}: {@code www.}. */
    private final FixedParts prefixes;

    private ServerNames(Map<String, VirtualHost> exact, FixedParts suffixes, FixedParts prefixes) {
        this.exact = exact;
        this.suffixes = suffixes;
        this.prefixes = prefixes;
    }

    /** @throws IllegalArgumentException if two virtual hosts have the same server name */
    static ServerNames of(Iterable<VirtualHost> virtualHosts) {
        Map<String, VirtualHost> exact = new HashMap<>();
        TreeMap<String, VirtualHost> suffixes = new TreeMap<>();
        TreeMap<String, VirtualHost> prefixes = new TreeMap<>();
        for (VirtualHost host : virtualHosts) {
            for (String name : host.serverNames()) {
                VirtualHost other;
                if (name.startsWith("*.")) {
                    other = suffixes.putIfAbsent(name.substring(1), host);
                } else if (name.endsWith(".*")) {
                    other = prefixes.putIfAbsent(name.substring(0, name.length() - 1), host);
                } else {
                    other = exact.putIfAbsent(name, host);
                }
                if (other != null && other != host) {
                    throw new IllegalArgumentException(
                            "server name " + name + ": of " + other + " and " + host + " (expected: of one)");
                }
            }
        }
        return new ServerNames(exact, FixedParts.of(suffixes), FixedParts.of(prefixes));
    }

    /**
     * The virtual host that serves a host.
     *
     * @param host lower case, as {@link io.portcullis.core.http.HostName} gives it
     */
    @Nullable
    VirtualHost find(String host) {
        VirtualHost found = exact.get(host);
        return found != null ? found : findWildcard(host);
    }

    private @Nullable VirtualHost findWildcard(String host) {
        int suffix = -1;
        for (int dot = host.indexOf('.');
                dot > 0 && suffix < 0 && !suffixes.isEmpty();
                dot = host.indexOf('.', dot + 1)) {
            suffix = suffixes.indexOf(host, dot, host.length());
        }
        int prefix = -1;
        for (int dot = host.lastIndexOf('.');
                dot > 0 && prefix < 0 && !prefixes.isEmpty();
                dot = host.lastIndexOf('.', dot - 1)) {
            prefix = prefixes.indexOf(host, 0, dot + 1);
        }
        if (prefix >= 0 && (suffix < 0 || prefixes.length(prefix) > suffixes.length(suffix))) {
            return prefixes.host(prefix);
        }
        return suffix < 0 ? null : suffixes.host(suffix);
    }
}
