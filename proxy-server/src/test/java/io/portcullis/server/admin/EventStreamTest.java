package io.portcullis.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.Offence;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.ban.Sentence.Mode;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.observe.Event;
import io.portcullis.server.observe.Events;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Events as a client of the event stream reads them. */
class EventStreamTest {

    private static final long MILLIS = 1_764_000_000_123L;
    private static final Ban BAN = new Ban(
            new ClientKey(IpAddress.ofIpv4(0xC000_0207), 128),
            new Sentence(AllHosts.ALL_HOSTS, "logins", new Reject(429), Mode.ENFORCED),
            MILLIS,
            Ban.FOREVER,
            new Ban.Grounds(
                    "a \"reason\"\n", List.of(new Offence(MILLIS, "shop", "logins", "GET", "/\u001b[31m", 401))));

    private final Events events = new Events(InstantSource.fixed(Instant.ofEpochMilli(MILLIS)));
    private final Events.Subscription news = events.subscribe(EnumSet.allOf(Event.Type.class));
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long nanos;
    private final EventStream stream = new EventStream(out, () -> nanos);

    private String sent() throws IOException {
        stream.round(news);
        String text = out.toString(StandardCharsets.US_ASCII);
        out.reset();
        return text;
    }

    private static String data(String event) {
        return event.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .findFirst()
                .orElseThrow();
    }

    /** If it breaks: whoever keeps other firewalls in step, or takes over from this process, has other bans than it. */
    @Test
    void aBanIsToldWithAllThatMakesIt() throws IOException {
        events.banned(BAN);
        String event = sent();
        assertThat(event).startsWith("event: ban\nid: 1\ndata: {\"time\":\"2025-11-24T16:00:00.123Z\",");
        assertThat(event).endsWith("}\n\n").hasLineCount(4);
        try (JsonParser json =
                AdminJson.parser(new ByteArrayInputStream(data(event).getBytes(StandardCharsets.US_ASCII)))) {
            json.nextToken();
            assertThat(BanJson.read(json)).isEqualTo(BAN);
        }
        events.unbanned(BAN);
        assertThat(sent()).startsWith("event: unban\nid: 2\ndata: {").contains("\"client\":\"192.0.2.7\"");
    }

    @Test
    void everyOtherEventIsToldInOneLine() throws IOException {
        assertThat(told(new Event.Reloaded(false, List.of("portcullis.conf:3: x", "y"))))
                .isEqualTo("event: reload\nid: 1\ndata: {\"time\":\"2025-11-24T16:00:00.123Z\",\"applied\":false,"
                        + "\"problems\":[\"portcullis.conf:3: x\",\"y\"]}\n\n");
        assertThat(told(new Event.EndpointOut("shop", "http://10.0.0.1:80", "refused")))
                .startsWith("event: endpoint-out\n")
                .contains("\"upstream\":\"shop\",\"endpoint\":\"http://10.0.0.1:80\",\"reason\":\"refused\"}");
        assertThat(told(new Event.EndpointBack("shop", "http://10.0.0.1:80")))
                .startsWith("event: endpoint-back\n")
                .contains("\"upstream\":\"shop\",\"endpoint\":\"http://10.0.0.1:80\"}");
        assertThat(told(new Event.CertificateReplaced("shop.crt", Instant.EPOCH)))
                .startsWith("event: certificate-replaced\n")
                .contains("\"certificate\":\"shop.crt\",\"until\":\"1970-01-01T00:00:00.000Z\"}");
        assertThat(told(new Event.CertificateFailing("shop.crt", "no such file")))
                .startsWith("event: certificate-failing\n")
                .contains("\"certificate\":\"shop.crt\",\"reason\":\"no such file\"}");
        assertThat(told(new Event.StoreFailing("No space left on device")))
                .startsWith("event: store-failing\n")
                .contains("\"reason\":\"No space left on device\"}");
        assertThat(told(new Event.StoreBack())).startsWith("event: store-back\n");
        assertThat(told(new Event.Draining())).startsWith("event: draining\n");
    }

    private String told(Event event) throws IOException {
        events.publish(event);
        return sent();
    }

    /** If it breaks: a client that was slow for a moment takes a list with holes for the whole. */
    @Test
    void howManyWereMissedIsToldAfterWhatWasNot() throws IOException {
        for (int i = 0; i < 2_000; i++) {
            events.publish(new Event.StoreBack());
        }
        String sent = sent();
        long told = sent.lines().filter("event: store-back"::equals).count();
        assertThat(sent).contains("event: missed\ndata: {\"count\":" + (2_000 - told) + "}\n\n");
        assertThat(sent()).isEmpty();
    }

    /** If it breaks: a tunnel on the way, or the client, takes a quiet night for a dead connection. */
    @Test
    void silenceIsBrokenByACommentEveryFifteenSeconds() throws IOException {
        nanos += TimeUnit.SECONDS.toNanos(14);
        assertThat(sent()).isEmpty();
        nanos += TimeUnit.SECONDS.toNanos(1);
        assertThat(sent()).isEqualTo(":\n\n");
        nanos += TimeUnit.SECONDS.toNanos(14);
        events.publish(new Event.StoreBack());
        assertThat(sent()).startsWith("event: store-back");
        nanos += TimeUnit.SECONDS.toNanos(14);
        assertThat(sent()).as("counted from what was sent last").isEmpty();
    }

    @Test
    void afterTheEndWhatIsThereIsStillTold() throws IOException {
        events.publish(new Event.Draining());
        events.end();
        stream.follow(news);
        assertThat(out.toString(StandardCharsets.US_ASCII)).startsWith("event: draining\nid: 1\n");
    }
}
