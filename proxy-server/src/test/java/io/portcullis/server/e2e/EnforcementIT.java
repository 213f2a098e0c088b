package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanOrder;
import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.config.AdminConfig;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.ClientAddressHeader;
import io.portcullis.core.config.DefaultHost;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.HttpsConfig;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.config.JailConfig.Conditions;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Penalty;
import io.portcullis.core.config.JailConfig.Tarpit;
import io.portcullis.core.config.JailConfig.Threshold;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.TimeoutsConfig;
import io.portcullis.core.config.TransportKind;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.UpstreamConfig.EndpointConfig;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.Denylist;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.config.LoadResult;
import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.exchange.Patience;
import io.portcullis.server.runtime.Portcullis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy, over real sockets, with jails for what no application sees, a tarpit, and a host that weighs its answers. */
final class EnforcementIT {

    /** One place, so that a test sees it taken and free. */
    private static final BansConfig.Tarpits TARPITS = new BansConfig.Tarpits(1, Duration.ofSeconds(20));

    private final String attacker = Loopback.newClient();
    private RecordingApplication application;
    private @Nullable Portcullis started;

    @BeforeEach
    void startApplication() throws IOException {
        application = RecordingApplication.start("app")
                .on(
                        "/weighed",
                        Behaviours.raw(head("HTTP/1.1 200 OK", "X-Ban-Weight: ban", "Content-Length: 2") + "ok"))
                .on("/hang", Behaviours.hang());
    }

    @AfterEach
    void stop() throws IOException {
        if (started != null) {
            started.close();
        }
        application.close();
    }

    private static JailConfig jail(On kind, Action action) {
        return new JailConfig(
                kind.name(),
                new Conditions(Set.of(kind), StatusSet.ANY, List.of(), List.of(), Set.of(), List.of(), false),
                new Threshold(1, Duration.ofMinutes(1), JailConfig.Count.HITS, 1),
                new Penalty(Duration.ofHours(1), Optional.empty(), JailConfig.Scope.ALL, action),
                false);
    }

    private void start(TransportKind transport, JailConfig... jails) throws IOException {
        PortcullisConfig config = config(transport, List.of(jails));
        started = Portcullis.start(config, () -> new LoadResult.Loaded(config, List.of(), List.of()));
    }

    private Portcullis proxy() {
        return Objects.requireNonNull(started);
    }

    private PortcullisConfig config(TransportKind transport, List<JailConfig> jails) {
        UpstreamConfig upstream = new UpstreamConfig(
                "app",
                List.of(new EndpointConfig(UpstreamConfig.Scheme.HTTP, "127.0.0.1", application.port())),
                Defaults.BALANCE,
                Defaults.MAX_FAILS,
                Defaults.FAIL_TIMEOUT,
                new UpstreamConfig.Tls(true, Optional.empty(), Optional.empty()),
                false);
        VirtualHostConfig host = new VirtualHostConfig(
                "a",
                List.of("a.test"),
                List.of("http"),
                List.of(new RouteConfig("/", new RouteConfig.ToUpstream(upstream, false))),
                jails,
                Optional.of("X-Ban-Weight"),
                HttpsConfig.NONE);
        return new PortcullisConfig(
                List.of(ListenerConfig.plain("http", address("127.0.0.1"), 0)),
                List.of(host),
                CidrSet.EMPTY,
                ClientAddressHeader.X_FORWARDED_FOR,
                CidrSet.EMPTY,
                Denylist.EMPTY,
                DefaultHost.Close.CLOSE,
                jails,
                Defaults.bans().withTarpits(TARPITS),
                new AdminConfig(Optional.empty(), Path.of("unused"), true, new AdminConfig.Metrics(0, false)),
                Defaults.log(),
                new LimitsConfig(16 * 1024, 100, 1024 * 1024, 1000, 0),
                new TimeoutsConfig(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10)),
                2,
                transport);
    }

    private static IpAddress address(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }

    private int port() {
        return proxy().listeners().get(0).address().getPort();
    }

    private RawClient connect(String from) throws IOException {
        return RawClient.connect(from, port());
    }

    private RawClient tries(String target) throws IOException {
        return connect(attacker).send(head("GET " + target + " HTTP/1.1", "Host: a.test"));
    }

    private void assertIsRefusedAtAccept() throws IOException {
        try (RawClient again = connect(attacker)) {
            assertThat(again.ending()).isEqualTo(Ending.SILENT_RESET);
        }
    }

    /** If it breaks: scanners that never send one valid request are never banned. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001 hello",
                "GET / HTTP/1.1\r\nHost : a.test\r\n\r\n",
                "GET /../../etc/passwd HTTP/1.1\r\nHost: a.test\r\n\r\n",
                "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n"
            })
    void aMalformedRequestBansBeforeItsAnswerIsRead(String octets) throws Exception {
        start(TransportKind.AUTO, jail(On.PROTOCOL_ERROR, Drop.DROP));
        try (RawClient client = connect(attacker)) {
            RawResponse answer = client.send(octets).read();
            assertThat(answer.status()).isBetween(400, 405);
            assertIsRefusedAtAccept();
            assertThat(client.ending().isOver()).isTrue();
        }
    }

    /** If it breaks: who scans by bare address is never noticed. */
    @Test
    void anUnknownHostBans() throws Exception {
        start(TransportKind.AUTO, jail(On.UNKNOWN_HOST, Drop.DROP));
        try (RawClient client = connect(attacker)) {
            assertThat(client.send(head("GET / HTTP/1.1", "Host: 127.0.0.1")).ending())
                    .isEqualTo(Ending.SILENT_RESET);
        }
        assertIsRefusedAtAccept();
    }

    /** If it breaks: Slowloris costs its author nothing; or a browser that connects ahead is banned for it. */
    @Test
    void aHeadThatDoesNotEndBansAndASilentConnectionDoesNot() throws Exception {
        start(TransportKind.AUTO, jail(On.TIMEOUT, Drop.DROP));
        try (RawClient silent = connect(attacker)) {
            assertThat(silent.ending().isOver()).isTrue();
        }
        try (RawClient slow = connect(attacker)) {
            assertThat(slow.send("GET / HTTP/1.1\r\nHo").read().status()).isEqualTo(408);
        }
        assertIsRefusedAtAccept();
    }

    /** If it breaks: the application that knows best is not heard, or the attacker reads along. */
    @Test
    void anApplicationBansByItsVerdictHeaderWhichTheClientNeverSees() throws Exception {
        start(TransportKind.AUTO, jail(On.VERDICT, Drop.DROP));
        try (RawClient client = tries("/weighed")) {
            RawResponse answer = client.read();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(answer.toString()).doesNotContainIgnoringCase("X-Ban-Weight");
            assertThat(client.ending().isOver()).isTrue();
        }
        assertIsRefusedAtAccept();
    }

    /** If it breaks: the host locks out its own health checks. */
    @Test
    void theHostsOwnAddressIsNeverBanned() throws Exception {
        start(TransportKind.AUTO, jail(On.RESPONSE, Drop.DROP));
        for (int i = 0; i < 3; i++) {
            try (RawClient client = connect("127.0.0.1")) {
                assertThat(client.get("a.test", "/").status()).isEqualTo(200);
            }
        }
        assertThat(proxy().bans().bans()).isEmpty();
    }

    private void assertIsHeld(RawClient client) {
        assertThat(client.ending(Duration.ofMillis(500)).how()).isEqualTo(Ending.How.STILL_OPEN);
    }

    /** If it breaks: whoever wants to fills the tarpit for good, and with it the process's connections. */
    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "NIO"})
    void theTarpitHoldsAsManyAsItHasPlacesAndAClientThatGoesGivesItsBack(TransportKind transport) throws Exception {
        start(transport, jail(On.RESPONSE, Tarpit.TARPIT));
        try (RawClient first = tries("/")) {
            assertThat(first.read().status()).isEqualTo(200); // and that is the offence
        }
        try (RawClient held = tries("/")) {
            assertIsHeld(held);
            try (RawClient tooMany = tries("/")) {
                assertThat(tooMany.ending()).isEqualTo(Ending.SILENT_RESET);
            }
        }
        Awaitility.await("a free place").atMost(Duration.ofSeconds(8)).until(() -> {
            try (RawClient next = tries("/")) {
                return next.ending(Duration.ofMillis(200)).how() == Ending.How.STILL_OPEN;
            }
        });
        assertThat(application.count("/")).isEqualTo(1);
    }

    /** If it breaks: the request that was under way goes on for a client that is banned, or it is answered. */
    @Test
    void theTarpitTakesWhatIsUnderWayWhenTheBanFalls() throws Exception {
        start(TransportKind.AUTO, jail(On.RESPONSE, Tarpit.TARPIT));
        try (RawClient waiting = tries("/hang")) {
            Awaitility.await().until(() -> application.count("/hang") == 1);
            try (RawClient offending = tries("/")) {
                assertThat(offending.read().status()).isEqualTo(200);
            }
            assertIsHeld(waiting);
            try (RawClient tooMany = tries("/")) {
                assertThat(tooMany.ending()).isEqualTo(Ending.SILENT_RESET);
            }
        }
    }

    /** If it breaks: a restart waits for the attackers. */
    @Test
    void aShutdownDoesNotWaitForTheHeld() throws Exception {
        start(TransportKind.AUTO, jail(On.RESPONSE, Tarpit.TARPIT));
        try (RawClient offending = tries("/")) {
            assertThat(offending.read().status()).isEqualTo(200);
        }
        try (RawClient held = tries("/")) {
            assertIsHeld(held);
            assertThat(proxy().drain(Patience.SHORT))
                    .as("connections that had to be cut")
                    .isZero();
            assertThat(held.ending()).isEqualTo(Ending.SILENT_RESET);
        }
    }

    /** If it breaks: of a network that is banned as a whole, whoever is connected already goes on. */
    @Test
    void aBanOfABlockEndsWhoIsConnectedFromInside() throws Exception {
        start(TransportKind.AUTO);
        try (RawClient inside = connect("127.2.0.100");
                RawClient outside = connect("127.3.0.100")) {
            assertThat(inside.get("a.test", "/").status()).isEqualTo(200);
            assertThat(outside.get("a.test", "/").status()).isEqualTo(200);
            proxy().bans()
                    .ban(new BanOrder(
                            Objects.requireNonNull(Cidr.parse("127.2.0.0/16")),
                            AllHosts.ALL_HOSTS,
                            Duration.ofHours(1),
                            Drop.DROP,
                            "",
                            false));
            assertThat(inside.ending()).isEqualTo(Ending.SILENT_RESET);
            assertThat(outside.get("a.test", "/").status()).isEqualTo(200);
        }
    }
}
