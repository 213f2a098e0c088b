package io.portcullis.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Offence;
import io.portcullis.core.config.DefaultHost;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.listener.Hellos;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a connection before TLS is agreed on. Nothing here has a certificate: no engine ever comes about. */
class HandshakeTest {

    private static final String CLIENT = "198.51.100.7";
    private static final String UNRECOGNIZED_NAME = "\25\3\3\0\2\2\160";

    private TestRules rules = rules(100);
    private EmbeddedWorker worker = new EmbeddedWorker(rules);

    private static TestRules rules(int maxRetry) {
        List<JailConfig> jails = List.of(Hosts.jail(On.TLS_FAILURE, maxRetry), Hosts.jail(On.UNKNOWN_HOST, maxRetry));
        return new TestRules(
                List.of(Hosts.host("shop", Hosts.upstream("shop", 1), jails)), jails, DefaultHost.Close.CLOSE);
    }

    @AfterEach
    void release() {
        worker.close();
    }

    private Client connects() {
        return Client.ofTls(worker, rules, CLIENT);
    }

    private List<String> offences() {
        return worker.bans().why(Objects.requireNonNull(IpAddress.parse(CLIENT))).lastOffences().stream()
                .map(HandshakeTest::text)
                .toList();
    }

    private static String text(Offence offence) {
        return offence.virtualHost() + " " + offence.jail() + " " + offence.path();
    }

    @Test
    void aNameWithoutACertificateGetsAnAlertAndIsCountedAsAnUnknownHost() {
        Client client = connects();
        client.sends(Hellos.record("nobody.example"));
        assertThat(client.received()).isEqualTo(UNRECOGNIZED_NAME);
        assertThat(client.isHalfClosed()).isTrue();
        assertThat(offences()).containsExactly("- unknown_host TLS: the hello names nobody.example");
        client.sends("whatever comes now is thrown away");
        worker.pass(Duration.ofSeconds(3));
        assertThat(client.wasReset()).isTrue();
        assertThat(offences()).hasSize(1);
    }

    @Test
    void aHelloThatComesOctetByOctetIsReadLikeAnother() {
        Client client = connects();
        for (char octet : Hellos.record("a.test\0b").toCharArray()) {
            assertThat(client.received()).isEmpty();
            client.sends(String.valueOf(octet));
        }
        assertThat(client.received()).isEqualTo(UNRECOGNIZED_NAME);
        assertThat(offences())
                .as("no name that could be one")
                .containsExactly("- tls_failure TLS: the hello names no host");
    }

    @Test
    void plainHttpIsToldWhatItDoesWrong() {
        Client client = connects();
        client.sends(Client.get("shop", "/"));
        assertThat(client.received()).startsWith("HTTP/1.1 400 Bad Request\r\n").endsWith("to an HTTPS port\n");
        assertThat(client.isHalfClosed()).isTrue();
        assertThat(offences()).containsExactly("- tls_failure plain HTTP on a TLS port");
        assertThat(worker.logged()).isEmpty();
    }

    /** If it breaks: nine octets make the proxy wait for, and hold, 16 MiB (CVE-2026-45416). */
    @Test
    void aHelloThatAnnouncesTooMuchEndsAtOnce() {
        Client client = connects();
        client.sends("\26\3\1\0\4\1\377\377\377");
        assertThat(client.isOpen()).isFalse();
        assertThat(offences()).containsExactly("- tls_failure TLS: ClientHello length exceeds 16384: 16777215");
    }

    @Test
    void whoSaysNothingOrLeavesIsNoOffender_orBrowsersThatConnectAheadAreBanned() {
        Client silent = connects();
        Client leaving = connects();
        leaving.sends("\26\3\1");
        leaving.endsInput();
        Client gone = connects();
        gone.sends("\26\3\1");
        gone.closes();
        worker.pass(Duration.ofMinutes(1));
        assertThat(silent.isOpen()).isFalse();
        assertThat(leaving.isOpen()).isFalse();
        assertThat(offences()).isEmpty();
    }

    @Test
    void aHelloThatDoesNotEndInTimeIsCountedAndReset() {
        Client client = connects();
        client.sends("\26\3\1");
        worker.pass(Duration.ofMinutes(1));
        assertThat(client.wasReset()).isTrue();
        assertThat(offences()).containsExactly("- tls_failure TLS: the handshake was not complete in time");
    }

    @Test
    void aBanThatSuchAnOffenceBringsAboutEndsTheClientsOtherHandshakesAtOnce() {
        worker.close();
        rules = rules(1);
        worker = new EmbeddedWorker(rules);
        Client waiting = connects();
        waiting.sends("\26\3\1");
        connects().sends("\0\0\0\0\0\0");
        waiting.settle();
        assertThat(worker.bans().bans()).hasSize(1);
        assertThat(waiting.wasReset()).isTrue();
    }

    @Test
    void aShutdownWaitsForNoHandshake() {
        Client client = connects();
        client.sends("\26\3\1");
        worker.worker().drain(Patience.SHORT);
        client.settle();
        assertThat(client.isOpen()).isFalse();
        assertThat(offences()).isEmpty();
    }
}
