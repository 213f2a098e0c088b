package io.portcullis.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.portcullis.server.observe.LogCapture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operator reads why an application fails, and is not flooded with it. */
class UpstreamFaultsTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final EmbeddedWorker worker = new EmbeddedWorker(new TestRules(List.of()));
    private final LogCapture log = new LogCapture(UpstreamFaults.class.getName());
    private final Exchange exchange = Exchange.of(
            new Http1Stream(
                    new ClientConnection(new ClientChannel("198.51.100.7"), worker.worker(), worker.listener()),
                    new AnswerEncoder()),
            new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
    private final UpstreamFaults faults = new UpstreamFaults();

    @AfterEach
    void release() {
        log.close();
        worker.close();
    }

    private void fails(String upstream, String why, long now) {
        faults.tell(exchange, Fault.ofUpstream(502, upstream, why), "answered 502", now);
    }

    private List<String> told() {
        return log.messages(Level.WARN);
    }

    @Test
    void anUpstreamHidesNoOthersReason() {
        fails("busy", "refused", 0);
        fails("busy", "refused", 1);
        fails("shop/api", "timed out", 2);
        assertThat(told())
                .hasSize(2)
                .first()
                .asString()
                .isEqualTo("busy GET: refused (answered 502, request id " + exchange.requestId() + ")");
        assertThat(told()).last().asString().startsWith("shop/api GET: timed out (");
    }

    @Test
    void eachIsToldOnceASecondAndWhatWasLeftOutIsCounted() {
        fails("busy", "refused", Long.MAX_VALUE - 1); // nanoTime may wrap
        fails("busy", "refused", Long.MAX_VALUE);
        fails("busy", "refused", Long.MAX_VALUE + SECOND - 2);
        fails("busy", "refused", Long.MAX_VALUE + SECOND);
        fails("busy", "refused", Long.MAX_VALUE + 2 * SECOND);
        assertThat(told()).hasSize(3);
        assertThat(told().get(1)).endsWith("; 2 more since the last such line)");
        assertThat(told().get(2)).doesNotContain("more since");
    }

    @Test
    void upstreamsThatAreGoneAreForgotten_orEachReloadTakesMemoryForEver() {
        fails("first", "refused", 0);
        for (int i = 0; i < 1_000; i++) {
            fails("upstream" + i, "refused", 0);
        }
        fails("upstream999", "refused", 0);
        fails("first", "refused", 0);
        assertThat(told()).hasSize(1_002);
    }
}
