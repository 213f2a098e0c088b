package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.EndlessPattern;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that has said all it has to say gets its whole answer, and costs nothing while it does not read it. */
@Timeout(60)
final class HalfClosedClientIT {

    /** Far more than the sockets on the way hold. */
    private static final long LENGTH = 32L << 20;

    private static final int SOCKET_BUFFER = 64 * 1024;

    private static final AtomicLong sent = new AtomicLong();
    private static final CountDownLatch never = new CountDownLatch(1);
    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app")
                .on("/large", (request, connection) -> {
                    connection.send(head("HTTP/1.1 200 OK", "Content-Length: " + LENGTH));
                    EndlessPattern.write(connection.out(), LENGTH, sent);
                    return true;
                })
                .on("/hang", Behaviours.after(never, Behaviours.answer(200, "")));
        proxy = ProxyUnderTest.in(directory)
                .main("threads = 1")
                .host("a", "a.test", application, "")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        never.countDown();
        proxy.close();
        application.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    private static RawClient halfClosed(String path) throws IOException {
        RawClient client = RawClient.connect(Loopback.newClient(), proxy.port(), SOCKET_BUFFER);
        client.send(head("GET " + path + " HTTP/1.1", "Host: a.test")).halfClose();
        return client;
    }

    /** If it breaks: a script that pipes its request in ({@code nc}) loses each answer that is larger than a buffer. */
    @Test
    void anAnswerLargerThanAllBuffersArrivesWholeAndMeanwhileNobodyTurns() throws Exception {
        try (RawClient client = halfClosed("/large")) {
            awaitHeldBack();
            assertThat(processorTimeOfASecond()).isLessThan(Duration.ofMillis(500));
            assertThat(client.readHead().startLine()).startsWith("HTTP/1.1 200 ");
            EndlessPattern.verify(client.in(), 0, LENGTH);
            assertThat(client.ending().received()).isEmpty();
        }
    }

    /** If it breaks: one stranger with a few connections takes a processor for as long as the application is slow. */
    @Test
    void aHalfClosedClientThatIsGoneKeepsNoEventLoopTurning() throws Exception {
        try (RawClient client = halfClosed("/hang")) {
            Awaitility.await().until(() -> application.count("/hang") == 1);
            client.resetNow();
        }
        assertThat(processorTimeOfASecond()).isLessThan(Duration.ofMillis(500));
    }

    /** If it breaks: half a request behind a whole one holds a connection for as long as a time-out lasts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r",
                "GET /half HTTP/1.1\r\nHost: a.test\r\n",
                "POST /half HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhell",
                "POST /half HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
            })
    void whatIsNotWholeWhenTheClientHasSaidAllIsNotWaitedFor(String half) throws Exception {
        int before = application.count("/later");
        Semaphore mayAnswer = new Semaphore(0);
        application.on("/later", (request, connection) -> {
            mayAnswer.acquireUninterruptibly();
            return Behaviours.answer(200, "told later").answer(request, connection);
        });
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            client.send(head("GET /later HTTP/1.1", "Host: a.test") + half).halfClose();
            Awaitility.await().until(() -> application.count("/later") == before + 1);
            mayAnswer.release();
            assertThat(client.read().body()).isEqualTo("told later");
            Ending ending = client.ending(Duration.ofSeconds(5));
            assertThat(ending).isEqualTo(new Ending(Ending.How.EOF, ""));
        }
        assertThat(application.count("/half")).isZero();
    }

    /** Each second of a loop that turns is a second of the processor. */
    private static Duration processorTimeOfASecond() {
        Duration before = proxy.processorTime();
        LockSupport.parkNanos(1_000_000_000); // nothing comes about that could be waited for: that is the point
        return proxy.processorTime().minus(before);
    }

    private static void awaitHeldBack() {
        AtomicLong last = new AtomicLong();
        Awaitility.await("the application is held back")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(15))
                .until(() -> {
                    long now = sent.get();
                    return now > 0 && now == last.getAndSet(now);
                });
        assertThat(sent).as("octets that left the application").hasValueLessThan(LENGTH);
    }
}
