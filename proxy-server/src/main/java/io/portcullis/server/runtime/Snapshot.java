package io.portcullis.server.runtime;

import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.JailSet;
import io.portcullis.core.config.BansConfig.Tarpits;
import io.portcullis.core.config.ClientAddressHeader;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.TimeoutsConfig;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.net.ClientAddressResolver;
import io.portcullis.core.net.ForwardedSyntax;
import io.portcullis.core.route.ListenerHosts;
import io.portcullis.core.route.RoutingTable;
import io.portcullis.core.route.VirtualHost;
import io.portcullis.core.upstream.Upstream;
import io.portcullis.core.upstream.Upstreams;
import io.portcullis.server.exchange.Rules;
import io.portcullis.server.tls.ServedCertificate;
import io.portcullis.server.upstream.Destinations;
import io.portcullis.server.upstream.ReachableUpstream;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The result of one configuration load, as exchanges go by it. Immutable. */
final class Snapshot implements Rules {

    private final PortcullisConfig config;
    private final RoutingTable routes;
    private final IdentityHashMap<VirtualHost, JailSet> jails;
    private final JailSet noHostJails;
    private final Upstreams endpoints;
    private final IdentityHashMap<UpstreamConfig, ReachableUpstream> upstreams;
    private final ClientAddressResolver clientAddresses;
    private final TlsListeners tls;

    /**
     * What outlives each snapshot, and what the next one takes it from; thread-safe both.
     *
     * @param destinations of the process; those that a configuration names are kept or added
     * @param tls what certificates come from
     */
    record Sources(Destinations destinations, TlsListeners.Sources tls) {}

    private Snapshot(
            PortcullisConfig config,
            RoutingTable routes,
            IdentityHashMap<VirtualHost, JailSet> jails,
            JailSet noHostJails,
            Upstreams endpoints,
            IdentityHashMap<UpstreamConfig, ReachableUpstream> upstreams,
            TlsListeners tls) {
        this.config = config;
        this.routes = routes;
        this.jails = jails;
        this.noHostJails = noHostJails;
        this.endpoints = endpoints;
        this.upstreams = upstreams;
        this.tls = tls;
        this.clientAddresses = new ClientAddressResolver(config.trustedProxies(), syntax(config.clientAddressHeader()));
    }

    /**
     * Builds all that the configuration asks for. Blocks: it reads certificates and resolves names.
     *
     * @param bans the process's, which compiles the jails
     * @param before whose endpoints live on where this configuration names them, too; null for the first
     * @throws IOException if a file that the configuration names cannot be used
     */
    static Snapshot of(PortcullisConfig config, BanEngine bans, Sources sources, @Nullable Snapshot before)
            throws IOException {
        RoutingTable routes = RoutingTable.of(config.virtualHosts(), config.defaultHost());
        IdentityHashMap<VirtualHost, JailSet> jails = new IdentityHashMap<>();
        for (int i = 0; i < routes.virtualHosts().size(); i++) {
            VirtualHost host = routes.virtualHosts().get(i);
            jails.put(
                    host, bans.jailsOf(host.name(), config.virtualHosts().get(i).jails()));
        }
        Upstreams upstreams = (before == null ? Upstreams.NONE : before.endpoints).with(upstreamConfigs(config));
        IdentityHashMap<UpstreamConfig, ReachableUpstream> reachable = new IdentityHashMap<>();
        for (Upstream upstream : upstreams.all()) {
            reachable.put(upstream.config(), sources.destinations().reach(upstream));
        }
        return new Snapshot(
                config,
                routes,
                jails,
                bans.jailsOfNoHost(config.jails()),
                upstreams,
                reachable,
                TlsListeners.of(config, routes, sources.tls()));
    }

    private static List<UpstreamConfig> upstreamConfigs(PortcullisConfig config) {
        return config.virtualHosts().stream()
                .flatMap(host -> host.routes().stream())
                .map(RouteConfig::target)
                .filter(RouteConfig.ToUpstream.class::isInstance)
                .map(target -> ((RouteConfig.ToUpstream) target).upstream())
                .toList();
    }

    private static ForwardedSyntax syntax(ClientAddressHeader header) {
        return header == ClientAddressHeader.FORWARDED ? ForwardedSyntax.FORWARDED : ForwardedSyntax.ADDRESS_LIST;
    }

    PortcullisConfig config() {
        return config;
    }

    /** The names of the virtual hosts. */
    Set<String> virtualHosts() {
        return jails.keySet().stream().map(VirtualHost::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Forgets of what outlives snapshots all that only others have named. */
    void keepOnlyOwn(BanEngine bans, Sources sources) {
        sources.destinations().keepOnly(upstreams.values());
        sources.tls().certificates().keepOnly(tls.served());
        bans.keepOnlyHosts(virtualHosts());
    }

    @Override
    public ListenerHosts hosts(String listener) {
        return routes.forListener(listener);
    }

    @Override
    public JailSet jails(VirtualHost host) {
        JailSet set = jails.get(host);
        if (set == null) {
            throw new IllegalArgumentException("host: " + host + " (expected: one of this snapshot)");
        }
        return set;
    }

    @Override
    public JailSet noHostJails() {
        return noHostJails;
    }

    @Override
    public ReachableUpstream upstream(UpstreamConfig upstream) {
        ReachableUpstream reachable = upstreams.get(upstream);
        if (reachable == null) {
            throw new IllegalArgumentException("upstream: " + upstream.name() + " (expected: one of this snapshot)");
        }
        return reachable;
    }

    @Override
    public ClientAddressResolver clientAddresses() {
        return clientAddresses;
    }

    @Override
    public String clientAddressHeader() {
        return config.clientAddressHeader().fieldName;
    }

    @Override
    public @Nullable ServedCertificate certificate(String listener, @Nullable VirtualHost host) {
        return tls.certificate(listener, host);
    }

    @Override
    public int httpsPort(VirtualHost host) {
        return tls.port(host);
    }

    @Override
    public LimitsConfig limits() {
        return config.limits();
    }

    @Override
    public TimeoutsConfig timeouts() {
        return config.timeouts();
    }

    @Override
    public Tarpits tarpits() {
        return config.bans().tarpits();
    }
}
