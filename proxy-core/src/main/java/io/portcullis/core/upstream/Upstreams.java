package io.portcullis.core.upstream;

import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.UpstreamConfig.EndpointConfig;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * All upstreams of one configuration. Immutable: part of a snapshot; the next one is made {@link #with} the next
 * configuration, and takes over the endpoints that are in both, with their health.
 */
public final class Upstreams {

    /** Before the first configuration. */
    public static final Upstreams NONE = new Upstreams(Map.of(), new IdentityHashMap<>());

    private final Map<EndpointConfig, Endpoint> endpoints;
    /** By identity: a route's configuration leads here on every request, and its hash is that of the whole record. */
    private final IdentityHashMap<UpstreamConfig, Upstream> upstreams;

    private Upstreams(Map<EndpointConfig, Endpoint> endpoints, IdentityHashMap<UpstreamConfig, Upstream> upstreams) {
        this.endpoints = endpoints;
        this.upstreams = upstreams;
    }

    /** The upstreams of the next configuration; endpoints that it does not name are forgotten. */
    public Upstreams with(Collection<UpstreamConfig> configs) {
        Map<EndpointConfig, Endpoint> kept = new HashMap<>();
        IdentityHashMap<UpstreamConfig, Upstream> built = new IdentityHashMap<>();
        Map<UpstreamConfig, Upstream> before = new HashMap<>();
        upstreams.forEach(before::put); // by value here: one that says the same goes on where it was
        for (UpstreamConfig config : configs) {
            List<Endpoint> members = config.endpoints().stream()
                    .map(key -> kept.computeIfAbsent(key, this::endpoint))
                    .toList();
            Upstream same = before.get(config);
            built.put(config, same == null ? new Upstream(config, members) : same.under(config));
        }
        return new Upstreams(kept, built);
    }

    private Endpoint endpoint(EndpointConfig config) {
        Endpoint known = endpoints.get(config);
        return known != null ? known : new Endpoint(config);
    }

    /**
     * The upstream of a route.
     *
     * @param config the very object that this was built with
     * @throws IllegalArgumentException if it was not
     */
    public Upstream get(UpstreamConfig config) {
        Upstream upstream = upstreams.get(config);
        if (upstream == null) {
            throw new IllegalArgumentException("upstream: " + config.name() + " (expected: one of this configuration)");
        }
        return upstream;
    }

    public Collection<Upstream> all() {
        return Collections.unmodifiableCollection(upstreams.values());
    }

    /** Every endpoint once. */
    public Collection<Endpoint> endpoints() {
        return Collections.unmodifiableCollection(endpoints.values());
    }
}
