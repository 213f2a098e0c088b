package io.portcullis.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.HttpsConfig;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.RouteConfig.ToUpstream;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.server.upstream.EmbeddedEndpoint;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The process stops while a client still reads. If it breaks: the end of a download is lost, or an order that was obeyed. */
class ImpatientDrainTest {

    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1";

    private final UpstreamConfig upstream = Hosts.upstream("shop", 8080);
    private final TestRules rules = new TestRules(List.of(new VirtualHostConfig(
            "shop",
            List.of("shop.example"),
            List.of(TestRules.LISTENER),
            List.of(new RouteConfig("/", new ToUpstream(upstream, false))),
            List.of(),
            Optional.empty(),
            HttpsConfig.NONE)));
    private final EmbeddedWorker worker = new EmbeddedWorker(rules);
    private final EmbeddedEndpoint endpoint =
            EmbeddedEndpoint.pooled(rules.upstream(upstream).destinations().get(0), worker.pool());
    private final Client client = new Client(worker, rules, "198.51.100.7");

    @BeforeEach
    void anAnswerLiesUnread() {
        client.stopsReading();
        client.sends(Client.get("shop", "/first"));
        endpoint.received();
        endpoint.says(ANSWER);
        client.settle();
        worker.worker().drain(Patience.SHORT);
        client.settle();
    }

    @AfterEach
    void release() {
        worker.close();
    }

    @Test
    void aSlowReaderGetsTheEndOfItsLastAnswer() {
        client.readsOn();
        assertThat(client.received()).endsWith("\r\n\r\n1");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void nothingIsBegunThatNobodyWouldHearTheEndOf() {
        client.sends("POST /second HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 0\r\n\r\n");
        assertThat(endpoint.received()).isEmpty();
        client.readsOn();
        assertThat(client.isOpen()).isFalse();
    }
}
