package io.portcullis.benchmarks.load.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.portcullis.benchmarks.load.LoadResult;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What a load makes of peers that stall, refuse, close and talk nonsense. */
class BadPeersTest {

    /** A closed loop would show one slow answer in hundreds; users who came meanwhile would not. */
    @Test
    void aStallIsFeltByAllWhoCameMeanwhile() throws Exception {
        AtomicBoolean stalled = new AtomicBoolean();
        long stall = TimeUnit.MILLISECONDS.toNanos(400);
        try (PlayedPeer peer = new PlayedPeer((number, connection) -> {
            int answered = 0;
            while (PlayedPeer.request(connection)) {
                if (++answered == 50 && stalled.compareAndSet(false, true)) {
                    LockSupport.parkNanos(stall);
                }
                connection.getOutputStream().write(PlayedPeer.OK);
            }
        })) {
            LoadResult result = OneRun.of("open --connections 1 --rate 200 --seconds 1 --port " + peer.port());
            assertThat(result.requests()).isEqualTo(200);
            assertThat(result.latency().orElseThrow().p99()).isGreaterThan(300_000);
            // At least those of the first half of the stall, of 200 in all, waited for longer than its second half.
            assertThat(result.latency().orElseThrow().p90()).isGreaterThan(100_000);
        }
    }

    @Test
    void whatIsNeverAnsweredIsCountedAndHasItsLatency() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (PlayedPeer peer = new PlayedPeer((number, connection) -> {
            PlayedPeer.request(connection);
            await(end);
        })) {
            LoadResult result =
                    OneRun.of("open --connections 2 --rate 20 --seconds 0.5 --timeout 0.3 --port " + peer.port());
            assertThat(result.requests()).isZero();
            assertThat(result.failed()).isEqualTo(10);
            assertThat(result.errors().get("timeout")).isPositive();
            assertThat(result.latency().orElseThrow().p50()).isGreaterThan(200_000);
        } finally {
            end.countDown();
        }
    }

    @Test
    void aFloodTellsResetsFromClosesAndFromSilence() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (PlayedPeer resets = new PlayedPeer((number, connection) -> PlayedPeer.reset(connection));
                PlayedPeer closes = new PlayedPeer((number, connection) -> PlayedPeer.request(connection));
                PlayedPeer silence = new PlayedPeer((number, connection) -> await(end))) {
            LoadResult reset = flood(resets.port(), 5);
            assertAll(reset, "refused-by-reset");
            LoadResult closed = flood(closes.port(), 5);
            assertAll(closed, "refused");
            assertThat(closed.figures().get("refused-by-close")).isPositive();
            LoadResult silent = flood(silence.port(), 0.1);
            assertAll(silent, "timed-out");
            assertThat(reset.errors()).isEmpty();
        } finally {
            end.countDown();
        }
        LoadResult unaccepted = flood(Closed.port(), 5);
        assertAll(unaccepted, "refused-unaccepted");
    }

    @Test
    void aLeakEndsOnceItIsRefusedThreeTimesInARow() throws Exception {
        AtomicBoolean banned = new AtomicBoolean();
        try (PlayedPeer peer = new PlayedPeer((number, connection) -> {
            for (int answers = 0; !banned.get() && PlayedPeer.request(connection); answers++) {
                banned.set(answers == 4);
                connection.getOutputStream().write(PlayedPeer.FORBIDDEN);
            }
            PlayedPeer.reset(connection);
        })) {
            LoadResult result = OneRun.of("leak --seconds 20 --port " + peer.port());
            assertThat(result.figures()).containsEntry("status-403", 5.0).containsEntry("refused", 3.0);
            assertThat(result.seconds()).isLessThan(15);
        }
    }

    @Test
    void aPeerThatClosesAfterEachAnswerIsConnectedToAnew() throws Exception {
        try (PlayedPeer peer = new PlayedPeer((number, connection) -> {
            PlayedPeer.request(connection);
            connection.getOutputStream().write(PlayedPeer.LAST);
        })) {
            LoadResult result = OneRun.of("closed --connections 2 --seconds 0.3 --port " + peer.port());
            assertThat(result.requests()).isGreaterThan(2);
            assertThat(result.figures().get("reconnects")).isPositive();
            assertThat(result.errors()).isEmpty();
        }
    }

    @Test
    void whatIsNoAnswerIsAnError() throws Exception {
        try (PlayedPeer peer = new PlayedPeer((number, connection) -> {
            PlayedPeer.request(connection);
            connection.getOutputStream().write("500 what do you want?\r\n".getBytes(StandardCharsets.US_ASCII));
        })) {
            LoadResult result = OneRun.of("closed --connections 2 --seconds 0.2 --port " + peer.port());
            assertThat(result.requests()).isZero();
            assertThat(result.errors()).containsKey("malformed");
        }
    }

    @Test
    void idleConnectionsThatThePeerClosesAreNotCountedAsHeld() throws Exception {
        try (PlayedPeer peer = new PlayedPeer((number, connection) -> {
            PlayedPeer.request(connection);
            PlayedPeer.reset(connection);
        })) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> OneRun.of("idle --connections 8 --port " + peer.port()))
                    .withMessageContaining("(expected: all stand)");
        }
    }

    private static LoadResult flood(int port, double timeout) throws Exception {
        return OneRun.of("flood --connections 4 --seconds 0.3 --timeout " + timeout + " --port " + port);
    }

    private static void assertAll(LoadResult result, String figure) {
        assertThat(result.figures().get(figure)).isPositive().isEqualTo((double) result.requests());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
