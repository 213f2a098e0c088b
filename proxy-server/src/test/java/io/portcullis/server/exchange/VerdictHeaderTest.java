package io.portcullis.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.portcullis.core.ban.AnswerWeight;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.server.observe.LogCapture;
import io.portcullis.server.upstream.EmbeddedEndpoint;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application says of its answer is heard by the jails, and by nobody else. */
class VerdictHeaderTest {

    private static final String FIELD = "X-Ban-Weight";
    private static final String ATTACKER = "198.51.100.7";

    private final UpstreamConfig trusted = Hosts.upstream("trusted", 1);
    private final UpstreamConfig other = Hosts.upstream("other", 2);
    private final TestRules rules = new TestRules(List.of(
            Hosts.host("trusted", trusted, List.of(Hosts.jail(On.VERDICT, 5)), Optional.of(FIELD)),
            Hosts.host("other", other, List.of(Hosts.jail(On.VERDICT, 5)))));
    private final EmbeddedWorker worker = new EmbeddedWorker(rules);
    private final LogCapture told = new LogCapture(VerdictHeader.class.getName());
    private final VerdictHeader header = new VerdictHeader(InstantSource.fixed(Instant.EPOCH));

    @AfterEach
    void release() {
        told.close();
        worker.close();
    }

    private static HttpHeaders fields(String... values) {
        HttpHeaders headers = new DefaultHttpHeaders();
        List.of(values).forEach(value -> headers.add(FIELD, value));
        return headers;
    }

    private AnswerWeight take(HttpHeaders headers) {
        AnswerWeight weight = header.take(FIELD, headers, "shop");
        assertThat(headers.contains(FIELD)).as("taken out").isFalse();
        return weight;
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "10000, 10000", "00012, 12", "ban, 2147483647", "BAN, 2147483647"})
    void readsNumbersAndBan(String value, int offences) {
        assertThat(take(fields(value))).isEqualTo(new AnswerWeight(offences));
        assertThat(take(fields(value, value))).isEqualTo(new AnswerWeight(offences));
        assertThat(told.messages(Level.WARN)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1.5", "10001", "99999999999999999999", "none", "ban now", "1 2", "\u0661"})
    void takesAnythingElseForUnsaid_andTellsTheOperatorOnce(String value) {
        assertThat(take(fields(value)).isSaid()).isFalse();
        assertThat(take(fields(value)).isSaid()).isFalse();
        assertThat(told.messages(Level.WARN)).singleElement().asString().startsWith("shop: ");
    }

    @Test
    void takesFieldsThatDisagreeForUnsaid() {
        assertThat(take(fields("1", "2")).isSaid()).isFalse();
        assertThat(take(fields("0", "ban")).isSaid()).isFalse();
    }

    @Test
    void theWarningIsHarmless_orAnApplicationThatEchoesLetsStrangersWriteTheLog() {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        headers.add(FIELD, "\u001b[2J\nforged" + "x".repeat(10_000));
        header.take(FIELD, headers, "shop");
        assertThat(told.messages(Level.WARN)).singleElement().asString().matches("[ -~]{1,300}");
    }

    private Client tries(String host) {
        Client client = new Client(worker, rules, ATTACKER);
        client.sends(Client.get(host, "/"));
        return client;
    }

    private EmbeddedEndpoint endpoint(UpstreamConfig config) {
        EmbeddedEndpoint endpoint =
                EmbeddedEndpoint.pooled(rules.upstream(config).destinations().get(0), worker.pool());
        worker.track(endpoint.channel());
        return endpoint;
    }

    private static String answer(String field) {
        return "HTTP/1.1 200 OK\r\n" + field + "\r\nContent-Length: 2\r\n\r\nok";
    }

    @Test
    void banMeansNow_andTheAnswerIsStillToldWithoutTheField() {
        EmbeddedEndpoint endpoint = endpoint(trusted);
        Client client = tries("trusted");
        endpoint.says(answer("x-ban-weight: ban"));
        client.settle();
        assertThat(worker.bans().bans()).hasSize(1);
        assertThat(client.received()).startsWith("HTTP/1.1 200").endsWith("ok").doesNotContainIgnoringCase(FIELD);
        assertThat(client.isHalfClosed()).isTrue();
    }

    @Test
    void aNumberIsSoManyOffences() {
        EmbeddedEndpoint endpoint = endpoint(trusted);
        Client client = tries("trusted");
        endpoint.says(answer("X-Ban-Weight: 4"));
        assertThat(client.received()).doesNotContainIgnoringCase(FIELD);
        assertThat(worker.bans().bans()).isEmpty();
        client.sends(Client.get("trusted", "/"));
        endpoint.says(answer("X-Ban-Weight: 1"));
        assertThat(worker.bans().bans()).hasSize(1);
    }

    @Test
    void nothingOfItLeavesInInterimAnswersOrTrailers() {
        EmbeddedEndpoint endpoint = endpoint(trusted);
        Client client = tries("trusted");
        String octets = """
                HTTP/1.1 103 Early Hints
                X-Ban-Weight: 1
                Link: x

                HTTP/1.1 200 OK
                Transfer-Encoding: chunked
                Trailer: X-Ban-Weight, X-Sum

                2
                ok
                0
                X-Ban-Weight: ban
                X-Sum: 1

                """;
        endpoint.says(octets.replace("\n", "\r\n"));
        assertThat(client.received())
                .contains("HTTP/1.1 103", "HTTP/1.1 200", "X-Sum: 1")
                .doesNotContainIgnoringCase(FIELD + ":");
        assertThat(worker.bans().bans()).as("said too late, or too early").isEmpty();
    }

    @Test
    void aTunnelIsNotOpenedForWhomItsAnswerBans() {
        EmbeddedEndpoint endpoint = endpoint(trusted);
        Client client = new Client(worker, rules, ATTACKER);
        client.sends("GET / HTTP/1.1\r\nHost: trusted.example\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
        endpoint.says("HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: websocket\r\nX-Ban-Weight: 5\r\n\r\n");
        client.settle();
        assertThat(client.isOpen()).isFalse();
        assertThat(worker.bans().bans()).hasSize(1);
    }

    @Test
    void ofAHostThatDoesNotTrustItItIsAnOrdinaryField() {
        EmbeddedEndpoint endpoint = endpoint(other);
        Client client = tries("other");
        endpoint.says(answer("X-Ban-Weight: ban"));
        assertThat(client.received()).contains("X-Ban-Weight: ban");
        assertThat(worker.bans().bans()).isEmpty();
    }
}
