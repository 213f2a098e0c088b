package io.portcullis.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {

    @TempDir
    Path directory;

    /** A gap that nobody fills would show only when that peer is started, with a message in its own words. */
    @Test
    void everyTemplateCanBeFilledWithWhateverIsSwitchedOn() throws IOException {
        Path file = directory.resolve("file");
        Certificate certificate = new Certificate(file, file, file);
        for (EnumSet<Feature> features : List.of(EnumSet.noneOf(Feature.class), EnumSet.allOf(Feature.class))) {
            Configuration configuration = new Configuration(new Setup(80, 1, features, certificate), directory);
            configuration.value("HOST", Setup.host(0));
            configuration.value("MODULES", "/modules");
            configuration.value("NGINX", "/nginx");
            configuration.word("fail2ban");
            for (String template : templates()) {
                assertThat(configuration.write(template, "out"))
                        .as(template)
                        .content()
                        .doesNotContainPattern("@[A-Z_]+@|@!?[a-z0-9-]+\\? ");
            }
        }
    }

    private static List<String> templates() throws IOException {
        Path peers = Path.of("peers");
        try (Stream<Path> files = Files.walk(peers, 2)) {
            return files.filter(file -> peers.relativize(file).getNameCount() == 2)
                    .map(file -> peers.relativize(file).toString())
                    .toList();
        }
    }

    @Test
    void everyHostIsWritten() throws IOException {
        Path file = directory.resolve("file");
        Setup setup = new Setup(8080, 3, EnumSet.noneOf(Feature.class), new Certificate(file, file, file));
        Configuration configuration = new Configuration(setup, directory);

        configuration.writeHosts("haproxy/host.map", "hosts.map");
        configuration.writeEachHost("portcullis/host.conf", "hosts.d", ".conf");

        assertThat(directory.resolve("hosts.map"))
                .content()
                .isEqualTo("h0.bench.test application\nh1.bench.test application\nh2.bench.test application\n");
        assertThat(Files.readString(directory.resolve("hosts.d/h2.conf"))).contains("h2.bench.test", ":8080");
    }
}
