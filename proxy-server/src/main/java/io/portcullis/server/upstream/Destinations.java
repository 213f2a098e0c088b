package io.portcullis.server.upstream;

import io.netty.handler.ssl.SslContext;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.UpstreamConfig.EndpointConfig;
import io.portcullis.core.config.UpstreamConfig.Scheme;
import io.portcullis.core.upstream.Endpoint;
import io.portcullis.core.upstream.Upstream;
import io.portcullis.server.observe.metrics.EndpointMeter;
import io.portcullis.server.observe.metrics.Named;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every destination of the process, one for each endpoint and way of verifying and telling it. Lives across reloads, so that pooled
 * connections do.
 *
 * <p>Thread-safe; what blocks (reading certificate files, resolving names) is for threads that may.
 */
public final class Destinations {

    private record Key(Endpoint endpoint, UpstreamConfig.Tls tls, boolean proxyProtocol) {}

    private record Speaking(UpstreamConfig.Tls tls, boolean http2) {}

    private final Map<Key, Destination> destinations = new ConcurrentHashMap<>();
    private final Map<EndpointConfig, EndpointAddress> addresses = new ConcurrentHashMap<>();
    private final Map<Speaking, SslContext> contexts = new ConcurrentHashMap<>();
    private final Named<EndpointMeter> meters;

    /** @param meters by endpoints' names */
    public Destinations(Named<EndpointMeter> meters) {
        this.meters = meters;
    }

    /**
     * How the endpoints of an upstream are reached. Blocks where one of them speaks TLS or has a name.
     *
     * @throws IOException if the certificate authority's file cannot be used
     */
    public ReachableUpstream reach(Upstream upstream) throws IOException {
        UpstreamConfig.Tls tls = upstream.config().tls();
        for (Endpoint endpoint : upstream.endpoints()) {
            Scheme scheme = endpoint.config().scheme();
            Speaking speaking = new Speaking(tls, scheme.isHttp2());
            if (scheme.isEncrypted() && !contexts.containsKey(speaking)) {
                contexts.put(speaking, EndpointTls.context(tls, scheme.isHttp2()));
            }
        }
        List<Destination> reached = upstream.endpoints().stream()
                .map(endpoint -> destinations.computeIfAbsent(
                        new Key(endpoint, tls, upstream.config().proxyProtocol()), this::destination))
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
        Scheme scheme = config.scheme();
        SslContext context = scheme.isEncrypted() ? contexts.get(new Speaking(key.tls, scheme.isHttp2())) : null;
        String tlsName = key.tls.serverName().orElse(config.host());
        return new Destination(
                key.endpoint,
                address,
                new Destination.Greeting(context, tlsName, key.proxyProtocol),
                meters.of(key.endpoint.toString()));
    }

    /** Resolves every name again; blocks. To be called by one thread, every half a minute or so. */
    public void refreshAddresses() {
        addresses.values().forEach(EndpointAddress::refresh);
    }
}
