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
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a ban is felt, and where not: on the virtual host that banned, at the earliest tier that knows it. */
final class BanScopeIT {

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    /** Each test's own, so that one's bans are not felt in the other. */
    private final String attacker = Loopback.newClient();

    private final String denied = "/denied/" + attacker;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app").on("/denied/", Behaviours.answer(403, "denied"));
        proxy = ProxyUnderTest.in(directory)
                .main("""
                        listeners {
                          pair { bind = "127.0.0.1:0" }
                          single { bind = "127.0.0.1:0" }
                          rejecting { bind = "127.0.0.1:0" }
                        }
                        denylist = ["127.0.0.66"]
                        """)
                .host("a", host("a.test", "http, pair", Jails.FORBIDDEN))
                .host("b", host("b.test", "http, pair", Jails.FORBIDDEN))
                .host("everywhere", host("all.test", "http", Jails.forbidden("scope = all")))
                .host("single", host("single.test", "single", Jails.FORBIDDEN))
                .host("rejecting", host("reject.test", "rejecting", Jails.forbidden("action = reject")))
                .host("too-many", host("many.test", "http", Jails.forbidden("action = reject, reject-status = 429")))
                .start();
    }

    private static String host(String serverName, String listeners, String jail) {
        return "server-names = [\"%s\"]%nlisteners = [%s]%nupstream = \"%s\"%njails { %s }%n"
                .formatted(serverName, listeners, application.url(), jail);
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

    /** If it breaks: the attacker gets more tries than the operator allowed, or loses sites that he did no harm to. */
    @Test
    void theSixthRequestNeverReachesTheHostThatBannedAndTheOtherHostServesOn() throws Exception {
        int port = proxy.port("pair");
        attack("a.test", port);
        try (RawClient sixth = RawClient.connect(attacker, port)) {
            assertThat(sixth.send(request("a.test", denied)).ending()).isEqualTo(Ending.SILENT_RESET);
        }
        assertThat(application.count(denied)).isEqualTo(Jails.MAX_RETRY);
        assertThat(status(attacker, port, "b.test", "/")).isEqualTo(200);
        String visitor = Loopback.newClient();
        assertThat(status(visitor, port, "a.test", "/")).isEqualTo(200);
        assertThat(status(visitor, port, "b.test", "/")).isEqualTo(200);
        assertThat(proxy.log().stream().filter(line -> line.contains(attacker) && line.contains("httpd-forbidden")))
                .as("one line in the ban log, with who and why")
                .hasSize(1);
    }

    /** If it breaks: a client whom every site has banned still costs a pipeline and a parse for each connection. */
    @Test
    void bannedByEveryHostOfAListenerIsResetAtAccept() throws Exception {
        attack("a.test", proxy.port("pair"));
        attack("b.test", proxy.port("pair"));
        assertThat(endingWithoutAWord(attacker, "pair")).isEqualTo(Ending.SILENT_RESET);
        // The other listener has a host that did not ban him, so it has to listen to what he wants there.
        assertThat(status(attacker, proxy.port(), "all.test", "/")).isEqualTo(200);
        try (RawClient client = RawClient.connect(attacker, proxy.port())) {
            assertThat(client.send(request("a.test", "/")).ending()).isEqualTo(Ending.SILENT_RESET);
        }
        assertThat(endingWithoutAWord(Loopback.newClient(), "pair", 200).isOver())
                .isFalse();
    }

    /** If it breaks: on a listener of one site, a banned client is read before he is refused. */
    @Test
    void bannedByTheOnlyHostOfAListenerIsResetAtAccept() throws Exception {
        attack("single.test", proxy.port("single"));
        assertThat(endingWithoutAWord(attacker, "single")).isEqualTo(Ending.SILENT_RESET);
        assertThat(status(attacker, proxy.port("pair"), "a.test", "/")).isEqualTo(200);
    }

    /** If it breaks: the operator who asked for a ban from everything still serves the attacker somewhere. */
    @Test
    void scopeAllIsResetAtAcceptOnEveryListener() throws Exception {
        attack("all.test", proxy.port());
        for (String listener : new String[] {"http", "pair", "single"}) {
            assertThat(endingWithoutAWord(attacker, listener)).isEqualTo(Ending.SILENT_RESET);
        }
        assertThat(application.count(denied)).isEqualTo(Jails.MAX_RETRY);
    }

    /** If it breaks: a browser that shares one connection with the ban loses the answer that says why. */
    @Test
    void theAnswerThatBansIsDeliveredWholeThenTheConnectionEnds() throws Exception {
        try (RawClient client = RawClient.connect(attacker, proxy.port("pair"))) {
            for (int i = 1; i <= Jails.MAX_RETRY; i++) {
                RawResponse response = client.get("a.test", denied);
                assertThat(response.status()).isEqualTo(403);
                assertThat(response.body()).isEqualTo("denied");
            }
            assertThat(client.ending().isOver()).isTrue();
        }
        assertThat(application.count(denied)).isEqualTo(Jails.MAX_RETRY);
    }

    /** If it breaks: who sends all his tries in one go, without waiting for an answer, gets them all. */
    @Test
    void pipelinedRequestsBehindTheBanNeverReachTheApplication() throws Exception {
        try (RawClient client = RawClient.connect(attacker, proxy.port("pair"))) {
            client.send(request("a.test", denied).repeat(20));
            assertThat(client.ending().isOver()).isTrue();
        }
        assertThat(application.count(denied)).isEqualTo(Jails.MAX_RETRY);
    }

    /** If it breaks: the operator asked for an answer, and people behind a shared address see a dead site. */
    @Test
    void rejectAnswersWithRetryAfterEvenOnAListenerOfOneHost() throws Exception {
        int port = proxy.port("rejecting");
        attack("reject.test", port);
        try (RawClient client = RawClient.connect(attacker, port)) {
            RawResponse refusal = client.get("reject.test", denied);
            assertThat(refusal.status()).isEqualTo(403);
            assertRetryWithinTheHour(refusal);
        }
        assertThat(application.count(denied)).isEqualTo(Jails.MAX_RETRY);
    }

    @Test
    void rejectAnswersWithTheStatusAskedFor() throws Exception {
        attack("many.test", proxy.port());
        try (RawClient client = RawClient.connect(attacker, proxy.port())) {
            RawResponse refusal = client.get("many.test", denied);
            assertThat(refusal.status()).isEqualTo(429);
            assertRetryWithinTheHour(refusal);
        }
        assertThat(application.count(denied)).isEqualTo(Jails.MAX_RETRY);
    }

    /** If it breaks: whom the operator has shut out by hand gets in, or is answered. */
    @Test
    void theDenylistIsResetAtAccept() throws Exception {
        for (String listener : new String[] {"http", "pair", "single", "rejecting"}) {
            assertThat(endingWithoutAWord("127.0.0.66", listener)).isEqualTo(Ending.SILENT_RESET);
        }
    }

    /** If it breaks: the operator's own monitoring, or he himself, is locked out. */
    @Test
    void theAllowlistIsNeverBanned() throws Exception {
        String path = "/denied/allowlisted";
        for (int i = 0; i < 3 * Jails.MAX_RETRY; i++) {
            assertThat(status("127.0.0.1", proxy.port("single"), "single.test", path))
                    .isEqualTo(403);
        }
        assertThat(application.count(path)).isEqualTo(3 * Jails.MAX_RETRY);
    }

    private void attack(String host, int port) throws IOException {
        for (int i = 1; i <= Jails.MAX_RETRY; i++) {
            assertThat(status(attacker, port, host, denied)).as("try %d", i).isEqualTo(403);
        }
    }

    private static int status(String from, int port, String host, String target) throws IOException {
        try (RawClient client = RawClient.connect(from, port)) {
            return client.get(host, target).status();
        }
    }

    private static String request(String host, String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    private static Ending endingWithoutAWord(String from, String listener) throws IOException {
        return endingWithoutAWord(from, listener, 5_000);
    }

    private static Ending endingWithoutAWord(String from, String listener, long limitMillis) throws IOException {
        try (RawClient client = RawClient.connect(from, proxy.port(listener))) {
            return client.ending(Duration.ofMillis(limitMillis));
        }
    }

    private static void assertRetryWithinTheHour(RawResponse refusal) {
        assertThat(Integer.parseInt(refusal.value("Retry-After"))).isBetween(3_500, 3_600);
    }
}
