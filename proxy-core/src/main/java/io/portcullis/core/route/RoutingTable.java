package io.portcullis.core.route;

import io.portcullis.core.config.DefaultHost;
import io.portcullis.core.config.VirtualHostConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which virtual host and route a request belongs to, by listener, host and path. Immutable: part of a snapshot. */
public final class RoutingTable {

    private final List<VirtualHost> virtualHosts;
    private final Map<String, ListenerHosts> byListener;
    private final ListenerHosts nothing;

    private RoutingTable(List<VirtualHost> virtualHosts, Map<String, ListenerHosts> byListener, ListenerHosts nothing) {
        this.virtualHosts = virtualHosts;
        this.byListener = byListener;
        this.nothing = nothing;
    }

    /**
     * Builds the table of one configuration.
     *
     * @throws IllegalArgumentException if two virtual hosts claim one server name on one listener
     */
    public static RoutingTable of(List<VirtualHostConfig> configs, DefaultHost defaultHost) {
        List<VirtualHost> hosts = IntStream.range(0, configs.size())
                .mapToObj(i -> VirtualHost.of(i, configs.get(i)))
                .toList();
        Map<String, ListenerHosts> byListener = new HashMap<>();
        for (VirtualHost host : hosts) {
            for (String listener : host.listeners()) {
                byListener.computeIfAbsent(listener, name -> reachableOn(name, hosts, defaultHost));
            }
        }
        return new RoutingTable(hosts, byListener, ListenerHosts.of(List.of(), defaultHost));
    }

    private static ListenerHosts reachableOn(String listener, List<VirtualHost> hosts, DefaultHost defaultHost) {
        List<VirtualHost> reachable = hosts.stream()
                .filter(host -> host.listeners().contains(listener))
                .toList();
        return ListenerHosts.of(reachable, defaultHost);
    }

    /** What is reachable on a listener; nothing where no virtual host names it. To be fetched once a connection. */
    public ListenerHosts forListener(String name) {
        return byListener.getOrDefault(name, nothing);
    }

    /** The virtual host that serves a host on a listener; as {@link ListenerHosts#find}. */
    public @Nullable VirtualHost find(String listener, String host) {
        return forListener(listener).find(host);
    }

    /** All virtual hosts, in the order of the configuration. */
    public List<VirtualHost> virtualHosts() {
        return virtualHosts;
    }
}
