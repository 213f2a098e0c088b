package io.portcullis.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.benchmarks.load.generator.Option;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadsTest {

    /** If it breaks: whoever is measured last waits for ports, and looks slower than whoever was first. */
    @Test
    void newConnectionsComeFromManyAddresses() {
        assertThat(Loads.connections(Duration.ofSeconds(5)).options())
                .containsEntry(Option.SOURCE, List.of("127.0.0.2"))
                .containsEntry(Option.SOURCES, List.of("50"))
                .containsEntry(Option.SECONDS, List.of("5.0"));
    }
}
