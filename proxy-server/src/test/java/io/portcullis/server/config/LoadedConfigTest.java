package io.portcullis.server.config;

import static io.portcullis.server.config.ExpectedJail.globs;
import static io.portcullis.server.config.ExpectedJail.jail;
import static io.portcullis.server.config.ExpectedJail.penalty;
import static io.portcullis.server.config.ExpectedJail.threshold;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portcullis.core.config.AdminConfig;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.CertificateConfig;
import io.portcullis.core.config.ClientAddressHeader;
import io.portcullis.core.config.DefaultHost;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.HttpsConfig;
import io.portcullis.core.config.HttpsConfig.Hsts;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Conditions;
import io.portcullis.core.config.JailConfig.Count;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Increment;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Penalty;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.config.JailConfig.Tarpit;
import io.portcullis.core.config.JailConfig.Threshold;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.LogConfig;
import io.portcullis.core.config.PathPattern;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
                        new ListenerConfig("web", address("0.0.0.0"), 8000, true, false, Optional.empty()),
                        new ListenerConfig(
                                "inner",
                                address("::1"),
                                8001,
                                false,
                                false,
                                Optional.of(new ListenerConfig.Tls(Optional.of(new CertificateConfig(
                                        FOLDER.resolve("certs/site.crt"), FOLDER.resolve("certs/site.key")))))),
                        new ListenerConfig(
                                "front",
                                address("0.0.0.0"),
                                8443,
                                false,
                                true,
                                Optional.of(new ListenerConfig.Tls(Optional.empty()))),
                        new ListenerConfig("any", address("127.0.0.1"), 0, false, true, Optional.empty()));
    }

    @Test
    void everyKeyOfTheMainFileArrives() {
        assertThat(config.clientAddressHeader()).isEqualTo(ClientAddressHeader.FORWARDED);
        assertThat(config.defaultHost()).isEqualTo(new DefaultHost.Named("shop"));
        assertThat(config.bans())
                .isEqualTo(new BansConfig(
                        2,
                        new BansConfig.Prefixes(56, 0),
                        new BansConfig.Bounds(1000, 5000),
                        Duration.ofDays(30),
                        Duration.ofMinutes(1),
                        new BansConfig.SickUpstream(0, 20),
                        new BansConfig.Tarpits(10, seconds(5)),
                        BansConfig.KernelFilter.OFF,
                        new BansConfig.Store.InFile(FOLDER.resolve("../data/every"))));
        assertThat(config.admin())
                .isEqualTo(new AdminConfig(
                        Optional.of(new AdminConfig.Bind(address("::1"), 9901)),
                        FOLDER.resolve("../data/token"),
                        true,
                        new AdminConfig.Metrics(20, true)));
        assertThat(config.log())
                .isEqualTo(new LogConfig(
                        Optional.of(new LogConfig.InFile(FOLDER.resolve("../data/access.log"))),
                        LogConfig.Format.JSON,
                        Optional.of(LogConfig.Stream.STDOUT),
                        LogConfig.BansFormat.JSON,
                        new LogConfig.Rotation(64 * 1024 * 1024, 9)));
        assertThat(config.limits()).isEqualTo(new LimitsConfig(8192, 50, 0, 10, 5));
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
                .containsExactly(
                        tuple("blog", List.of("web", "inner", "front", "any")), tuple("shop", List.of("inner", "web")));
        assertThat(shop.serverNames()).containsExactly("shop.example", "*.shop.example", "shop.*", "127.0.0.1");
    }

    @Test
    void whatAHostSaysAboutTlsArrivesWithPathsRelativeToItsFile() {
        CertificateConfig certificate = new CertificateConfig(
                FOLDER.resolve("hosts.d/../certs/site.crt"), FOLDER.resolve("hosts.d/../certs/site.key"));
        assertThat(shop.https())
                .isEqualTo(new HttpsConfig(
                        Optional.of(certificate), true, Optional.of(new Hsts(Duration.ofDays(365), true, true))));
        assertThat(blog.https())
                .isEqualTo(new HttpsConfig(
                        Optional.of(certificate), false, Optional.of(new Hsts(seconds(300), false, false))));
    }

    @Test
    void endpointsOfOneUpstreamMaySpeakDifferently() {
        assertThat(blog.routes())
                .singleElement()
                .extracting(route -> ((ToUpstream) route.target()).upstream())
                .satisfies(upstream -> {
                    assertThat(upstream.endpoints())
                            .containsExactly(
                                    new EndpointConfig(Scheme.HTTP, "127.0.0.1", 9000),
                                    new EndpointConfig(Scheme.H2C, "127.0.0.1", 9001),
                                    new EndpointConfig(Scheme.H2, "blog", 443));
                    assertThat(upstream.proxyProtocol()).isFalse();
                });
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
                tls,
                true);
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
                new Tls(true, Optional.empty(), Optional.empty()),
                false);
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
                .extracting(JailConfig::name)
                .containsExactlyInAnyOrder("forbidden", "secrets", "every", "shared");
        assertThat(config.jails())
                .contains(
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
        JailConfig forbidden = byName(config.jails(), "forbidden");
        JailConfig secrets = byName(config.jails(), "secrets");
        assertThat(shop.jails())
                .extracting(JailConfig::name)
                .containsExactlyInAnyOrder("forbidden", "secrets", "flood", "every", "own", "verdict");
        assertThat(shop.jails())
                .contains(
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
        assertThat(blog.jails()).extracting(JailConfig::name).containsExactlyInAnyOrder("forbidden", "every", "shared");
    }

    @Test
    void everyKeyOfAJailArrives() {
        JailConfig every = byName(config.jails(), "every");

        assertThat(every.conditions())
                .isEqualTo(new Conditions(
                        Set.of(On.RESPONSE, On.TLS_FAILURE, On.UNKNOWN_HOST),
                        new StatusSet.Builder().add(401).build(),
                        List.of(),
                        List.of(
                                new PathPattern.Glob("/a*"),
                                new PathPattern.Regex("regex:^/b$", path -> false)), // equal where written the same
                        Set.of("POST", "PROPFIND"),
                        List.of("*bot*", ""),
                        true));
        assertThat(every.threshold()).isEqualTo(new Threshold(5, Duration.ofMinutes(10), Count.DISTINCT_PATHS, 1));
        assertThat(every.penalty())
                .isEqualTo(new Penalty(
                        Duration.ofMinutes(10),
                        Optional.of(new Increment(1.5, List.of(1, 5, 30), Duration.ofDays(7), Duration.ofMinutes(5))),
                        Scope.HOST,
                        Tarpit.TARPIT));
        assertThat(every.dryRun()).isTrue();
    }

    @Test
    void aRegexIsFoundAnywhereInAPath() {
        PathPattern.Regex regex = (PathPattern.Regex)
                byName(config.jails(), "every").conditions().ignoredPaths().get(1);

        assertThat(regex.matcher().isFoundIn("/b")).isTrue();
        assertThat(regex.matcher().isFoundIn("/bc")).isFalse();
    }

    @Test
    void aVirtualHostChangesSingleKeysOfEveryPartOfAJail() {
        JailConfig every = byName(shop.jails(), "every");
        List<PathPattern> ignored = new ArrayList<>(globs(Defaults.IGNORE_PATHS));
        ignored.add(new PathPattern.Glob("*.png"));

        assertThat(every.conditions().ignoredPaths()).isEqualTo(ignored);
        assertThat(every.conditions().onlyWithCredentials()).as("kept").isTrue();
        assertThat(every.threshold()).isEqualTo(new Threshold(5, Duration.ofMinutes(10), Count.HITS, 3));
        assertThat(every.penalty().increment())
                .contains(new Increment(1.5, List.of(1, 5, 30), Duration.ofDays(1), Duration.ofMinutes(5)));
        assertThat(every.dryRun()).isFalse();
    }

    @Test
    void emptyListsAndFalseTakeAwayWhatIsInherited() {
        JailConfig every = byName(blog.jails(), "every");

        assertThat(every.conditions())
                .isEqualTo(new Conditions(
                        Set.of(On.VERDICT), StatusSet.ANY, List.of(), List.of(), Set.of(), List.of(), true));
        assertThat(every.penalty().increment()).isEmpty();
    }

    @Test
    void browsersOwnMissesAreIgnoredWhereNoPathsAreNamedAndAnswersCount() {
        assertThat(byName(config.jails(), "forbidden").conditions().ignoredPaths())
                .isEqualTo(globs(Defaults.IGNORE_PATHS));
        assertThat(byName(config.jails(), "secrets").conditions().ignoredPaths())
                .isEmpty();
        assertThat(byName(config.jails(), "shared").conditions().ignoredPaths())
                .as("nobody sends malformed requests by habit")
                .isEmpty();
    }

    @Test
    void aHostOnTrialHasEachOfItsJailsOnTrial() {
        assertThat(blog.jails()).allMatch(JailConfig::dryRun);
    }

    @Test
    void aVerdictHeaderBringsAJailThatCountsVerdicts() {
        assertThat(shop.verdictHeader()).contains("X-Ban-Weight");
        assertThat(byName(shop.jails(), "verdict"))
                .isEqualTo(new JailConfig(
                        "verdict",
                        new Conditions(
                                Set.of(On.VERDICT), StatusSet.ANY, List.of(), List.of(), Set.of(), List.of(), false),
                        threshold(5, Duration.ofMinutes(10)),
                        penalty(Duration.ofMinutes(10), Scope.HOST, Drop.DROP),
                        false));
        assertThat(blog.verdictHeader()).isEmpty();
    }

    @Test
    void whatAnIncludedFileSaysOfAJailIsLaidUnderWhatFollows() {
        assertThat(byName(config.jails(), "shared").threshold().maxRetry()).isEqualTo(2);
        assertThat(byName(blog.jails(), "shared").threshold().maxRetry()).isEqualTo(3);
        assertThat(byName(blog.jails(), "shared").conditions().on())
                .containsExactlyInAnyOrder(On.PROTOCOL_ERROR, On.TIMEOUT);
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

    @Test
    void nothingIsWarnedOfWhereAllIsWell() {
        assertThat(ConfigLoader.load(MAIN))
                .isInstanceOfSatisfying(
                        LoadResult.Loaded.class,
                        loaded -> assertThat(loaded.warnings()).isEmpty());
    }

    private static JailConfig byName(List<JailConfig> jails, String name) {
        return jails.stream()
                .filter(jail -> jail.name().equals(name))
                .findFirst()
                .orElseThrow();
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
