package io.portcullis.server.exchange;

import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.JailSet;
import io.portcullis.core.config.BansConfig.Tarpits;
import io.portcullis.core.config.ClientAddressHeader;
import io.portcullis.core.config.DefaultHost;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.TimeoutsConfig;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.ClientAddressResolver;
import io.portcullis.core.net.ForwardedSyntax;
import io.portcullis.core.route.ListenerHosts;
import io.portcullis.core.route.RoutingTable;
import io.portcullis.core.route.VirtualHost;
import io.portcullis.core.upstream.Upstream;
import io.portcullis.core.upstream.Upstreams;
import io.portcullis.server.observe.metrics.HostMeter;
import io.portcullis.server.observe.metrics.ListenerMeter;
import io.portcullis.server.observe.metrics.Meters;
import io.portcullis.server.tls.ServedCertificate;
import io.portcullis.server.upstream.Destinations;
import io.portcullis.server.upstream.ReachableUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rules made by hand for the virtual hosts of one listener, named {@code http}; 192.0.2.0/24 is trusted proxies'. */
public final class TestRules implements Rules {

    public static final String LISTENER = "http";
    public static final CidrSet TRUSTED = CidrSet.of(List.of(Objects.requireNonNull(Cidr.parse("192.0.2.0/24"))));

    private final List<VirtualHostConfig> hosts;
    private final List<JailConfig> inherited;
    private final Meters meters = new Meters(1, 10, System::nanoTime);
    private final RoutingTable routes;
    private @Nullable JailSet noHostJails;
    private final IdentityHashMap<VirtualHost, JailSet> jails = new IdentityHashMap<>();
    private final IdentityHashMap<UpstreamConfig, ReachableUpstream> upstreams = new IdentityHashMap<>();

    private final ClientAddressHeader clientAddressHeader;
    private int maxConnectionsPerClient;

    public TestRules(List<VirtualHostConfig> hosts) {
        this(hosts, List.of(), DefaultHost.Close.CLOSE, ClientAddressHeader.X_FORWARDED_FOR);
    }

    TestRules(List<VirtualHostConfig> hosts, ClientAddressHeader clientAddressHeader) {
        this(hosts, List.of(), DefaultHost.Close.CLOSE, clientAddressHeader);
    }

    /** @param inherited the jails of the main file, which count what concerns no host */
    public TestRules(List<VirtualHostConfig> hosts, List<JailConfig> inherited, DefaultHost defaultHost) {
        this(hosts, inherited, defaultHost, ClientAddressHeader.X_FORWARDED_FOR);
    }

    private TestRules(
            List<VirtualHostConfig> hosts,
            List<JailConfig> inherited,
            DefaultHost defaultHost,
            ClientAddressHeader clientAddressHeader) {
        this.clientAddressHeader = clientAddressHeader;
        this.hosts = hosts;
        this.inherited = inherited;
        routes = RoutingTable.of(hosts, defaultHost);
        List<UpstreamConfig> configs = hosts.stream()
                .flatMap(host -> host.routes().stream())
                .map(RouteConfig::target)
                .filter(RouteConfig.ToUpstream.class::isInstance)
                .map(target -> ((RouteConfig.ToUpstream) target).upstream())
                .toList();
        Destinations destinations = new Destinations(meters.endpoints());
        try {
            for (Upstream upstream : Upstreams.NONE.with(configs).all()) {
                upstreams.put(upstream.config(), destinations.reach(upstream));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The engine whose jails these are: a worker's says so before anything happens. */
    void compileBy(BanEngine bans) {
        for (int i = 0; i < hosts.size(); i++) {
            VirtualHost host = routes.virtualHosts().get(i);
            jails.put(host, bans.jailsOf(host.name(), hosts.get(i).jails()));
        }
        noHostJails = bans.jailsOfNoHost(inherited);
    }

    @Override
    public HostMeter meter(VirtualHost host) {
        return meters.hosts().of(host.name());
    }

    @Override
    public ListenerMeter listenerMeter(String listener) {
        return meters.listeners().of(listener);
    }

    @Override
    public JailSet noHostJails() {
        return Objects.requireNonNull(noHostJails);
    }

    @Override
    public Tarpits tarpits() {
        return new Tarpits(2, Defaults.TARPIT_HOLD);
    }

    @Override
    public ListenerHosts hosts(String listener) {
        return routes.forListener(listener);
    }

    @Override
    public JailSet jails(VirtualHost host) {
        return Objects.requireNonNull(jails.get(host));
    }

    @Override
    public ReachableUpstream upstream(UpstreamConfig config) {
        return Objects.requireNonNull(upstreams.get(config));
    }

    @Override
    public ClientAddressResolver clientAddresses() {
        return new ClientAddressResolver(
                TRUSTED,
                clientAddressHeader == ClientAddressHeader.FORWARDED
                        ? ForwardedSyntax.FORWARDED
                        : ForwardedSyntax.ADDRESS_LIST);
    }

    @Override
    public String clientAddressHeader() {
        return clientAddressHeader.fieldName;
    }

    @Override
    public @Nullable ServedCertificate certificate(String listener, @Nullable VirtualHost host) {
        return null;
    }

    @Override
    public int httpsPort(VirtualHost host) {
        return 8443;
    }

    void maxConnectionsPerClient(int most) {
        maxConnectionsPerClient = most;
    }

    @Override
    public LimitsConfig limits() {
        return new LimitsConfig(
                Defaults.MAX_HEAD_SIZE,
                Defaults.MAX_HEADERS,
                Defaults.MAX_BODY_SIZE,
                Defaults.MAX_CONNECTIONS,
                maxConnectionsPerClient);
    }

    @Override
    public TimeoutsConfig timeouts() {
        return new TimeoutsConfig(
                Defaults.HEAD_TIMEOUT,
                Defaults.IDLE_TIMEOUT,
                Defaults.CONNECT_TIMEOUT,
                Defaults.RESPONSE_TIMEOUT,
                Defaults.TUNNEL_TIMEOUT,
                Defaults.DRAIN_TIMEOUT);
    }
}
