package io.portcullis.server.upstream;

import io.netty.handler.ssl.SslContext;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.UpstreamConfig.EndpointConfig;
import io.portcullis.core.config.UpstreamConfig.Scheme;
import io.portcullis.core.upstream.Endpoint;
import io.portcullis.core.upstream.Upstream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every destination of the process, one for each endpoint and way of verifying it. Lives across reloads, so that pooled
 * connections do.
 *
 * <p>Thread-safe; what blocks (reading certificate files, resolving names) is for threads that may.
 */
public final class Destinations {

    private record Key(Endpoint endpoint, UpstreamConfig.Tls tls) {}

    private final Map<Key, Destination> destinations = new ConcurrentHashMap<>();
    private final Map<EndpointConfig, EndpointAddress> addresses = new ConcurrentHashMap<>();
    private final Map<UpstreamConfig.Tls, SslContext> contexts = new ConcurrentHashMap<>();

    /**
     * How the endpoints of an upstream are reached. Blocks where one of them speaks TLS or has a name.
     *
     * @throws IOException if the certificate authority's file cannot be used
     */
    public ReachableUpstream reach(Upstream upstream) throws IOException {
        UpstreamConfig.Tls tls = upstream.config().tls();
        boolean encrypted =
                upstream.endpoints().stream().anyMatch(e -> e.config().scheme() == Scheme.HTTPS);
        if (encrypted && !contexts.containsKey(tls)) {
            contexts.put(tls, EndpointTls.context(tls));
        }
        List<Destination> reached = upstream.endpoints().stream()
                .map(endpoint -> destinations.computeIfAbsent(new Key(endpoint, tls), this::destination))
                .toList();
        return new ReachableUpstream(upstream, reached);
    }

    private Destination destination(Key key) {
        EndpointConfig config = key.endpoint.config();
        EndpointAddress address = addresses.computeIfAbsent(config, c -> {
            EndpointAddress made = new EndpointAddress(c.host(), c.port());
            made.refresh();
            return made;
        });
        SslContext context = config.scheme() == Scheme.HTTPS ? contexts.get(key.tls) : null;
        return new Destination(key.endpoint, context, key.tls.serverName().orElse(config.host()), address);
    }

    /** Resolves every name again; blocks. To be called by one thread, every half a minute or so. */
    public void refreshAddresses() {
        addresses.values().forEach(EndpointAddress::refresh);
    }
}
