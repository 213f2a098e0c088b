package io.portcullis.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.ConfigWarning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is valid and yet not as its operator will want it is taken, and told. */
final class WarnedConfigTest {

    /** The certificates of the golden files are made for this time. */
    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static final Path FOLDER = Path.of("src/test/resources/config/warned/every-warning");

    @Test
    void tellsTheOperatorEveryWarningAtItsLine() throws IOException {
        String warnings = warnings(NOW).stream()
                .map(ConfigWarning::toString)
                .collect(Collectors.joining("\n", "", "\n"))
                .replace(FOLDER + "/", "");

        assertThat(warnings).isEqualTo(Files.readString(FOLDER.resolve("expected.txt")));
    }

    @Test
    void aCertificateIsComplainedOfFromTwoWeeksBeforeItsEndAndNotBefore() {
        Instant end = Instant.parse("2026-06-10T00:00:00Z");

        assertThat(warnings(end.minus(Duration.ofDays(14)))).noneMatch(WarnedConfigTest::tellsOfExpiry);
        assertThat(warnings(end.minus(Duration.ofDays(14)).plusSeconds(1))).anyMatch(WarnedConfigTest::tellsOfExpiry);
        assertThat(ConfigLoader.load(FOLDER.resolve("portcullis.conf"), InstantSource.fixed(end)))
                .as("from then on no browser takes it")
                .isInstanceOf(LoadResult.Refused.class);
    }

    /** If it breaks: the host restarts, one customer has not renewed, and no site comes back. */
    @Test
    void aProcessStartsWithACertificateThatHasExpired() {
        Instant end = Instant.parse("2026-06-10T00:00:00Z");
        CertificateReader lenient =
                new CertificateReader(InstantSource.fixed(end), CertificateReader.Expired.A_WARNING);
        LoadResult result = ConfigLoader.load(FOLDER.resolve("portcullis.conf"), new Findings(), lenient);

        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        assertThat(((LoadResult.Loaded) result).warnings())
                .anyMatch(warning -> warning.message().contains("served all the same"));
    }

    private static boolean tellsOfExpiry(ConfigWarning warning) {
        return warning.message().contains("expires");
    }

    private static List<ConfigWarning> warnings(Instant now) {
        LoadResult result = ConfigLoader.load(FOLDER.resolve("portcullis.conf"), InstantSource.fixed(now));
        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        return ((LoadResult.Loaded) result).warnings();
    }
}
