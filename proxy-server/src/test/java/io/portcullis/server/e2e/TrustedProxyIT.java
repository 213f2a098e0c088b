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
import io.portcullis.server.e2e.kit.Wire;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who the client is where another proxy stands in front: its own address, never the proxy's, never an invented one. */
final class TrustedProxyIT {

    /** In front of Portcullis stands a proxy with this address. */
    private static final String TRUSTED = "127.0.0.9";

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app").on("/denied/", Behaviours.answer(403, "denied"));
        proxy = ProxyUnderTest.in(directory)
                .main("trusted-proxies = [\"" + TRUSTED + "\"]")
                .host("a", "a.test", application, Jails.FORBIDDEN)
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

    /** If it breaks: one offender behind a CDN locks out all who come through it. */
    @Test
    void aClientBehindATrustedProxyIsBannedByItsOwnAddressAndTheOthersGoOn() throws Exception {
        String path = "/denied/behind";
        for (int i = 0; i < Jails.MAX_RETRY; i++) {
            assertThat(status(TRUSTED, "198.51.100.1", path)).isEqualTo(403);
        }
        assertThat(ending(TRUSTED, "198.51.100.1", path)).isEqualTo(Ending.SILENT_RESET);
        assertThat(application.count(path)).isEqualTo(Jails.MAX_RETRY);
        assertThat(status(TRUSTED, "198.51.100.2", "/")).isEqualTo(200);
        assertThat(status(TRUSTED, null, "/")).isEqualTo(200);
    }

    /** If it breaks: the client writes an address in front of its own, and bans somebody else with it. */
    @Test
    void theAddressThatTheTrustedProxySawIsTheClientNotTheOneThatTheClientWrote() throws Exception {
        for (int i = 0; i < Jails.MAX_RETRY; i++) {
            assertThat(status(TRUSTED, "203.0.113.66, 198.51.100.8", "/denied/chain"))
                    .isEqualTo(403);
        }
        assertThat(ending(TRUSTED, "203.0.113.77, 198.51.100.8", "/")).isEqualTo(Ending.SILENT_RESET);
        assertThat(status(TRUSTED, "203.0.113.66", "/")).isEqualTo(200);
    }

    /** If it breaks: a stranger escapes his ban with a new header for each request. */
    @Test
    void aForgedHeaderFromAnUntrustedPeerIsNoEscape() throws Exception {
        String attacker = Loopback.newClient();
        String path = "/denied/" + attacker;
        for (int i = 0; i < Jails.MAX_RETRY; i++) {
            assertThat(status(attacker, "203.0.113." + i, path)).isEqualTo(403);
        }
        assertThat(ending(attacker, "203.0.113.200", path).isOver()).isTrue();
        assertThat(ending(attacker, "127.0.0.1", path).isOver()).isTrue();
        assertThat(application.count(path)).isEqualTo(Jails.MAX_RETRY);
    }

    /** If it breaks: a stranger has whomever he likes banned. */
    @Test
    void aForgedHeaderFromAnUntrustedPeerBansNobodyElse() throws Exception {
        String attacker = Loopback.newClient();
        String victim = Loopback.newClient();
        for (int i = 0; i < Jails.MAX_RETRY; i++) {
            assertThat(status(attacker, victim, "/denied/forged")).isEqualTo(403);
        }
        assertThat(status(victim, null, "/")).isEqualTo(200);
        assertThat(status(TRUSTED, victim, "/")).isEqualTo(200);
    }

    /** If it breaks: a fault of the proxy in front, or one of its probes, takes the whole site down. */
    @Test
    void theTrustedProxyItselfIsNeverBanned() throws Exception {
        String path = "/denied/proxy";
        for (int i = 0; i < 2 * Jails.MAX_RETRY; i++) {
            assertThat(status(TRUSTED, null, path)).isEqualTo(403);
            assertThat(status(TRUSTED, "198.51.100.11, garbage", path)).isEqualTo(403);
        }
        assertThat(application.count(path)).isEqualTo(4 * Jails.MAX_RETRY);
        assertThat(status(TRUSTED, "198.51.100.11", "/")).isEqualTo(200);
    }

    /** If it breaks: the application believes what a stranger wrote about himself. */
    @Test
    void theApplicationIsToldTheTruthAboutAnUntrustedPeer() throws Exception {
        String client = Loopback.newClient();
        send(
                client,
                "/told/untrusted",
                Wire.lines(
                        "X-Forwarded-For: 203.0.113.5",
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Host: evil.test",
                        "X-Forwarded-Port: 443",
                        "X-Real-IP: 203.0.113.5",
                        "Forwarded: for=203.0.113.5",
                        "X-Request-Id: chosen-by-a-stranger"));
        assertThat(told("/told/untrusted", "X-Forwarded-For")).isEqualTo(client);
        assertThat(told("/told/untrusted", "X-Real-IP")).isEqualTo(client);
        assertThat(told("/told/untrusted", "X-Forwarded-Proto")).isEqualTo("http");
        assertThat(told("/told/untrusted", "X-Forwarded-Host")).isEqualTo("a.test");
        assertThat(told("/told/untrusted", "X-Forwarded-Port")).isEqualTo(Integer.toString(proxy.port()));
        assertThat(told("/told/untrusted", "X-Request-Id")).isNotBlank().isNotEqualTo("chosen-by-a-stranger");
        assertThat(application.request("/told/untrusted").values("Forwarded")).isEmpty();
    }

    /** If it breaks: the application loses the client, the scheme or the trace that the proxy in front knows. */
    @Test
    void theApplicationIsToldWhatATrustedProxyKnows() throws Exception {
        send(
                TRUSTED,
                "/told/trusted",
                Wire.lines("X-Forwarded-For: 198.51.100.20", "X-Forwarded-Proto: https", "X-Request-Id: 7f3a"));
        assertThat(told("/told/trusted", "X-Forwarded-For").replace(" ", "")).isEqualTo("198.51.100.20," + TRUSTED);
        assertThat(told("/told/trusted", "X-Real-IP")).isEqualTo("198.51.100.20");
        assertThat(told("/told/trusted", "X-Forwarded-Proto")).isEqualTo("https");
        assertThat(told("/told/trusted", "X-Request-Id")).isEqualTo("7f3a");
    }

    private static String told(String path, String field) {
        return application.request(path).value(field);
    }

    private static int status(String peer, @Nullable String forwardedFor, String target) throws IOException {
        return send(peer, target, forwardedFor(forwardedFor)).status();
    }

    private static RawResponse send(String peer, String target, String fields) throws IOException {
        try (RawClient client = RawClient.connect(peer, proxy.port())) {
            return client.send(request(target, fields)).read();
        }
    }

    private static Ending ending(String peer, @Nullable String forwardedFor, String target) throws IOException {
        try (RawClient client = RawClient.connect(peer, proxy.port())) {
            return client.send(request(target, forwardedFor(forwardedFor))).ending();
        }
    }

    private static String request(String target, String fields) {
        return "GET " + target + " HTTP/1.1\r\nHost: a.test\r\n" + fields + "\r\n";
    }

    private static String forwardedFor(@Nullable String value) {
        return value == null ? "" : "X-Forwarded-For: " + value + "\r\n";
    }
}
