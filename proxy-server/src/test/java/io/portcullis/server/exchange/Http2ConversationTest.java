package io.portcullis.server.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.portcullis.core.config.DefaultHost;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.server.e2e.kit.Http2Client;
import io.portcullis.server.upstream.EmbeddedEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client's connection of HTTP/2: how it ends, and what counts against its client. */
class Http2ConversationTest {

    private static final String VISITOR = "198.51.100.7";
    private static final int CANCEL = 8;

    /** Not the first one, which Netty takes for an upgrade's where no server's channel has accepted the connection. */
    private static final int STREAM = 3;

    /** What resets the stream, without the reason. */
    private static final String RESET =
            frame(Http2Client.RST_STREAM, 0, STREAM, "0000").substring(0, 9);

    private final UpstreamConfig upstream = Hosts.upstream("shop", 1);
    private final TestRules rules = new TestRules(
            List.of(
                    Hosts.host("shop", upstream, List.of(Hosts.jail(On.PROTOCOL_ERROR, 1), Hosts.jail(Scope.HOST, 1))),
                    Hosts.host("blog", Hosts.upstream("blog", 1), List.of())),
            List.of(Hosts.jail(On.PROTOCOL_ERROR, 1)),
            DefaultHost.Close.CLOSE);
    private final EmbeddedWorker worker = new EmbeddedWorker(rules);

    @AfterEach
    void release() {
        worker.close();
    }

    /** One that has said what it speaks, and takes that much of each answer. */
    private Client connect(int window) {
        Client client = Client.ofHttp2(worker, rules, VISITOR);
        client.sends("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
                + frame(Http2Client.SETTINGS, 0, 0, "\0\4" + text(Http2Client.int32(window))));
        client.received();
        return client;
    }

    private static String get(String path) {
        int flags = Http2Client.END_STREAM | Http2Client.END_HEADERS;
        return frame(Http2Client.HEADERS, flags, STREAM, text(Http2Client.head("GET", "shop.example", path)));
    }

    private static String frame(int type, int flags, int stream, String payload) {
        int length = payload.length();
        return "" + (char) (length >> 16) + (char) (length >> 8 & 0xFF) + (char) (length & 0xFF) + (char) type
                + (char) flags + text(Http2Client.int32(stream)) + payload;
    }

    private static String text(byte[] octets) {
        return new String(octets, ISO_8859_1);
    }

    private EmbeddedEndpoint answering(Client client) {
        EmbeddedEndpoint endpoint =
                EmbeddedEndpoint.pooled(rules.upstream(upstream).destinations().get(0), worker.pool());
        worker.track(endpoint.channel());
        client.sends(get("/"));
        endpoint.says("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(500));
        client.settle();
        return endpoint;
    }

    /** Those of all streams in one record of TLS, and one write. */
    @Test
    void theAnswersOfOneTurnOfTheEventLoopLeaveAtItsEnd() {
        Client client = connect(1000);
        EmbeddedEndpoint endpoint =
                EmbeddedEndpoint.pooled(rules.upstream(upstream).destinations().get(0), worker.pool());
        worker.track(endpoint.channel());
        client.sends(get("/"));
        client.received();

        endpoint.says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(client.isSentTo()).as("another answer may follow").isFalse();

        client.settle();
        assertThat(client.isSentTo()).isTrue();
        assertThat(client.received()).contains("hello");
    }

    @Test
    void whoCancelsADownloadBreaksNoRuleAndIsNotBanned() {
        Client client = connect(10);
        EmbeddedEndpoint endpoint = answering(client);
        client.sends(frame(Http2Client.RST_STREAM, 0, STREAM, text(Http2Client.int32(CANCEL))));
        assertThat(endpoint.isOpen()).as("what nobody wants is fetched on").isFalse();
        assertThat(worker.bans().bans()).isEmpty();
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void whoClosesThePageInTheMiddleOfADownloadIsNotBanned() {
        Client client = connect(10);
        EmbeddedEndpoint endpoint = answering(client);
        client.closes();
        assertThat(endpoint.isOpen()).isFalse();
        assertThat(worker.bans().bans()).isEmpty();
        assertThat(worker.logged()).hasSize(1);
    }

    @Test
    void theBannedDoNotSetThePaceOfTheirLastAnswer() {
        Client client = connect(0);
        client.sends(get("/forbidden"));
        worker.pass(Duration.ofSeconds(3));
        client.settle();
        assertThat(client.received()).doesNotContain(RESET);
        worker.pass(Duration.ofSeconds(3));
        client.settle();
        assertThat(client.received()).contains(RESET);
    }

    /** The operator would be told to report it, as often as a stranger likes. */
    @Test
    void octetsThatAreNoRecordOfTlsAreNoFaultOfOurs() {
        Client client = connect(10);
        client.breaks(new DecoderException(new SSLException("not a record")));
        assertThat(client.isOpen()).isFalse();
        assertThat(client.wasReset()).as("which a fault of ours ends in").isFalse();
    }

    @Test
    void whoLeavesBeforeAWordIsNotKept() {
        Client silent = Client.ofHttp2(worker, rules, VISITOR);
        silent.endsInput();
        assertThat(silent.isOpen()).isFalse();

        Client undecided = Client.ofHttp2(worker, rules, VISITOR);
        undecided.sends("PRI *");
        undecided.breaks(new IOException("Connection reset by peer"));
        assertThat(undecided.isOpen()).isFalse();
    }

    private int makeWay() {
        AtomicInteger closed = new AtomicInteger(-1);
        worker.worker().closeIdle(5, closed::set);
        worker.runTasks();
        return closed.get();
    }

    /** If it breaks: where there are too many connections, those of browsers, which keep them for long, are never closed. */
    @Test
    void oneWithoutAStreamMakesWayAndSaysSo() {
        Client client = connect(1000);
        assertThat(makeWay()).isEqualTo(1);
        client.settle();
        assertThat(client.received())
                .contains(frame(Http2Client.GOAWAY, 0, 0, "").substring(3, 9));
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void oneWithAStreamMakesNoWay() {
        Client client = connect(10);
        answering(client);
        assertThat(makeWay()).isZero();
        assertThat(client.isOpen()).isTrue();
    }
}
