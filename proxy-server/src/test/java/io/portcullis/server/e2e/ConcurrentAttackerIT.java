package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Jails;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One attacker with many connections at once: what fail2ban behind a proxy lets through by the hundred. */
final class ConcurrentAttackerIT {

    private static final int CONNECTIONS = 32;

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app")
                .on("/denied", Behaviours.slow(20, Behaviours.answer(403, "denied")))
                .on("/denied-at-once", Behaviours.answer(403, "denied"));
        proxy = ProxyUnderTest.in(directory)
                .host("a", "a.test", application, Jails.FORBIDDEN)
                .host("b", "b.test", application, Jails.FORBIDDEN)
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

    /**
     * When the ban falls, each of the other 31 connections can have one request under way. If it breaks: the attacker
     * buys more tries with more connections, or goes on with a connection that was open before the ban.
     */
    @Test
    void atMostOneRequestAConnectionIsUnderWayWhenTheBanFallsAndNoConnectionSurvives() throws Exception {
        String attacker = Loopback.newClient();
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS + 1);
        try {
            List<Future<Ending>> attacks = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                RawClient client = RawClient.connect(attacker, proxy.port());
                attacks.add(threads.submit(attack(client, go)));
            }
            Future<List<Integer>> visits = threads.submit(visits(go));
            go.countDown();
            for (Future<Ending> attack : attacks) {
                assertThat(attack.get().isOver()).as("ended").isTrue();
            }
            assertThat(visits.get()).as("the visitor's answers").hasSize(50).containsOnly(200);
        } finally {
            threads.shutdownNow();
        }
        assertThat(application.count("/denied")).isBetween(Jails.MAX_RETRY, Jails.MAX_RETRY + CONNECTIONS - 1);
        try (RawClient late = RawClient.connect(attacker, proxy.port())) {
            late.send("GET /denied HTTP/1.1\r\nHost: a.test\r\n\r\n");
            assertThat(late.ending()).isEqualTo(Ending.SILENT_RESET);
        }
    }

    /** Tries again and again on one connection, until it ends. */
    private static Callable<Ending> attack(RawClient client, CountDownLatch go) {
        return () -> {
            try (client) {
                go.await();
                while (client.get("a.test", "/denied").status() == 403) {
                    // Go on until the connection is cut.
                }
                return client.ending();
            } catch (IOException cut) {
                return client.ending();
            }
        };
    }

    private static Callable<List<Integer>> visits(CountDownLatch go) {
        return () -> {
            go.await();
            List<Integer> statuses = new ArrayList<>();
            try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
                for (int i = 0; i < 50; i++) {
                    RawResponse response = client.get("a.test", "/page");
                    statuses.add(response.status());
                }
            }
            return statuses;
        };
    }

    /** If it breaks: a kept-alive connection outlives the ban, or one that serves another site is lost with it. */
    @Test
    void anIdleConnectionThatSpokeToTheBanningHostEndsAndOneThatSpokeToAnotherStays() throws Exception {
        String attacker = Loopback.newClient();
        try (RawClient idleOnA = RawClient.connect(attacker, proxy.port());
                RawClient idleOnB = RawClient.connect(attacker, proxy.port());
                RawClient attacking = RawClient.connect(attacker, proxy.port())) {
            assertThat(idleOnA.get("a.test", "/").status()).isEqualTo(200);
            assertThat(idleOnB.get("b.test", "/").status()).isEqualTo(200);
            for (int i = 0; i < Jails.MAX_RETRY; i++) {
                assertThat(attacking.get("a.test", "/denied-at-once").status()).isEqualTo(403);
            }
            assertThat(attacking.ending().isOver()).isTrue();
            assertThat(idleOnA.ending()).isEqualTo(Ending.SILENT_RESET);
            assertThat(idleOnB.get("b.test", "/").status()).isEqualTo(200);
        }
    }
}
