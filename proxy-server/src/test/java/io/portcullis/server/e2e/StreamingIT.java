package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviour;
import io.portcullis.server.e2e.kit.EndlessPattern;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bodies sixteen times as large as the process's heap go through both ways, and whoever does not read is felt by who
 * writes: the proxy holds a bounded part of a body, never the whole.
 */
@Timeout(60)
final class StreamingIT {

    private static final long LENGTH = 1L << 30;
    /** What the reader takes before it stops: enough that the whole way is running. */
    private static final long BEFORE_PAUSE = 1L << 20;
    /** What the sockets on the way and the proxy may hold between them. */
    private static final long BOUND = 16L << 20;

    private static final int SOCKET_BUFFER = 64 * 1024;

    private static final AtomicLong sent = new AtomicLong();
    private static final CountDownLatch readOn = new CountDownLatch(1);
    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReceiveBufferSize(SOCKET_BUFFER);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        application = RecordingApplication.start("app", server)
                .on("/down", (request, connection) -> {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LENGTH + "\r\n\r\n");
                    EndlessPattern.write(connection.out(), LENGTH, sent);
                    return true;
                })
                .on("/up", Behaviour.takingBody((request, connection) -> {
                    EndlessPattern.verify(connection.in(), 0, BEFORE_PAUSE);
                    awaitReadOn();
                    EndlessPattern.verify(connection.in(), BEFORE_PAUSE, LENGTH - BEFORE_PAUSE);
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole");
                    return true;
                }));
        proxy = ProxyUnderTest.in(directory)
                .main("limits { max-body-size = 2GiB }")
                .host("a", "a.test", application, "")
                .jvm("-Xmx64m")
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

    /** If it breaks: a few people who download on slow lines take the proxy's memory, and every site with it. */
    @Test
    void aGibibyteDownToASlowReaderIsHeldBackAtTheApplication() throws Exception {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port(), SOCKET_BUFFER)) {
            client.send("GET /down HTTP/1.1\r\nHost: a.test\r\n\r\n");
            assertThat(readHead(client)).startsWith("HTTP/1.1 200 ").contains("Content-Length: " + LENGTH);
            EndlessPattern.verify(client.in(), 0, BEFORE_PAUSE);
            assertThat(whereItStops(sent))
                    .as("octets that left the application")
                    .isLessThan(BOUND);
            EndlessPattern.verify(client.in(), BEFORE_PAUSE, LENGTH - BEFORE_PAUSE);
            assertThat(client.get("a.test", "/after").status()).isEqualTo(200);
        }
    }

    /** If it breaks: a few uploads to an application that is busy take the proxy's memory, and every site with it. */
    @Test
    void aGibibyteUpToASlowApplicationIsHeldBackAtTheClient() throws Exception {
        AtomicLong uploaded = new AtomicLong();
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port(), SOCKET_BUFFER)) {
            client.send("POST /up HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + LENGTH + "\r\n\r\n");
            CompletableFuture<Void> upload = CompletableFuture.runAsync(() -> upload(client, uploaded));
            assertThat(whereItStops(uploaded)).as("octets that left the client").isLessThan(BOUND);
            readOn.countDown();
            upload.get(30, TimeUnit.SECONDS);
            assertThat(client.read().body()).isEqualTo("whole");
        }
    }

    /** Waits until a counter has left zero and then stood still for half a second; where it stands. */
    private static long whereItStops(AtomicLong counter) {
        AtomicLong last = new AtomicLong();
        Awaitility.await("the sender is held back")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(15))
                .until(() -> {
                    long now = counter.get();
                    return now > BEFORE_PAUSE && now == last.getAndSet(now);
                });
        return counter.get();
    }

    private static void upload(RawClient client, AtomicLong uploaded) {
        try {
            EndlessPattern.write(client.out(), LENGTH, uploaded);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitReadOn() throws IOException {
        try {
            if (!readOn.await(30, TimeUnit.SECONDS)) {
                throw new IOException("the test never let the application read on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the application is closed", e);
        }
    }

    private static String readHead(RawClient client) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int octet = client.in().read();
            assertThat(octet).as("octet of the head").isNotNegative();
            head.write(octet);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }
}
