package io.portcullis.server.config;

import static io.portcullis.server.config.ExpectedJail.jail;
import static io.portcullis.server.config.ExpectedJail.penalty;
import static io.portcullis.server.config.ExpectedJail.threshold;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.core.http.StatusSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The configuration in {@code conf/} works as it is. */
final class ShippedConfigTest {

    private final PortcullisConfig config =
            ConfigLoader.load(Path.of("../conf/portcullis.conf")).orElseThrow();

    @Test
    void anyUserMayBindItsListener() {
        assertThat(config.listeners()).singleElement().satisfies(listener -> {
            assertThat(listener.port()).isEqualTo(8000);
            assertThat(listener.address()).hasToString("0.0.0.0");
        });
    }

    @Test
    void fiveForbiddenInAMinuteBanForAnHourFromThatHostOnly() {
        JailConfig seed = jail(
                "httpd-forbidden",
                new StatusSet.Builder().add(403).build(),
                List.of(),
                threshold(5, Duration.ofMinutes(1)),
                penalty(Duration.ofHours(1), Scope.HOST, Drop.DROP));
        assertThat(config.virtualHosts()).extracting(VirtualHostConfig::name).containsExactly("example", "second");
        assertThat(config.virtualHosts())
                .allSatisfy(host -> assertThat(host.jails()).containsExactly(seed));
        assertThat(config.jails()).containsExactly(seed);
    }
}
