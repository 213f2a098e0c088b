package io.portcullis.server.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends what no honest client sends, with a second request hidden behind it, and shows what comes of it: the answer, the
 * end of the connection, and that the application saw nothing.
 */
public final class Stranger {

    /** What a client hides behind a request whose end two servers see at different places. */
    private static final String HIDDEN = Wire.head("GET /hidden HTTP/1.1", "Host: a.test");

    private static final AtomicInteger NEXT = new AtomicInteger();

    private final ProxyUnderTest proxy;
    private final RecordingApplication application;

    /** The application answers for the virtual host {@code a.test}. */
    public Stranger(ProxyUnderTest proxy, RecordingApplication application) {
        this.proxy = proxy;
        this.application = application;
    }

    /** Shows that a head is refused with one of the statuses, the connection ends, and no octet went further. */
    public void isRefused(String octets, Integer... statuses) throws IOException {
        long before = application.octetsReceived();
        assertRefusedAndEnded(octets, statuses);
        long honest = honestRequest().size();
        assertThat(application.octetsReceived() - before)
                .as("octets that reached the application besides the honest request's")
                .isEqualTo(honest);
    }

    /**
     * Shows that a message whose fault is in the body is refused, and that the application, which may have seen its
     * beginning, never saw it whole, nor what was hidden behind it.
     */
    public void isRefusedInTheBody(String octets, Integer... statuses) throws IOException {
        int before = application.requests().size();
        assertRefusedAndEnded(octets, statuses);
        honestRequest();
        assertThat(application.requests()).as("whole requests").hasSize(before + 1);
    }

    private void assertRefusedAndEnded(String octets, Integer... statuses) throws IOException {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            RawResponse refusal = client.send(octets + HIDDEN).read();
            assertThat(refusal.status())
                    .as("one of %s", Arrays.asList(statuses))
                    .isIn((Object[]) statuses);
            assertIsShortErrorAnswer(refusal);
            assertThat(refusal.value("Connection")).isEqualToIgnoringCase("close");
            Ending ending = client.ending();
            assertThat(ending.isOver()).as("the connection is over").isTrue();
            assertThat(ending.received()).as("behind the refusal").isEmpty();
        }
    }

    /** An answer of the proxy's own: short, and with the id by which its line in the log is found. */
    public static void assertIsShortErrorAnswer(RawResponse response) {
        assertThat(response.value("X-Request-Id")).isNotBlank();
        assertThat(response.body().length()).isLessThan(512);
    }

    /** One request that must get through, so that the application is known to have read all that came before it. */
    private RecordedRequest honestRequest() throws IOException {
        String path = "/honest/" + NEXT.incrementAndGet();
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            assertThat(client.get("a.test", path).status()).isEqualTo(200);
        }
        return application.request(path);
    }
}
