package io.portcullis.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PeerConfigurationsTest {

    /** Tests run in their module's folder. */
    private static final Path FOLDER = Path.of("peers");

    /** If it breaks: a peer runs with a file that nobody who reads the report can object to. */
    @Test
    void everyFileOfAPeerIsInTheReport() throws IOException {
        List<String> there;
        try (Stream<Path> files = Files.walk(FOLDER)) {
            there = files.filter(Files::isRegularFile)
                    .map(FOLDER::relativize)
                    .filter(file -> file.getNameCount() > 1)
                    .map(Path::toString)
                    .toList();
        }
        List<String> told = PeerConfigurations.of(List.copyOf(PeerConfigurations.FILES.keySet())).stream()
                .skip(1)
                .map(file -> file.peer() + "/" + file.name())
                .toList();
        assertThat(told).containsExactlyInAnyOrderElementsOf(there);
    }

    @Test
    void whoTookNoPartHasNoFileThere() throws IOException {
        List<PeerConfiguration> files = PeerConfigurations.of(List.of("nginx", "unheard-of"));
        assertThat(files).extracting(PeerConfiguration::peer).containsExactly("all", "nginx", "nginx");
        assertThat(files.get(0).text()).isEqualTo(Files.readString(FOLDER.resolve("README.md")));
    }
}
