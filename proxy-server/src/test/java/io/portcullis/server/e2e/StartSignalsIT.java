package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signals to a process that has not started yet. A take-over has the longest start, so the test plays the process that is
 * taken over from, and takes its time.
 */
final class StartSignalsIT {

    private static final Duration EXIT = Duration.ofSeconds(20);

    private final CountDownLatch isAsked = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch isTakenOver = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private RecordingApplication application;
    private HttpServer predecessor;
    private ProxyUnderTest before;

    /** One process makes the files, and ends. */
    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app");
        before = ProxyUnderTest.in(directory)
                .main("listeners { http { bind = \"127.0.0.1:" + freePort() + "\" } }\nadmin { bind = \"127.0.0.1:"
                        + freePort() + "\" }")
                .host("a", "a.test", application, "")
                .start();
        before.close();
        predecessor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), before.adminPort()), 0);
        predecessor.createContext("/v1/take-over", this::handOver);
        predecessor.createContext("/v1/drain", this::drain);
        predecessor.setExecutor(threads);
        predecessor.start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void stop() throws IOException {
        release.countDown();
        end.countDown();
        predecessor.stop(0);
        threads.shutdownNow();
        application.close();
    }

    private void handOver(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        isAsked.countDown();
        await(release);
        String released = "event: released\ndata: {\"pid\":1}\n\nevent: listed\ndata: {\"all\":true}\n\n";
        exchange.getResponseBody().write(released.getBytes(StandardCharsets.US_ASCII));
        exchange.getResponseBody().flush();
        await(end);
        exchange.close();
    }

    private void drain(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
        isTakenOver.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertReached(CountDownLatch latch, String what) throws InterruptedException {
        assertThat(latch.await(EXIT.toSeconds(), TimeUnit.SECONDS)).as(what).isTrue();
    }

    private static void assertLogged(ProxyUnderTest proxy, String text) {
        Awaitility.await(text).until(() -> proxy.log().stream().anyMatch(line -> line.contains(text)));
    }

    /** If it breaks: the shipped rotation of the logs kills the process that serves, while the old one is leaving. */
    @Test
    void thoseForLogsAndReloadsEndNoProcessThatIsStarting() throws Exception {
        try (ProxyUnderTest proxy = before.beginTakeOver()) {
            assertReached(isAsked, "asked to hand over");
            proxy.reopenLogs();
            proxy.hangUp();
            release.countDown();
            assertReached(isTakenOver, "told to drain"); // it serves, and waits for the address of the admin API
            proxy.reopenLogs();
            proxy.hangUp();
            try (RawClient client = RawClient.connect(Loopback.newClient(), before.port())) {
                assertThat(client.get("a.test", "/").status()).isEqualTo(200);
            }
            predecessor.stop(0);
            proxy.awaitServing();
            assertLogged(proxy, "SIGUSR1: reopening the logs");
            assertLogged(proxy, "reloaded in ");
            end.countDown();
        }
    }

    /** If it breaks: a stop during an upgrade leaves no process at all, or none that ends. */
    @Test
    void aStopBeforeItServesEndsItAtOnceAndTheOtherGoesOn() throws Exception {
        try (ProxyUnderTest proxy = before.beginTakeOver()) {
            assertReached(isAsked, "asked to hand over");
            proxy.terminate();
            assertThat(proxy.awaitExit(EXIT)).isZero();
            assertThat(isTakenOver.getCount()).isEqualTo(1);
        }
    }

    /** If it breaks: whom the new process serves already is cut in the middle of the answer. */
    @Test
    void aStopAfterItServesDrainsThoughItIsNotStarted() throws Exception {
        CountDownLatch answerNow = new CountDownLatch(1);
        application.on("/order", Behaviours.after(answerNow, Behaviours.answer(200, "thank you")));
        try (ProxyUnderTest proxy = before.beginTakeOver();
                RawClient client = connected()) {
            client.send("GET /order HTTP/1.1\r\nHost: a.test\r\n\r\n");
            Awaitility.await("under way").until(() -> application.count("/order") == 1);
            proxy.terminate();
            predecessor.stop(0);
            assertLogged(proxy, "stopping: no new connections");
            answerNow.countDown();
            assertThat(client.read().body()).isEqualTo("thank you");
            end.countDown();
            assertThat(proxy.awaitExit(EXIT)).isZero();
        }
    }

    /** To the process that has begun to take over. */
    private RawClient connected() throws IOException, InterruptedException {
        release.countDown();
        assertReached(isTakenOver, "told to drain");
        return RawClient.connect(Loopback.newClient(), before.port());
    }
}
