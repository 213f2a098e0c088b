package io.portcullis.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Offence;
import io.portcullis.core.config.DefaultHost;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.upstream.EmbeddedEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What never reaches an application is seen by the jails all the same, once each, and with as much as is known of it. */
class ViolationsTest {

    private static final String ATTACKER = "198.51.100.7";
    private static final String PROXY = "192.0.2.1";
    private static final int MANY = 100;

    /** One for each kind, and one for the proxy's own answers to a visitor who has done nothing wrong. */
    private static List<JailConfig> jails(int maxRetry) {
        return List.of(
                Hosts.jail(On.PROTOCOL_ERROR, maxRetry),
                Hosts.jail(On.UNKNOWN_HOST, maxRetry),
                Hosts.jail(On.TIMEOUT, maxRetry),
                Hosts.jail(
                        On.RESPONSE,
                        new StatusSet.Builder().add(413).add(417).add(502).build(),
                        maxRetry));
    }

    private final UpstreamConfig upstream = Hosts.upstream("shop", 1);
    private TestRules rules = rules(MANY, DefaultHost.Close.CLOSE);
    private EmbeddedWorker worker = new EmbeddedWorker(rules);

    private TestRules rules(int maxRetry, DefaultHost defaultHost) {
        return new TestRules(List.of(Hosts.host("shop", upstream, jails(maxRetry))), jails(maxRetry), defaultHost);
    }

    private void use(TestRules others) {
        worker.close();
        rules = others;
        worker = new EmbeddedWorker(rules);
    }

    @AfterEach
    void release() {
        worker.close();
    }

    private Client client() {
        return new Client(worker, rules, ATTACKER);
    }

    private Client sends(String octets) {
        Client client = client();
        client.sends(octets);
        return client;
    }

    private EmbeddedEndpoint endpoint() {
        EmbeddedEndpoint endpoint =
                EmbeddedEndpoint.pooled(rules.upstream(upstream).destinations().get(0), worker.pool());
        worker.track(endpoint.channel());
        return endpoint;
    }

    /** Virtual host, jail, method, path and status of each, as the evidence has them. */
    private List<String> offences() {
        return offencesOf(ATTACKER);
    }

    private List<String> offencesOf(String address) {
        return worker.bans().why(Objects.requireNonNull(IpAddress.parse(address))).lastOffences().stream()
                .map(ViolationsTest::text)
                .toList();
    }

    private static String text(Offence offence) {
        return String.join(
                " ",
                offence.virtualHost(),
                offence.jail(),
                offence.method(),
                offence.path(),
                Integer.toString(offence.status()));
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1\r\nHost : shop.example\r\n\r\n', - protocol_error - - 400",
        "'\026\003\001 tls', - protocol_error - - 400",
        "'GET / HTTP/9.9\r\nHost: shop.example\r\n\r\n', - protocol_error - - 505",
        "'TRACE /x HTTP/1.1\r\nHost: shop.example\r\n\r\n', - protocol_error TRACE /x 405",
        "'GET /../../etc/passwd HTTP/1.1\r\nHost: shop.example\r\n\r\n', shop protocol_error GET"
                + " /../../etc/passwd 400",
        "'GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: Host\r\n\r\n', shop protocol_error GET / 400",
        "'GET /x?y HTTP/1.1\r\nHost: nobody.example\r\n\r\n', - unknown_host GET /x?y 0",
        "'GET /x HTTP/1.1\r\nHost: 203.0.113.5\r\n\r\n', - unknown_host GET /x 0",
        "'GET / HTTP/1.1\r\nHost: shop.example\r\nExpect: tea\r\n\r\n', shop response GET / 417",
        "'POST /big HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 99999999999\r\n\r\n',"
                + " shop response POST /big 413",
    })
    void isCountedOnceWithWhatIsKnownOfIt(String escaped, String offence) {
        sends(escaped.translateEscapes());
        assertThat(offences()).containsExactly(offence);
    }

    @Test
    void anUnknownHostThatIsAnsweredIsCountedWithItsStatus() {
        use(rules(MANY, DefaultHost.Reject.REJECT));
        Client client = sends(Client.get("nobody", "/"));
        assertThat(client.received()).startsWith("HTTP/1.1 421 ");
        assertThat(offences()).containsExactly("- unknown_host GET / 421");
    }

    @Test
    void aHeadThatDoesNotEndInTimeIsCounted() {
        Client client = sends("GET / HTTP/1.1\r\nHost: sh");
        worker.pass(Duration.ofMinutes(1));
        assertThat(client.received()).startsWith("HTTP/1.1 408 ");
        assertThat(offences()).containsExactly("- timeout - - 408");
    }

    @Test
    void aConnectionThatNeverSaysAnythingIsNoOffence_orBrowsersThatConnectAheadAreBanned() {
        Client silent = client();
        Client idle = sends(Client.get("shop", "/forbidden"));
        worker.pass(Duration.ofMinutes(10));
        assertThat(silent.isOpen()).isFalse();
        assertThat(idle.isOpen()).isFalse();
        assertThat(offences()).isEmpty();
    }

    @Test
    void aBodyThatDoesNotComeInTimeIsCounted() {
        endpoint();
        Client client = sends("POST /slow HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 9\r\n\r\nabc");
        worker.pass(Duration.ofMinutes(10));
        assertThat(client.received()).startsWith("HTTP/1.1 408 ");
        assertThat(offences()).containsExactly("shop timeout POST /slow 408");
    }

    @Test
    void brokenChunksAreCounted() {
        endpoint();
        Client client = sends("POST /c HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        assertThat(client.received()).startsWith("HTTP/1.1 400 ");
        assertThat(offences()).containsExactly("shop protocol_error POST /c 400");
    }

    @Test
    void brokenChunksAfterTheAnswerHasBegunAreCountedWithoutCountingTheAnswerTwice() {
        EmbeddedEndpoint endpoint = endpoint();
        Client client = sends("POST /c HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
        endpoint.says("HTTP/1.1 502 Bad\r\nContent-Length: 100\r\n\r\nhalf");
        client.sends("zz\r\n");
        assertThat(offences()).containsExactly("shop response POST /c 502", "shop protocol_error POST /c 0");
    }

    @Test
    void aClientThatReadsNothingIsCounted() {
        EmbeddedEndpoint endpoint = endpoint();
        Client client = client();
        client.sends(Client.get("shop", "/big"));
        client.stopsReading();
        endpoint.says("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(200_000));
        worker.pass(Duration.ofMinutes(2));
        worker.pass(Duration.ofMinutes(2));
        assertThat(client.wasReset()).isTrue();
        assertThat(offences()).containsExactly("shop timeout GET /big 0");
    }

    @Test
    void theApplicationsFaultIsAnAnswerAndNoOffenceOfItsOwnKind() {
        Client client = sends(Client.get("shop", "/"));
        assertThat(client.received()).startsWith("HTTP/1.1 502 ");
        assertThat(offences()).containsExactly("shop response GET / 502");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: shop.example\r\n\r\n",
                "GET /../.. HTTP/1.1\r\nHost: shop.example\r\n\r\n"
            })
    void theBanIsInForceBeforeTheAnswerIsRead_andThenTheConnectionEnds(String request) {
        use(rules(1, DefaultHost.Close.CLOSE));
        Client idle = sends(Client.get("shop", "/forbidden"));
        Client client = sends(request + Client.get("shop", "/secret"));
        assertThat(worker.bans().bans()).hasSize(1);
        assertThat(client.received()).startsWith("HTTP/1.1 40").doesNotContain("200 OK");
        assertThat(client.isHalfClosed()).isTrue();
        assertThat(idle.wasReset()).as("the ban covers all hosts").isTrue();
    }

    @Test
    void anUnknownHostBansTooThoughNobodyAnswers() {
        use(rules(1, DefaultHost.Close.CLOSE));
        Client client = sends(Client.get("nobody", "/"));
        assertThat(client.wasReset()).isTrue();
        assertThat(worker.bans().bans()).hasSize(1);
    }

    @Test
    void whatATrustedProxySendsBrokenIsNobodys_orTheProxyIsBannedAndAllBehindIt() {
        use(rules(1, DefaultHost.Close.CLOSE));
        Client proxy = new Client(worker, rules, PROXY);
        proxy.sends("GET / HTTP/1.1\r\nHost : x\r\nX-Forwarded-For: 203.0.113.1\r\n\r\n");
        assertThat(proxy.received()).startsWith("HTTP/1.1 400 ");
        assertThat(worker.bans().bans()).isEmpty();
    }

    @Test
    void aViolationBehindATrustedProxyIsTheRealClients() {
        Client proxy = new Client(worker, rules, PROXY);
        proxy.sends("TRACE / HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-For: 203.0.113.1\r\n\r\n");
        assertThat(offencesOf("203.0.113.1")).containsExactly("- protocol_error TRACE / 405");
    }

    @Test
    void aBannedClientGetsTheJailsRefusalForATooLargeBody() {
        use(rules(1, DefaultHost.Close.CLOSE));
        sends(Client.get("nobody", "/"));
        Client client = sends("POST /big HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 99999999999\r\n\r\n");
        assertThat(client.received()).isEmpty();
        assertThat(client.wasReset()).isTrue();
    }
}
