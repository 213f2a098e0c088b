package io.portcullis.server.config;

import static io.portcullis.server.config.ExpectedJail.jail;
import static io.portcullis.server.config.ExpectedJail.penalty;
import static io.portcullis.server.config.ExpectedJail.threshold;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portcullis.core.config.AdminConfig;
import io.portcullis.core.config.ClientAddressHeader;
import io.portcullis.core.config.DefaultHost;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.LogConfig;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.RouteConfig.FixedAnswer;
import io.portcullis.core.config.RouteConfig.Redirect;
import io.portcullis.core.config.RouteConfig.ToUpstream;
import io.portcullis.core.config.TimeoutsConfig;
import io.portcullis.core.config.TransportKind;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.UpstreamConfig.Balance;
import io.portcullis.core.config.UpstreamConfig.EndpointConfig;
import io.portcullis.core.config.UpstreamConfig.Scheme;
import io.portcullis.core.config.UpstreamConfig.Tls;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is written in the files is what the records say. */
final class LoadedConfigTest {

    private static final Path FOLDER = Path.of("src/test/resources/config/good/every-key");
    private static final Path MAIN = FOLDER.resolve("portcullis.conf");

    private final PortcullisConfig config = ConfigLoader.load(MAIN).orElseThrow();
    private final VirtualHostConfig blog = config.virtualHosts().get(0);
    private final VirtualHostConfig shop = config.virtualHosts().get(1);

    @Test
    void listenersKeepTheOrderOfTheFile() {
        assertThat(config.listeners())
                .containsExactly(
                        new ListenerConfig("web", address("0.0.0.0"), 8000),
                        new ListenerConfig("inner", address("::1"), 8001),
                        new ListenerConfig("any", address("127.0.0.1"), 0));
    }

    @Test
    void everyKeyOfTheMainFileArrives() {
        assertThat(config.clientAddressHeader()).isEqualTo(ClientAddressHeader.FORWARDED);
        assertThat(config.defaultHost()).isEqualTo(new DefaultHost.Named("shop"));
        assertThat(config.bans().prefixes().ipv6Prefix()).isEqualTo(56);
        assertThat(config.bans().bounds().trackedClients()).isEqualTo(1000);
        assertThat(config.admin())
                .isEqualTo(new AdminConfig(
                        Optional.of(new AdminConfig.Bind(address("::1"), 9901)), FOLDER.resolve("../data/token")));
        assertThat(config.log())
                .isEqualTo(new LogConfig(Optional.of(FOLDER.resolve("../data/access.log")), LogConfig.Format.JSON));
        assertThat(config.limits()).isEqualTo(new LimitsConfig(8192, 50, 0, 10));
        assertThat(config.timeouts())
                .isEqualTo(new TimeoutsConfig(seconds(1), seconds(2), seconds(3), seconds(4), seconds(5), seconds(6)));
        assertThat(config.threads()).isEqualTo(2);
        assertThat(config.transport()).isEqualTo(TransportKind.NIO);
    }

    @Test
    void addressesComeFromTheListAndFromTheFileItNames() {
        assertContains(config.trustedProxies(), "10.255.0.1");
        assertContains(config.allowlist(), "192.0.2.1", "198.51.100.77", "2001:db8:1::5");
        assertThat(config.allowlist().contains(address("127.0.0.1")))
                .as("a list given replaces the default")
                .isFalse();
        assertThat(config.denylist().contains(Objects.requireNonNull(IpAddress.parse("2001:db8:ffff::1"))))
                .isTrue();
    }

    @Test
    void aVirtualHostIsNamedAsItsFile() {
        assertThat(config.virtualHosts())
                .extracting(VirtualHostConfig::name, VirtualHostConfig::listeners)
                .containsExactly(tuple("blog", List.of("web", "inner", "any")), tuple("shop", List.of("inner", "web")));
        assertThat(shop.serverNames()).containsExactly("shop.example", "*.shop.example", "shop.*", "127.0.0.1");
    }

    @Test
    void anUpstreamBlockArrivesWhole() {
        Tls tls = new Tls(false, Optional.of(FOLDER.resolve("hosts.d/../lists/ca.pem")), Optional.of("app.internal"));
        UpstreamConfig upstream = new UpstreamConfig(
                "shop",
                List.of(
                        new EndpointConfig(Scheme.HTTP, "app", 80),
                        new EndpointConfig(Scheme.HTTPS, "app", 443),
                        new EndpointConfig(Scheme.HTTPS, "2001:db8::1", 8443)),
                Balance.ROUND_ROBIN,
                3,
                seconds(30),
                tls);
        assertThat(shop.routes()).contains(new RouteConfig("/", new ToUpstream(upstream, false)));
    }

    @Test
    void routesLeadWhereTheySay() {
        UpstreamConfig api = new UpstreamConfig(
                "shop/api/",
                List.of(new EndpointConfig(Scheme.HTTP, "127.0.0.1", 8081)),
                Balance.ROUND_ROBIN,
                1,
                seconds(10),
                new Tls(true, Optional.empty(), Optional.empty()));
        assertThat(shop.routes())
                .contains(
                        new RouteConfig("/api/", new ToUpstream(api, true)),
                        new RouteConfig("/old", new Redirect("/new", 302)),
                        new RouteConfig("/older", new Redirect("https://shop.example/new", 308)),
                        new RouteConfig("/robots.txt", new FixedAnswer(200, "User-agent: *")),
                        new RouteConfig("/gone", new FixedAnswer(410, "")))
                .hasSize(6);
    }

    @Test
    void inheritedJailsAreThoseOfTheMainFileThatAreOn() {
        assertThat(config.jails())
                .containsExactly(
                        jail(
                                "forbidden",
                                new StatusSet.Builder().addClass(4).build(),
                                List.of(),
                                threshold(3, Duration.ofMinutes(1)),
                                penalty(Duration.ofHours(1), Scope.HOST, Drop.DROP)),
                        jail(
                                "secrets",
                                StatusSet.ANY,
                                List.of("/.env", "*/.htaccess"),
                                threshold(1, Duration.ofMinutes(10)),
                                penalty(JailConfig.FOREVER, Scope.ALL, new Reject(429))));
    }

    @Test
    void aVirtualHostChangesSingleKeysAndKeepsTheRest() {
        JailConfig forbidden = config.jails().get(0);
        JailConfig secrets = config.jails().get(1);
        assertThat(shop.jails())
                .containsExactly(
                        jail(
                                "forbidden",
                                forbidden.conditions().statuses(),
                                List.of(),
                                threshold(7, forbidden.threshold().findTime()),
                                penalty(forbidden.penalty().banTime(), Scope.HOST, Drop.DROP)),
                        jail(
                                "secrets",
                                StatusSet.ANY,
                                List.of("/.env", "*/.htaccess"),
                                threshold(1, secrets.threshold().findTime()),
                                penalty(JailConfig.FOREVER, Scope.ALL, Drop.DROP)),
                        jail(
                                "flood",
                                new StatusSet.Builder().addClass(2).build(),
                                List.of(),
                                threshold(5, Duration.ofMinutes(10)),
                                penalty(Duration.ofMinutes(10), Scope.ALL, Drop.DROP)),
                        jail(
                                "own",
                                StatusSet.ANY,
                                List.of("/admin/*"),
                                threshold(5, Duration.ofMinutes(10)),
                                penalty(Duration.ofMinutes(10), Scope.HOST, Drop.DROP)));
    }

    @Test
    void aVirtualHostSwitchesAnInheritedJailOff() {
        assertThat(blog.jails()).extracting(JailConfig::name).containsExactly("forbidden");
    }

    @Test
    void theFilesReadAreNamedForTheSummary() {
        assertThat(ConfigLoader.load(MAIN))
                .isInstanceOfSatisfying(
                        LoadResult.Loaded.class,
                        loaded -> assertThat(loaded.files())
                                .containsExactly(
                                        MAIN.toString(),
                                        FOLDER.resolve("hosts.d/blog.conf").toString(),
                                        FOLDER.resolve("hosts.d/shop.conf").toString()));
    }

    private static void assertContains(CidrSet set, String... addresses) {
        for (String text : addresses) {
            assertThat(set.contains(address(text))).as(text).isTrue();
        }
    }

    private static IpAddress address(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
