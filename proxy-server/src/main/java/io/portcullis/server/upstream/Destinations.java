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
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Every destination of the process, one for each endpoint and way of verifying and telling it. Lives across reloads, so that pooled
 * connections do.
 *
 * <p>Thread-safe; what blocks (reading certificate files, resolving names) is for threads that may.
 */
public final class Destinations {

    private record Key(Endpoint endpoint, Trusting trusting, boolean proxyProtocol) {
        Speaking speaking() {
            return new Speaking(trusting, endpoint.config().scheme().isHttp2());
        }
    }

    private record Speaking(Trusting trusting, boolean http2) {}

    /**
     * How an endpoint is verified.
     *
     * @param authority what stands in the certificate authority's file: another content is another destination, so that a
     *     reload takes it up
     */
    private record Trusting(UpstreamConfig.Tls tls, String authority) {

        static Trusting of(UpstreamConfig.Tls tls) throws IOException {
            Optional<Path> file = tls.certificateAuthority();
            return new Trusting(tls, file.isPresent() ? EndpointTls.readAuthority(file.get()) : "");
        }
    }

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
        boolean encrypted = upstream.endpoints().stream()
                .anyMatch(endpoint -> endpoint.config().scheme().isEncrypted());
        Trusting trusting = encrypted ? Trusting.of(tls) : new Trusting(tls, "");
        for (Endpoint endpoint : upstream.endpoints()) {
            Scheme scheme = endpoint.config().scheme();
            Speaking speaking = new Speaking(trusting, scheme.isHttp2());
            if (scheme.isEncrypted() && !contexts.containsKey(speaking)) {
                contexts.put(speaking, EndpointTls.context(tls, scheme.isHttp2()));
            }
        }
        List<Destination> reached = upstream.endpoints().stream()
                .map(endpoint -> destinations.computeIfAbsent(
                        new Key(endpoint, trusting, upstream.config().proxyProtocol()), this::destination))
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
        SslContext context = scheme.isEncrypted() ? contexts.get(key.speaking()) : null;
        String tlsName = key.trusting.tls.serverName().orElse(config.host());
        return new Destination(
                key.endpoint,
                address,
                new Destination.Greeting(context, tlsName, key.proxyProtocol),
                meters.of(key.endpoint.toString()));
    }

    /**
     * Forgets all that these do not reach; a connection that is in use ends with its exchange, an idle one by its age. To
     * be called by whoever calls {@link #reach}, one at a time.
     */
    public void keepOnly(Collection<ReachableUpstream> inUse) {
        Set<Destination> kept = inUse.stream()
                .flatMap(upstream -> upstream.destinations().stream())
                .collect(Collectors.toSet());
        destinations.values().retainAll(kept);
        addresses
                .keySet()
                .retainAll(kept.stream().map(one -> one.endpoint().config()).collect(Collectors.toSet()));
        contexts.keySet()
                .retainAll(destinations.keySet().stream().map(Key::speaking).collect(Collectors.toSet()));
    }

    /** Resolves every name again; blocks. To be called by one thread, every half a minute or so. */
    public void refreshAddresses() {
        addresses.values().forEach(EndpointAddress::refresh);
    }
}
