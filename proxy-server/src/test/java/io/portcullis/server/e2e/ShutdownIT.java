package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.WebSocketPeer;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM: what is under way ends in its own time, nothing new begins, and the process exits with 0. */
final class ShutdownIT {

    private static final String HOST = "Host: a.test";

    private Path directory;

    private RecordingApplication application;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        this.directory = directory;
        application = RecordingApplication.start("app");
    }

    @AfterEach
    void stop() throws IOException {
        application.close();
    }

    private ProxyUnderTest proxy(String drain) throws IOException {
        return ProxyUnderTest.in(directory)
                .main("timeouts { drain = " + drain + " }")
                .host("a", "a.test", application, "")
                .start();
    }

    private static boolean refusesConnections(ProxyUnderTest proxy) throws IOException {
        try (RawClient client = RawClient.connect("127.0.0.1", proxy.port())) {
            return client.localPort() < 0;
        } catch (ConnectException refused) {
            return true;
        }
    }

    /** If it breaks: the hook of whoever renews the certificates, written for nginx, stops the proxy. */
    @Test
    void aHangUpStopsNothing() throws Exception {
        try (ProxyUnderTest proxy = proxy("5s");
                RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            assertThat(client.get("a.test", "/before").status()).isEqualTo(200);
            proxy.hangUp();
            Awaitility.await().until(() -> proxy.log().stream().anyMatch(line -> line.contains("SIGHUP")));
            assertThat(client.get("a.test", "/after").status()).isEqualTo(200);
        }
    }

    /** If it breaks: each deployment of the proxy breaks off somebody's order. */
    @Test
    void anExchangeUnderWayIsFinishedWhileNewConnectionsAreRefused() throws Exception {
        CountDownLatch answerNow = new CountDownLatch(1);
        application.on("/order", Behaviours.after(answerNow, Behaviours.answer(200, "thank you")));
        try (ProxyUnderTest proxy = proxy("30s");
                RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            client.send(head("GET /order HTTP/1.1", HOST));
            Awaitility.await("under way").until(() -> application.count("/order") == 1);
            proxy.terminate();
            Awaitility.await("refuses new connections").until(() -> refusesConnections(proxy));
            answerNow.countDown();
            RawResponse answer = client.read();
            assertThat(answer.body()).isEqualTo("thank you");
            assertThat(client.ending().isOver()).isTrue();
            assertThat(proxy.awaitExit(Duration.ofSeconds(5))).isZero();
        }
    }

    /** If it breaks: a shutdown takes the whole drain time each time, because browsers keep connections. */
    @Test
    void idleConnectionsDoNotHoldTheShutdownUp() throws Exception {
        try (ProxyUnderTest proxy = proxy("30s");
                RawClient idle = RawClient.connect(Loopback.newClient(), proxy.port());
                RawClient silent = RawClient.connect(Loopback.newClient(), proxy.port())) {
            assertThat(idle.get("a.test", "/").status()).isEqualTo(200);
            proxy.terminate();
            assertThat(idle.ending().isOver()).isTrue();
            assertThat(silent.ending().isOver()).isTrue();
            assertThat(proxy.awaitExit(Duration.ofSeconds(10))).isZero();
        }
    }

    /** If it breaks: one hanging application, or one open WebSocket, and the proxy never stops. */
    @Test
    void whatNeverEndsIsCutAtTheDrainBound() throws Exception {
        application.on("/hang", Behaviours.hang()).on("/echo", WebSocketPeer.echo());
        try (ProxyUnderTest proxy = proxy("1s");
                RawClient hanging = RawClient.connect(Loopback.newClient(), proxy.port());
                RawClient tunnel = RawClient.connect(Loopback.newClient(), proxy.port())) {
            hanging.send(head("GET /hang HTTP/1.1", HOST));
            assertThat(tunnel.send(WebSocketPeer.handshake("a.test", "/echo"))
                            .read()
                            .status())
                    .isEqualTo(101);
            Awaitility.await("under way").until(() -> application.count("/hang") == 1);
            long start = System.nanoTime();
            proxy.terminate();
            assertThat(proxy.awaitExit(Duration.ofSeconds(15))).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(6));
            assertThat(hanging.ending().isOver()).isTrue();
            assertThat(tunnel.ending().isOver()).isTrue();
        }
    }
}
