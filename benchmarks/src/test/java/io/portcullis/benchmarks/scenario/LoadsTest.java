package io.portcullis.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.benchmarks.load.generator.Option;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadsTest {

    /** The memory of a proxy is that after this load: a lead-in would be more of it. */
    @Test
    void aLoadAtOnceHasNoLeadIn() {
        Duration duration = Duration.ofMillis(1_500); // wrk counts whole seconds: so it is our own
        assertThat(Loads.closed(64, duration).estimate()).isEqualTo(Duration.ofMillis(4_500));
        assertThat(Loads.closedAtOnce(64, duration).estimate()).isEqualTo(Duration.ofMillis(2_500));
    }

    /** If it breaks: whoever is measured last waits for ports, and looks slower than whoever was first. */
    @Test
    void newConnectionsComeFromManyAddresses() {
        assertThat(Loads.connections(Duration.ofSeconds(5)).options())
                .containsEntry(Option.SOURCE, List.of("127.0.0.2"))
                .containsEntry(Option.SOURCES, List.of("50"))
                .containsEntry(Option.SECONDS, List.of("5.0"));
    }
}
