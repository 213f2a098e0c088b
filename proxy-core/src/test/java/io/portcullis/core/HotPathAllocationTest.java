package io.portcullis.core;

import static io.portcullis.core.net.Literals.address;
import static io.portcullis.core.net.Literals.blocks;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.portcullis.core.config.DefaultHost;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.HttpsConfig;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.core.http.ForwardedHeaders;
import io.portcullis.core.http.HopByHopHeaders;
import io.portcullis.core.http.HostName;
import io.portcullis.core.http.PathNormalizer;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.route.ListenerHosts;
import io.portcullis.core.route.RoutingTable;
import io.portcullis.core.route.VirtualHost;
import io.portcullis.core.upstream.Upstream;
import io.portcullis.core.upstream.Upstreams;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What runs for every request allocates nothing, as the design promises; garbage there is paid for by all clients. */
final class HotPathAllocationTest {

    private static final int CALLS = 10_000;

    /** Keeps what is computed from being optimised away. */
    static volatile @Nullable Object sink;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void routingAllocatesNothing() {
        RouteConfig.Target target = new RouteConfig.FixedAnswer(200, "");
        VirtualHostConfig config = new VirtualHostConfig(
                "a",
                List.of("a.test", "*.a.test", "www.*"),
                List.of("http"),
                List.of(new RouteConfig("/", target), new RouteConfig("/api/", target)),
                List.of(),
                Optional.empty(),
                HttpsConfig.NONE);
        ListenerHosts hosts =
                RoutingTable.of(List.of(config), DefaultHost.Close.CLOSE).forListener("http");
        VirtualHost host = Objects.requireNonNull(hosts.find("a.test"));
        assertAllocatesNothing(() -> hosts.find("a.test"));
        assertAllocatesNothing(() -> hosts.find("x.y.a.test"));
        assertAllocatesNothing(() -> hosts.find("www.b.c"));
        assertAllocatesNothing(() -> hosts.find("unknown.example.com"));
        assertAllocatesNothing(() -> host.route("/api/x"));
    }

    @Test
    void readingTheUsualHeadAllocatesNothing() {
        assertAllocatesNothing(() -> PathNormalizer.normalize("/a/b.html"));
        assertAllocatesNothing(() -> HostName.parse("shop.example.com"));
        assertAllocatesNothing(() -> HopByHopHeaders.options("keep-alive"));
        assertAllocatesNothing(() -> HopByHopHeaders.isHopByHop("Proxy-Connection") ? this : null);
        assertAllocatesNothing(() -> ForwardedHeaders.isClaim("X-Forwarded-Proto") ? this : null);
        assertAllocatesNothing(() -> ForwardedHeaders.isCgiAlias("Accept-Encoding") ? this : null);
    }

    @Test
    void lookingUpAnAddressAllocatesNothing() {
        CidrSet set = blocks("10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32");
        IpAddress ipv4 = address("192.0.2.1");
        IpAddress ipv6 = address("2001:db8::1");
        assertAllocatesNothing(() -> set.contains(ipv4) ? this : null);
        assertAllocatesNothing(() -> set.contains(ipv6) ? this : null);
    }

    @Test
    void choosingAnEndpointAllocatesNothing() {
        UpstreamConfig config = new UpstreamConfig(
                "app",
                List.of(
                        new UpstreamConfig.EndpointConfig(UpstreamConfig.Scheme.HTTP, "127.0.0.1", 1),
                        new UpstreamConfig.EndpointConfig(UpstreamConfig.Scheme.HTTP, "127.0.0.1", 2)),
                Defaults.BALANCE,
                Defaults.MAX_FAILS,
                Defaults.FAIL_TIMEOUT,
                new UpstreamConfig.Tls(true, Optional.empty(), Optional.empty()),
                false);
        Upstreams upstreams = Upstreams.NONE.with(List.of(config));
        assertAllocatesNothing(() -> upstreams.get(config));
        Upstream upstream = upstreams.get(config);
        assertAllocatesNothing(() -> upstream.next(Set.of(), 0));
        assertAllocatesNothing(() -> upstream.succeeded(upstream.endpoints().get(0)) ? this : null);
    }

    private void assertAllocatesNothing(Supplier<@Nullable Object> call) {
        run(call);
        long before = threads.getCurrentThreadAllocatedBytes();
        run(call);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        // Asking costs a few bytes now and then; one object a call would cost 16 bytes each.
        assertThat(bytes).isLessThan(CALLS);
    }

    private static void run(Supplier<@Nullable Object> call) {
        for (int i = 0; i < CALLS; i++) {
            sink = call.get();
        }
    }
}
