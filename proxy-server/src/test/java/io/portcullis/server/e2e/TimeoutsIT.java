package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.EndlessPattern;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.Stranger;
import io.portcullis.server.e2e.kit.WebSocketPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody keeps a connection without using it: slow senders are the cheapest way to take a server away from others. */
final class TimeoutsIT {

    private static final long LARGE = 32L << 20;

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app")
                .on("/echo", WebSocketPeer.echo())
                .on("/large", (request, connection) -> {
                    connection.send(head("HTTP/1.1 200 OK", "Content-Length: " + LARGE));
                    EndlessPattern.write(connection.out(), LARGE, new AtomicLong());
                    return true;
                })
                .on("/half", Behaviours.raw(head("HTTP/1.1 200 OK", "Content-Length: 9") + "abc"));
        proxy = ProxyUnderTest.in(directory)
                .main("timeouts { head = 1s, idle = 1500ms, response = 1s, tunnel = 1s }")
                .host("a", "a.test", application, "")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        application.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    private static RawClient connect() throws IOException {
        return RawClient.connect(Loopback.newClient(), proxy.port());
    }

    /** If it breaks: one laptop that sends a head octet by octet (Slowloris) fills all connections. */
    @Test
    void aSlowHeadIsRequestTimeout() throws Exception {
        try (RawClient client = connect()) {
            RawResponse answer = client.send("GET / HTTP/1.1\r\nHost: a.t").read();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.value("Connection")).isEqualToIgnoringCase("close");
            Stranger.assertIsShortErrorAnswer(answer);
            assertThat(client.ending().isOver()).isTrue();
        }
    }

    /** The time is for the whole head. If it breaks: an octet now and then keeps a connection for ever. */
    @Test
    void aHeadThatGoesOnAndOnIsRequestTimeoutToo() throws Exception {
        long start = System.nanoTime();
        try (RawClient client = connect()) {
            client.send("GET / HTTP/1.1\r\n");
            while (client.in().available() == 0) {
                client.send("X-A: a\r\n");
                assertThat(System.nanoTime() - start).as("nanoseconds").isLessThan(5_000_000_000L);
                LockSupport.parkNanos(200_000_000); // an octet now and then is what the test is about
            }
            assertThat(client.read().status()).isEqualTo(408);
        }
    }

    @Test
    void aConnectionThatNeverSpeaksEnds() throws Exception {
        try (RawClient client = connect()) {
            assertThat(client.ending().isOver()).isTrue();
        }
    }

    @Test
    void anIdleConnectionEndsWithoutAnAnswer() throws Exception {
        try (RawClient client = connect()) {
            assertThat(client.get("a.test", "/").status()).isEqualTo(200);
            assertThat(client.ending().received()).isEmpty();
        }
    }

    /** If it breaks: a connection that is promised one body, and sends half of it, stays for ever. */
    @Test
    void aBodyThatDoesNotComeEndsTheConnection() throws Exception {
        try (RawClient client = connect()) {
            client.send(head("POST /slow HTTP/1.1", "Host: a.test", "Content-Length: 9") + "abc");
            assertThat(client.ending().isOver()).isTrue();
            assertThat(application.count("/slow")).isZero();
        }
    }

    /** If it breaks: the client waits without end for the rest of an answer. */
    @Test
    void anAnswerThatStopsInItsBodyIsCut() throws Exception {
        try (RawClient client = connect()) {
            client.send(head("GET /half HTTP/1.1", "Host: a.test"));
            RawResponse answer = client.readWholeOrCut("GET");
            assertThat(answer.whole()).isFalse();
            assertThat(answer.body()).isEqualTo("abc");
        }
    }

    /** If it breaks: whoever downloads over a slow line is cut, though each second brings some of the answer. */
    @Test
    void aReaderThatIsSlowButReadsIsNotCut() throws Exception {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port(), 64 * 1024)) {
            client.send(head("GET /large HTTP/1.1", "Host: a.test"));
            client.readHead();
            long slow = 100 * 20_000L;
            for (long read = 0; read < slow; read += 20_000) {
                EndlessPattern.verify(client.in(), read, 20_000);
                LockSupport.parkNanos(50_000_000); // for several times timeouts.idle in all
            }
            EndlessPattern.verify(client.in(), slow, LARGE - slow);
        }
    }

    @Test
    void aSilentTunnelEnds() throws Exception {
        try (RawClient client = connect()) {
            assertThat(client.send(WebSocketPeer.handshake("a.test", "/echo"))
                            .read()
                            .status())
                    .isEqualTo(101);
            assertThat(client.ending().isOver()).isTrue();
        }
    }
}
