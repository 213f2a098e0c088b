package io.portcullis.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class TlsHeadStartTest {

    private static final String RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    /** If it breaks: the JDK's TLS looks for the setting once, finds none, and CVE-2011-1473 is back. */
    @Test
    void renegotiationIsRefusedBeforeAnythingOfTlsIsLoaded() {
        String before = System.clearProperty(RENEGOTIATION);
        try (TlsHeadStart start = new TlsHeadStart()) {
            start.begin();
            assertThat(System.getProperty(RENEGOTIATION)).isEqualTo("true");
        } finally {
            if (before != null) {
                System.setProperty(RENEGOTIATION, before);
            }
        }
    }

    /** If it breaks: two threads may wait for each other's classes, and the proxy never starts. */
    @Test
    void nothingGoesOnOnceItIsClosed() {
        try (TlsHeadStart start = new TlsHeadStart()) {
            start.begin();
            start.begin();
        }
        assertThat(threadNames()).doesNotContain("tls-library", "security-log");
    }

    private static Set<String> threadNames() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }
}
