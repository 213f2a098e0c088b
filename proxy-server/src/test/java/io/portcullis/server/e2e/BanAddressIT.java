package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Jails;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An address is one client, however the system writes it. */
final class BanAddressIT {

    /**
     * On a listener of {@code [::]} the system shows IPv4 clients as {@code ::ffff:127.0.0.2}. If it breaks: such a
     * client is banned twice, or all IPv4 clients share one IPv6 prefix and are banned together.
     */
    @Test
    void anIpv4ClientOfADualStackListenerIsBannedAsIpv4(@TempDir Path directory) throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "no IPv6 on this machine");
        String attacker = Loopback.newClient();
        try (RecordingApplication application =
                        RecordingApplication.start("app").on("/denied", Behaviours.answer(403, "denied"));
                ProxyUnderTest proxy = ProxyUnderTest.in(directory)
                        .main("listeners { dual { bind = \"[::]:0\" } }")
                        .host("a", "a.test", application, Jails.FORBIDDEN)
                        .start()) {
            for (int i = 0; i < Jails.MAX_RETRY; i++) {
                assertThat(status(attacker, proxy.port("dual"), "/denied")).isEqualTo(403);
            }
            for (String listener : new String[] {"dual", "http"}) {
                try (RawClient client = RawClient.connect(attacker, proxy.port(listener))) {
                    assertThat(client.ending()).isEqualTo(Ending.SILENT_RESET);
                }
            }
            assertThat(application.count("/denied")).isEqualTo(Jails.MAX_RETRY);
            assertThat(status(Loopback.newClient(), proxy.port("dual"), "/")).isEqualTo(200);
            assertThat(proxy.log())
                    .as("the ban log shows the address as people write it")
                    .anyMatch(line -> line.contains(attacker) && !line.contains("::ffff:"));
        }
    }

    private static int status(String from, int port, String target) throws IOException {
        try (RawClient client = RawClient.connect(from, port)) {
            return client.get("a.test", target).status();
        }
    }
}
