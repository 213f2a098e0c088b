package io.portcullis.server.runtime;

import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.JailSet;
import io.portcullis.core.config.BansConfig.Tarpits;
import io.portcullis.core.config.ClientAddressHeader;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.TimeoutsConfig;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.net.ClientAddressResolver;
import io.portcullis.core.net.ForwardedSyntax;
import io.portcullis.core.route.ListenerHosts;
import io.portcullis.core.route.RoutingTable;
import io.portcullis.core.route.VirtualHost;
import io.portcullis.core.upstream.Endpoint;
import io.portcullis.core.upstream.Upstream;
import io.portcullis.core.upstream.Upstreams;
import io.portcullis.server.exchange.Rules;
import io.portcullis.server.observe.metrics.HostMeter;
import io.portcullis.server.observe.metrics.ListenerMeter;
import io.portcullis.server.observe.metrics.Meters;
import io.portcullis.server.tls.ServedCertificate;
import io.portcullis.server.upstream.Destinations;
import io.portcullis.server.upstream.ReachableUpstream;
import java.io.IOException;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The result of one configuration load, as exchanges go by it. Immutable. */
final class Snapshot implements Rules {

    private final PortcullisConfig config;
    private final RoutingTable routes;
    private final IdentityHashMap<VirtualHost, JailSet> jails;
    private final FoundMeters meters;
    private final JailSet noHostJails;
    private final Upstreams endpoints;
    private final IdentityHashMap<UpstreamConfig, ReachableUpstream> upstreams;
    private final ClientAddressResolver clientAddresses;
    private final TlsListeners tls;

    /**
     * What outlives each snapshot, and what the next one takes it from; thread-safe each.
     *
     * @param destinations of the process; those that a configuration names are kept or added
     * @param tls what certificates come from
     * @param meters of the process, found by name
     */
    record Sources(Destinations destinations, TlsListeners.Sources tls, Meters meters) {}

    /**
     * What counts what goes by this snapshot.
     *
     * @param byHost in the order of the configuration
     */
    private record FoundMeters(List<HostMeter> byHost, Map<String, ListenerMeter> byListener) {

        static FoundMeters of(PortcullisConfig config, RoutingTable routes, Meters meters) {
            return new FoundMeters(
                    routes.virtualHosts().stream()
                            .map(host -> meters.hosts().of(host.name()))
                            .toList(),
                    config.listeners().stream()
                            .map(ListenerConfig::name)
                            .collect(Collectors.toMap(name -> name, meters.listeners()::of)));
        }
    }

    private Snapshot(
            PortcullisConfig config,
            RoutingTable routes,
            IdentityHashMap<VirtualHost, JailSet> jails,
            FoundMeters meters,
            JailSet noHostJails,
            Upstreams endpoints,
            IdentityHashMap<UpstreamConfig, ReachableUpstream> upstreams,
            TlsListeners tls) {
        this.config = config;
        this.routes = routes;
        this.jails = jails;
        this.meters = meters;
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
                FoundMeters.of(config, routes, sources.meters()),
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

    Set<String> endpointNames() {
        return upstreams.values().stream()
                .flatMap(upstream -> upstream.upstream().endpoints().stream())
                .map(Endpoint::toString)
                .collect(Collectors.toSet());
    }

    Set<String> listenerNames() {
        return config.listeners().stream().map(ListenerConfig::name).collect(Collectors.toSet());
    }

    /** In the order of the configuration. */
    List<VirtualHost> hosts() {
        return routes.virtualHosts();
    }

    /** Forgets of what outlives snapshots all that only others have named. */
    void keepOnlyOwn(BanEngine bans, Sources sources) {
        sources.destinations().keepOnly(upstreams.values());
        sources.tls().certificates().keepOnly(tls.served());
        bans.keepOnlyHosts(virtualHosts());
    }

    /** Each that a route leads to. */
    Collection<ReachableUpstream> upstreams() {
        return upstreams.values();
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
    public HostMeter meter(VirtualHost host) {
        return meters.byHost().get(host.number());
    }

    @Override
    public ListenerMeter listenerMeter(String listener) {
        ListenerMeter found = meters.byListener().get(listener);
        if (found == null) {
            throw new IllegalArgumentException("listener: " + listener + " (expected: one of this snapshot)");
        }
        return found;
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
