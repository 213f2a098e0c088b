package io.portcullis.server.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.DefaultHost;
import io.portcullis.server.e2e.kit.Http2Client;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Another process serves, and this one ends. If it breaks: whoever is just sending a request loses it to the upgrade. */
class PatientDrainTest {

    private static final String VISITOR = "192.0.2.7";
    /** The first octets of a GOAWAY that says nothing of which streams: graceful, with all that may still come. */
    private static final String GOODBYE = "\0\0\10\7\0\0\0\0\0\177\377\377\377";

    private final TestRules rules = new TestRules(
            List.of(Hosts.host("shop", Hosts.upstream("shop", 1), List.of())), List.of(), DefaultHost.Close.CLOSE);
    private final EmbeddedWorker worker = new EmbeddedWorker(rules);

    @AfterEach
    void release() {
        worker.close();
    }

    private Client connect() {
        return Client.ofHttp2(worker, rules, VISITOR);
    }

    private void drain(Client client, Patience patience) {
        worker.worker().drain(patience);
        client.settle();
    }

    private static String preface() {
        return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0" + (char) Http2Client.SETTINGS + "\0\0\0\0\0";
    }

    /** Nothing connects to an endpoint here, so the answer is the proxy's own. */
    @Test
    void aConnectionThatHasSaidNothingYetIsServedOnce() {
        Client client = connect();
        drain(client, Patience.LONG);
        assertThat(client.isOpen()).isTrue();
        client.sends(Client.get("nobody", "/"));
        assertThat(client.isOpen()).as("after its one exchange").isFalse();
    }

    @Test
    void impatienceEndsWhatPatienceHadLetBe() {
        Client client = connect();
        drain(client, Patience.LONG);
        drain(client, Patience.SHORT);
        assertThat(client.isOpen()).isFalse();
        Client late = connect();
        drain(late, Patience.LONG);
        assertThat(late.isOpen()).as("patience does not come back").isTrue();
    }

    @Test
    void aConnectionOfHttp2IsToldToGoElsewhere() {
        Client client = connect();
        client.sends(preface());
        client.received();
        drain(client, Patience.LONG);
        assertThat(client.received()).startsWith(GOODBYE);
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void oneThatBeginsOnlyNowIsToldAtOnceAndServed() {
        Client client = connect();
        drain(client, Patience.LONG);
        client.sends(preface());
        assertThat(client.received()).contains(GOODBYE);
        assertThat(client.isOpen()).isTrue();
        assertThat(preface().getBytes(ISO_8859_1)).hasSize(24 + 9);
    }
}
