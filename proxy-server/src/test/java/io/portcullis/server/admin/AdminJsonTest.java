package io.portcullis.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Evidence;
import io.portcullis.core.ban.Offence;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.ban.Sentence.Mode;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Tarpit;
import io.portcullis.core.net.Cidr;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the process writes is what the commands read, and nothing in it can act on a terminal. */
class AdminJsonTest {

    private static final Offence NASTY =
            new Offence(1_000, "shop", "jail", "G\u007fT", "/\u001b[31m\u009b\"\\\n\u2028\ud800", 403);

    private static Evidence evidence() throws IOException {
        Ban forever = new Ban(
                BanJson.client("2001:db8::/64"),
                new Sentence(AllHosts.ALL_HOSTS, "by hand", Drop.DROP, Mode.FORCED),
                1_700_000_000_001L,
                Ban.FOREVER,
                new Ban.Grounds("sp\u00e4m", List.of()));
        Ban rejecting = new Ban(
                BanJson.client("2001:db8::/56"),
                new Sentence(new OneHost("shop"), "flood", new Reject(429), Mode.ENFORCED),
                1,
                2,
                new Ban.Grounds("", List.of(NASTY, NASTY)));
        Ban onTrial = new Ban(
                BanJson.client("192.0.2.0/24"),
                new Sentence(new OneHost("blog"), "trial", Tarpit.TARPIT, Mode.DRY_RUN),
                1,
                2,
                Ban.Grounds.UNTOLD);
        return new Evidence(
                BanJson.client("2001:db8::/64"),
                Optional.of("allowlist"),
                Optional.ofNullable(Cidr.parse("2001:db8::/32")),
                List.of(new Evidence.Counter("shop", "jail", 2, 5, Duration.ofMinutes(10))),
                List.of(NASTY, new Offence(5, "", "timeouts", "", "", 0)),
                List.of(forever, rejecting, onTrial),
                List.of(
                        new Evidence.PastBan(AllHosts.ALL_HOSTS, "recidive", 7),
                        new Evidence.PastBan(new OneHost("shop"), "jail", 8)));
    }

    private static String text(AdminAnswer.Json document) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = AdminJson.writer(out)) {
            document.writeTo(json);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void evidenceComesBackAsItWas() throws IOException {
        Evidence evidence = evidence();
        String text = text(json -> EvidenceJson.write(evidence, json));
        try (JsonParser json = AdminJson.parser(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
            json.nextToken();
            assertThat(EvidenceJson.read(json)).isEqualTo(evidence);
        }
    }

    /** If it breaks: a path that a stranger asked for moves the cursor of whoever runs curl. */
    @Test
    void everythingIsPrintableAscii() throws IOException {
        Evidence evidence = evidence();
        assertThat(text(json -> EvidenceJson.write(evidence, json)))
                .matches("[ -~]+")
                .contains("/\\u001B[31m\\u009B\\\"\\\\\\n\\u2028", "G\\u007FT", "sp\\u00E4m");
    }

    @Test
    void aLaterVersionsMembersArePassedOver() throws IOException {
        String text =
                "{\"made\":true,\"new\":{\"a\":[1,{}]},\"client\":\"192.0.2.1\",\"host\":null,\"until\":null,\"x\":[[]]}";
        try (JsonParser json = AdminJson.parser(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
            json.nextToken();
            BanJson.Made made = BanJson.readMade(json);
            assertThat(made.isNew()).isTrue();
            assertThat(made.ban().client()).hasToString("192.0.2.1");
            assertThat(made.ban().until()).isEqualTo(Ban.FOREVER);
        }
    }

    @Test
    void anOrderIsReadWhole() throws Refusal {
        var order = OrderJson.read("""
                {"address": "192.0.2.0/24", "host": "shop", "for": "forever", "reason": "sp\u00e4m", "action": "tarpit",
                 "force": true}""");
        assertThat(order.who()).hasToString("192.0.2.0/24");
        assertThat(order.scope()).isEqualTo(new OneHost("shop"));
        assertThat(order.banTime()).isEqualTo(JailConfig.FOREVER);
        assertThat(order.reason()).isEqualTo("sp\u00e4m");
        assertThat(order.action()).isEqualTo(Tarpit.TARPIT);
        assertThat(order.forced()).isTrue();
    }

    @Test
    void anOrderNeedsOnlyAnAddress() throws Refusal {
        var order = OrderJson.read("{\"address\": \"2001:db8::1\", \"host\": null}");
        assertThat(order.scope()).isEqualTo(AllHosts.ALL_HOSTS);
        assertThat(order.banTime()).isEqualTo(Duration.ofMinutes(10));
        assertThat(order.action()).isEqualTo(Drop.DROP);
        assertThat(order.reason()).isEmpty();
        assertThat(order.forced()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                           | the body
                    []                                           | the body
                    {"address":"1.2.3.4"} x                      | the body
                    {"address":"1.2.3.4","address":"1.2.3.5"}    | the body
                    {"address":{"a":1}}                          | the body
                    {"address":7}                                | the body
                    {}                                           | the address
                    {"address":"example.com"}                    | the address
                    {"address":"1.2.3.4","adress":"1.2.3.4"}     | adress is not known
                    {"address":"1.2.3.4","for":"60"}             | for 60 is no length
                    {"address":"1.2.3.4","for":"-1h"}            | for -1h is no length
                    {"address":"1.2.3.4","for":"1000000d"}       | for 1000000d is no length
                    {"address":"1.2.3.4","action":"nuke"}        | action nuke
                    {"address":"1.2.3.4","force":"yes"}          | force yes
                    {"address":"1.2.3.4","host":true}            | host true
                    {"address":"1.2.3.4","reason":"a\\nb"}       | the reason
                    {"address":"1.2.3.4","reason":"\\ud800"}     | the reason
                    """)
    void whatIsWrongWithAnOrderIsSaid(String body, String error) {
        assertThatThrownBy(() -> OrderJson.read(body)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.error()).startsWith(error);
            assertThat(refusal.expected()).isNotEmpty();
        });
    }

    @Test
    void aBodyNestedWithoutEndIsRefused() {
        assertThatThrownBy(() -> OrderJson.read("{\"address\":" + "[".repeat(30_000)))
                .isInstanceOf(Refusal.class);
    }
}
