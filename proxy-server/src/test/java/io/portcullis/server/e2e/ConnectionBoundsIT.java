package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.MetricsScrape;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections are bounded, in all and for each client; who only holds one loses it to who asks for something. */
final class ConnectionBoundsIT {

    private static final int MOST = 20;
    private static final int MOST_PER_CLIENT = 4;
    private static final String BEGUN = "GET / HTTP/1.1\r\nHost: a.test\r\n";
    private static final String OVER_LIMIT = "portcullis_connections_over_limit_total{listener=\"http\"}";
    private static final String OPEN = "portcullis_connections_open{listener=\"http\"}";
    private static final Duration SOON = Duration.ofMillis(300);

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    private final List<RawClient> clients = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app");
        proxy = ProxyUnderTest.in(directory)
                // One event loop, on which the order is exact.
                .main("threads = 1, limits { max-connections = " + MOST + ", max-connections-per-client = "
                        + MOST_PER_CLIENT + " }")
                .host("a", "a.test", application, "")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        application.close();
    }

    @AfterEach
    void everybodyLeaves() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        Awaitility.await().until(() -> MetricsScrape.of(proxy).value(OPEN) == 0);
        proxy.assertClean();
    }

    private RawClient connect(String from) throws IOException {
        RawClient client = RawClient.connect(from, proxy.port());
        clients.add(client);
        return client;
    }

    /** One that has had an answer and keeps its connection. */
    private RawClient idle(String from) throws IOException {
        RawClient client = connect(from);
        assertThat(client.get("a.test", "/").status()).isEqualTo(200);
        return client;
    }

    /** One that has begun a request, and goes on with it when it is asked to. */
    private RawClient busy(String from) throws IOException {
        return connect(from).send(BEGUN);
    }

    private static void isServed(RawClient client) throws IOException {
        assertThat(client.send("\r\n").read().status()).isEqualTo(200);
    }

    private static long told() {
        return proxy.log().stream()
                .filter(line -> line.contains("(limits.max-connections)"))
                .count();
    }

    private static double overLimit() throws IOException {
        return MetricsScrape.of(proxy).value(OVER_LIMIT);
    }

    /**
     * If it breaks: whoever opens as many connections as there may be and asks for nothing keeps all visitors out for as
     * long as the idle time-out lasts.
     */
    @Test
    void theOldestIdleConnectionsEndForNewOnes() throws Exception {
        long toldBefore = told();
        double refused = overLimit();
        RawClient slow = busy(Loopback.newClient());
        List<RawClient> idle = new ArrayList<>();
        for (int i = 0; i < MOST - 2; i++) {
            idle.add(idle(Loopback.newClient()));
        }
        for (int i = 0; i < 5; i++) {
            idle(Loopback.newClient());
        }

        assertThat(overLimit()).as("nobody was refused").isEqualTo(refused);
        assertThat(idle.get(0).ending()).as("the oldest").isEqualTo(new Ending(Ending.How.EOF, ""));
        assertThat(idle.get(3).ending().isOver()).as("the fourth").isTrue();
        assertThat(idle.get(MOST - 3).get("a.test", "/").status())
                .as("the last")
                .isEqualTo(200);
        isServed(slow);
        assertThat(told() - toldBefore).as("said once").isEqualTo(1);
    }

    /** If it breaks: with all places taken a visitor who has just connected is closed before his request arrives. */
    @Test
    void whoIsNewIsNotIdleAtOnce() throws Exception {
        for (int i = 0; i < MOST - 1; i++) {
            busy(Loopback.newClient());
        }
        RawClient fresh = connect(Loopback.newClient());
        RawClient refused = connect(Loopback.newClient());
        assertThat(refused.ending().how()).isEqualTo(Ending.How.RESET);
        assertThat(fresh.get("a.test", "/").status()).isEqualTo(200);

        for (RawClient begun : clients.subList(0, MOST - 1)) {
            isServed(begun);
        }
    }

    /** If it breaks: silent connections, which cost an attacker nothing, are the ones that stay. */
    @Test
    void whoStaysSilentIsIdleAfterAMoment() throws Exception {
        RawClient silent = connect(Loopback.newClient());
        for (int i = 0; i < MOST - 2; i++) {
            busy(Loopback.newClient());
        }
        Awaitility.await()
                .pollInterval(SOON)
                .until(
                        () -> { // each knock at the last place
                            RawClient visitor = connect(Loopback.newClient());
                            boolean isGone = silent.ending(SOON).isOver();
                            visitor.close();
                            return isGone;
                        });
    }

    /** If it breaks: one client takes all connections there are, and its neighbours' sites are gone. */
    @Test
    void aClientHasSoManyAndNoMore() throws Exception {
        String greedy = Loopback.newClient();
        RawClient oldest = idle(greedy);
        for (int i = 0; i < MOST_PER_CLIENT - 1; i++) {
            busy(greedy);
        }
        RawClient another = busy(greedy);
        assertThat(oldest.ending()).as("its idle one ends").isEqualTo(new Ending(Ending.How.EOF, ""));

        double refused = overLimit();
        assertThat(busy(greedy).ending().how()).as("none of its is idle").isEqualTo(Ending.How.RESET);
        assertThat(overLimit()).isEqualTo(refused + 1);
        isServed(another);
        assertThat(idle(Loopback.newClient()).get("a.test", "/").status())
                .as("others are not concerned")
                .isEqualTo(200);

        another.close();
        Awaitility.await().until(() -> {
            RawClient next = busy(greedy);
            boolean isIn = next.ending(SOON).how() == Ending.How.STILL_OPEN;
            next.close();
            return isIn;
        });
    }
}
