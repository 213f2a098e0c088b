package io.portcullis.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanOrder;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.upstream.EmbeddedEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What of a client's ends when a ban falls, and what is spared: DESIGN.md section 3.3. */
class BanEndsConnectionsTest {

    private static final String ATTACKER = "198.51.100.7";
    private static final String PROXY = "192.0.2.1";

    private final UpstreamConfig shopUpstream = Hosts.upstream("shop", 1);
    private final UpstreamConfig blogUpstream = Hosts.upstream("blog", 2);
    private final TestRules rules = new TestRules(List.of(
            Hosts.host("shop", shopUpstream, List.of(Hosts.jail(Scope.HOST, 1))),
            Hosts.host("blog", blogUpstream, List.of())));
    private final EmbeddedWorker worker = new EmbeddedWorker(rules);

    @AfterEach
    void release() {
        worker.close();
    }

    private Client client(String address) {
        return new Client(worker, rules, address);
    }

    private EmbeddedEndpoint endpoint(UpstreamConfig config) {
        EmbeddedEndpoint endpoint =
                EmbeddedEndpoint.pooled(rules.upstream(config).destinations().get(0), worker.pool());
        worker.track(endpoint.channel());
        return endpoint;
    }

    private Ban ban(String address, BanScope scope) {
        Ban ban = worker.bans()
                .ban(new BanOrder(
                        new Cidr(Objects.requireNonNull(IpAddress.parse(address)), 128),
                        scope,
                        Duration.ofHours(1),
                        Drop.DROP,
                        "",
                        false));
        worker.runTasks();
        return Objects.requireNonNull(ban);
    }

    private static final BanScope SHOP = new OneHost("shop");
    private static final BanScope ALL = AllHosts.ALL_HOSTS;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** Has an exchange on that host end well, so that the connection is idle. */
    private Client idleAfter(String host, UpstreamConfig upstream) {
        Client client = client(ATTACKER);
        EmbeddedEndpoint endpoint = endpoint(upstream);
        client.sends(Client.get(host, "/"));
        endpoint.says(OK);
        assertThat(client.received()).startsWith("HTTP/1.1 200").endsWith("ok");
        endpoint.closes(); // so that the next exchange takes the next one's
        return client;
    }

    @Test
    void endsAnIdleConnectionThatWasLastOnTheHost() {
        Client client = idleAfter("shop", shopUpstream);
        ban(ATTACKER, SHOP);
        assertThat(client.wasReset()).isTrue();
    }

    @Test
    void sparesAConnectionThatWasLastOnAnotherHost_orABanIsFeltWhereNobodyBanned() {
        Client client = idleAfter("blog", blogUpstream);
        ban(ATTACKER, SHOP);
        assertThat(client.isOpen()).isTrue();
        EmbeddedEndpoint blog = endpoint(blogUpstream);
        client.sends(Client.get("blog", "/2"));
        assertThat(blog.received()).startsWith("GET /2 ");
    }

    @Test
    void goesByTheExchangeUnderWayAndNotByTheOneBefore() {
        Client client = idleAfter("shop", shopUpstream);
        EmbeddedEndpoint blog = endpoint(blogUpstream);
        client.sends(Client.get("blog", "/"));
        ban(ATTACKER, SHOP);
        assertThat(client.isOpen()).isTrue();
        blog.says(OK);
        assertThat(client.received()).endsWith("ok");
    }

    @Test
    void endsAnExchangeUnderWayAndItsEndpointConnection() {
        Client client = client(ATTACKER);
        EmbeddedEndpoint shop = endpoint(shopUpstream);
        client.sends(Client.get("shop", "/"));
        assertThat(shop.received()).startsWith("GET / ");
        Ban ban = ban(ATTACKER, SHOP);
        assertThat(client.wasReset()).isTrue();
        assertThat(client.received()).isEmpty();
        assertThat(shop.isOpen()).as("the application works on for nobody").isFalse();
        assertThat(worker.logged())
                .singleElement()
                .satisfies(line -> assertThat(line.refusedBy()).isEqualTo(ban.jail()));
    }

    @Test
    void endsAnAnswerUnderWay() {
        Client client = client(ATTACKER);
        EmbeddedEndpoint shop = endpoint(shopUpstream);
        client.sends(Client.get("shop", "/"));
        shop.says("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
        ban(ATTACKER, SHOP);
        assertThat(client.wasReset()).isTrue();
        assertThat(shop.isOpen()).isFalse();
    }

    @Test
    void endsAConnectionThatHasSaidNothingYetWithScopeAllOnly() {
        Client silent = client(ATTACKER);
        ban(ATTACKER, SHOP);
        assertThat(silent.isOpen()).as("it may be for another host").isTrue();
        ban(ATTACKER, ALL);
        assertThat(silent.wasReset()).isTrue();
    }

    @Test
    void endsAConnectionWithHalfAHeadWithScopeAllOnly() {
        Client client = client(ATTACKER);
        client.sends("GET / HTTP/1.1\r\nHost: sh");
        ban(ATTACKER, SHOP);
        assertThat(client.isOpen()).isTrue();
        ban(ATTACKER, ALL);
        assertThat(client.wasReset()).isTrue();
    }

    @Test
    void endsEveryConnectionOfTheClientWithScopeAllAndNobodyElses() {
        Client onShop = idleAfter("shop", shopUpstream);
        Client onBlog = idleAfter("blog", blogUpstream);
        Client visitor = client("198.51.100.8");
        ban(ATTACKER, ALL);
        assertThat(onShop.wasReset()).isTrue();
        assertThat(onBlog.wasReset()).isTrue();
        assertThat(visitor.isOpen()).isTrue();
    }

    @Test
    void stillTellsTheAnswerThatBroughtTheBan_orNobodyLearnsWhatHappened() {
        Client client = client(ATTACKER);
        client.sends(Client.get("shop", "/forbidden"));
        assertThat(client.received()).startsWith("HTTP/1.1 403 ").contains("connection: close");
        assertThat(worker.bans().bans()).hasSize(1);
        assertThat(client.wasReset()).isFalse();
        assertThat(client.isHalfClosed()).as("said, and nothing follows").isTrue();
    }

    @Test
    void endsTheOthersWhenAnAnswerOnOneBringsTheBan() {
        Client idle = idleAfter("shop", shopUpstream);
        Client onBlog = idleAfter("blog", blogUpstream);
        Client offender = client(ATTACKER);
        offender.sends(Client.get("shop", "/forbidden"));
        assertThat(idle.wasReset()).isTrue();
        assertThat(onBlog.isOpen()).isTrue();
        assertThat(offender.received()).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void decodesNoPipelinedRequestAfterTheAnswerThatBroughtTheBan_orMaxRetryIsOneMore() {
        EmbeddedEndpoint shop = endpoint(shopUpstream);
        Client client = client(ATTACKER);
        client.sends(Client.get("shop", "/forbidden") + Client.get("shop", "/secret"));
        assertThat(client.received()).startsWith("HTTP/1.1 403 ").doesNotContain("/secret");
        assertThat(shop.received()).isEmpty();
        assertThat(worker.logged()).hasSize(1);
    }

    @Test
    void stillTellsTheEndpointsAnswerThatBroughtTheBanInWhole() {
        Client client = client(ATTACKER);
        EmbeddedEndpoint shop = endpoint(shopUpstream);
        client.sends(Client.get("shop", "/"));
        shop.says("HTTP/1.1 403 Forbidden\r\nContent-Length: 10\r\n\r\nhalf,");
        client.settle();
        assertThat(worker.bans().bans()).hasSize(1);
        assertThat(client.isOpen()).isTrue();
        shop.says("half.");
        client.settle();
        assertThat(client.received()).startsWith("HTTP/1.1 403 ").endsWith("half,half.");
        assertThat(client.isHalfClosed()).isTrue();
    }

    @Test
    void refusesTheNextRequestOnAConnectionThatTheBanSpared() {
        Client client = idleAfter("blog", blogUpstream);
        ban(ATTACKER, SHOP);
        EmbeddedEndpoint shop = endpoint(shopUpstream);
        client.sends(Client.get("shop", "/"));
        assertThat(client.wasReset()).isTrue();
        assertThat(client.received()).isEmpty();
        assertThat(shop.received()).isEmpty();
    }

    @Test
    void sparesTheOtherClientsOfATrustedProxy_orOneOfThemLocksOutAll() {
        Client proxy = client(PROXY);
        EmbeddedEndpoint shop = endpoint(shopUpstream);
        proxy.sends("GET / HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-For: 203.0.113.1\r\n\r\n");
        ban("203.0.113.2", ALL);
        assertThat(proxy.isOpen()).isTrue();
        shop.says(OK);
        assertThat(proxy.received()).endsWith("ok");
        ban("203.0.113.1", ALL);
        assertThat(proxy.isOpen()).as("its exchange is over").isTrue();
    }

    @Test
    void endsTheExchangeOfABannedClientBehindATrustedProxy() {
        Client proxy = client(PROXY);
        EmbeddedEndpoint shop = endpoint(shopUpstream);
        proxy.sends("GET / HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-For: 203.0.113.1\r\n\r\n");
        ban("203.0.113.1", new OneHost("blog"));
        assertThat(proxy.isOpen()).isTrue();
        ban("203.0.113.1", SHOP);
        assertThat(proxy.wasReset()).isTrue();
        assertThat(shop.isOpen()).isFalse();
    }

    @Test
    void keepsTheConnectionOfATrustedProxyWhenOneOfItsClientsIsBanned() {
        Client proxy = client(PROXY);
        proxy.sends("GET /forbidden HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-For: 203.0.113.1\r\n\r\n");
        assertThat(proxy.received()).startsWith("HTTP/1.1 403 ").doesNotContain("connection: close");
        assertThat(worker.bans().bans()).hasSize(1);
        proxy.sends("GET /forbidden HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-For: 203.0.113.3\r\n\r\n");
        assertThat(proxy.received()).startsWith("HTTP/1.1 403 ");
        assertThat(worker.bans().bans()).hasSize(2);
    }

    @Test
    void aBanOnTrialEndsNobody() {
        Client client = idleAfter("shop", shopUpstream);
        worker.worker()
                .endFor(new Ban(
                        worker.bans().keyOf(Objects.requireNonNull(IpAddress.parse(ATTACKER))),
                        new Sentence(ALL, "trial", Drop.DROP, Sentence.Mode.DRY_RUN),
                        0,
                        Ban.FOREVER,
                        Ban.Grounds.UNTOLD));
        worker.runTasks();
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void aBanThatWasLiftedBeforeItArrivedEndsNobody() {
        Client client = idleAfter("shop", shopUpstream);
        IpAddress address = Objects.requireNonNull(IpAddress.parse(ATTACKER));
        worker.bans().ban(new BanOrder(new Cidr(address, 128), ALL, Duration.ofHours(1), Drop.DROP, "", false));
        worker.bans().unban(address);
        worker.runTasks();
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void forgetsAClosedConnection_orABanSpeaksToTheDead() {
        Client client = idleAfter("shop", shopUpstream);
        client.closes();
        ban(ATTACKER, ALL);
        assertThat(client.wasReset()).isFalse();
    }
}
