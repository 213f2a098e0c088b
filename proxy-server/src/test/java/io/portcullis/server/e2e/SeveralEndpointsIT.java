package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that runs several times: all share the work, and one that is down is not felt. */
final class SeveralEndpointsIT {

    private static RecordingApplication one;
    private static RecordingApplication two;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        one = RecordingApplication.start("one");
        two = RecordingApplication.start("two");
        RecordingApplication gone = RecordingApplication.start("gone");
        RecordingApplication goneToo = RecordingApplication.start("gone");
        gone.close();
        goneToo.close();
        // One event loop: each has its own turn, so with several the shares would be equal only in the long run.
        proxy = ProxyUnderTest.in(directory)
                .main("threads = 1")
                .host("both", host("both.test", one.url(), two.url()))
                .host("half", host("half.test", gone.url(), one.url()))
                .host("always", host("always.test", gone.url(), one.url()).replace("balance", "max-fails = 0, balance"))
                .host("none", host("none.test", gone.url(), goneToo.url()))
                .start();
    }

    private static String host(String serverName, String first, String second) {
        return "server-names = [\"%s\"]%nupstream { endpoints = [\"%s\", \"%s\"], balance = round-robin }%n"
                .formatted(serverName, first, second);
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        one.close();
        two.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    private static RawClient connect() throws IOException {
        return RawClient.connect(Loopback.newClient(), proxy.port());
    }

    /** If it breaks: one of two servers idles while the other is overrun. */
    @Test
    void healthyEndpointsTakeTurns() throws Exception {
        try (RawClient client = connect()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("both.test", "/turn").status()).isEqualTo(200);
            }
        }
        assertThat(one.count("/turn")).isEqualTo(10);
        assertThat(two.count("/turn")).isEqualTo(10);
    }

    /** If it breaks: half of all visitors see an error as long as one of two servers is down. */
    @Test
    void anEndpointThatRefusesIsNotFelt() throws Exception {
        try (RawClient client = connect()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("half.test", "/get").status()).isEqualTo(200);
                // Nothing of it has reached the endpoint that refused, so this one may be tried on the next as well.
                client.send(head("POST /post HTTP/1.1", "Host: half.test", "Content-Length: 3") + "abc");
                assertThat(client.read().status()).isEqualTo(200);
            }
        }
        assertThat(one.requests("/post"))
                .hasSize(10)
                .allMatch(request -> request.body().equals("abc"));
        Awaitility.await("the operator reads which one is out, and why")
                .until(() -> proxy.log().stream()
                        .anyMatch(line -> line.matches(
                                ".* endpoint http://\\S+ of \\S+ is out for 10 s after 1 failed try: .*refused.*")));
    }

    /** If it breaks: with one of two servers down, every other request hangs until it times out. */
    @Test
    void theNextEndpointGetsTheRequestOnAConnectionThatIsOpenAlready() throws Exception {
        try (RawClient client = connect()) {
            for (int i = 0; i < 8; i++) {
                assertThat(client.get("always.test", "/pooled").status()).isEqualTo(200);
            }
        }
        assertThat(one.count("/pooled")).isEqualTo(8);
    }

    /** An error that an application gives is its answer. If it breaks: a failing request is done once by each. */
    @Test
    void anErrorThatTheApplicationAnswersIsPassedOnAndNotTriedElsewhere() throws Exception {
        one.on("/failing", Behaviours.answer(500, "broken"));
        two.on("/failing", Behaviours.answer(500, "broken"));
        try (RawClient client = connect()) {
            assertThat(client.get("both.test", "/failing").body()).isEqualTo("broken");
        }
        assertThat(one.count("/failing") + two.count("/failing")).isOne();
    }

    @Test
    void whereNoEndpointCanBeReachedIsBadGateway() throws Exception {
        try (RawClient client = connect()) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("none.test", "/").status()).isIn(502, 503);
            }
        }
    }
}
