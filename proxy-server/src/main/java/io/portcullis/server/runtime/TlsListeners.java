package io.portcullis.server.runtime;

import io.portcullis.core.config.CertificateConfig;
import io.portcullis.core.config.HttpsConfig;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.route.ListenerHosts;
import io.portcullis.core.route.RoutingTable;
import io.portcullis.core.route.VirtualHost;
import io.portcullis.server.tls.CertificateFault;
import io.portcullis.server.tls.Certificates;
import io.portcullis.server.tls.ServedCertificate;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which certificate is shown for whom on each TLS listener, and where a virtual host is reached by TLS. Immutable. */
final class TlsListeners {

    private static final int HTTPS_PORT = 443;

    private final Map<String, Shown> byListener;
    private final List<ListenerConfig> listeners;
    private final Map<String, Integer> ports;

    /**
     * Of the process; thread-safe both.
     *
     * @param ports by listener, once it is bound: where the configuration says 0, the system chooses
     */
    record Sources(Certificates certificates, Map<String, Integer> ports) {}

    /**
     * What one listener shows.
     *
     * @param byHost of all that are reachable there and have one
     * @param otherwise to whom no virtual host can be named; null for nothing
     */
    private record Shown(
            IdentityHashMap<VirtualHost, ServedCertificate> byHost,
            @Nullable ServedCertificate otherwise) {}

    private TlsListeners(Map<String, Shown> byListener, List<ListenerConfig> listeners, Map<String, Integer> ports) {
        this.byListener = byListener;
        this.listeners = listeners;
        this.ports = ports;
    }

    /**
     * Reads the certificates that are not served yet. Blocks.
     *
     * @throws CertificateFault if one cannot be used
     */
    static TlsListeners of(PortcullisConfig config, RoutingTable routes, Sources sources) throws CertificateFault {
        Map<String, Shown> byListener = new HashMap<>();
        List<ListenerConfig> listeners = config.listeners().stream()
                .filter(listener -> listener.tls().isPresent())
                .toList();
        for (ListenerConfig listener : listeners) {
            byListener.put(listener.name(), shown(listener, config, routes, sources.certificates()));
        }
        return new TlsListeners(byListener, listeners, sources.ports());
    }

    private static Shown shown(
            ListenerConfig listener, PortcullisConfig config, RoutingTable routes, Certificates certificates)
            throws CertificateFault {
        ServedCertificate byDefault =
                serve(listener.tls().flatMap(ListenerConfig.Tls::defaultCertificate), listener, certificates, null);
        IdentityHashMap<VirtualHost, ServedCertificate> byHost = new IdentityHashMap<>();
        for (int i = 0; i < routes.virtualHosts().size(); i++) {
            VirtualHost host = routes.virtualHosts().get(i);
            HttpsConfig https = config.virtualHosts().get(i).https();
            if (host.listeners().contains(listener.name())) {
                ServedCertificate own = serve(https.certificate(), listener, certificates, byDefault);
                if (own != null) {
                    byHost.put(host, own);
                }
            }
        }
        ListenerHosts hosts = routes.forListener(listener.name());
        return new Shown(byHost, byDefault == null ? byHost.get(hosts.standIn()) : byDefault);
    }

    private static @Nullable ServedCertificate serve(
            Optional<CertificateConfig> files,
            ListenerConfig listener,
            Certificates certificates,
            @Nullable ServedCertificate otherwise)
            throws CertificateFault {
        return files.isPresent() ? certificates.serve(files.get(), listener.http2()) : otherwise;
    }

    /** As {@link io.portcullis.server.exchange.Rules#certificate}. */
    @Nullable
    ServedCertificate certificate(String listener, @Nullable VirtualHost host) {
        Shown shown = byListener.get(listener);
        if (shown == null) {
            return null;
        }
        return host == null ? shown.otherwise() : shown.byHost().get(host);
    }

    /** All that are shown anywhere. */
    Set<ServedCertificate> served() {
        return byListener.values().stream()
                .flatMap(shown -> Stream.concat(shown.byHost().values().stream(), Stream.ofNullable(shown.otherwise())))
                .collect(Collectors.toSet());
    }

    /** The port of the host's TLS listener: 443 if it is one of them, else that of the first; 0 where it has none. */
    int port(VirtualHost host) {
        int first = 0;
        for (ListenerConfig listener : listeners) {
            if (host.listeners().contains(listener.name())) {
                int port = ports.getOrDefault(listener.name(), listener.port());
                if (first == 0 || port == HTTPS_PORT) {
                    first = port;
                }
            }
        }
        return first;
    }
}
