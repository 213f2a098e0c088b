package io.portcullis.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.ConfigProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each folder under {@code config/bad} is refused, with exactly the problems in its {@code expected.txt}. */
final class RefusedConfigTest {

    private static final Path BAD = Path.of("src/test/resources/config/bad");
    private static final InstantSource CLOCK = InstantSource.fixed(WarnedConfigTest.NOW);

    static List<Path> folders() throws IOException {
        try (Stream<Path> folders = Files.list(BAD)) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void tellsTheOperatorEveryProblemAtItsLine(Path folder) throws IOException {
        LoadResult result = ConfigLoader.load(folder.resolve("portcullis.conf"), CLOCK);

        assertThat(result).isInstanceOf(LoadResult.Refused.class);
        String problems = ((LoadResult.Refused) result)
                .problems().stream().map(ConfigProblem::toString).collect(Collectors.joining("\n", "", "\n"));
        // As if run from within the folder.
        String seenFromThere = problems.replace(folder + "/", "").replace(folder.toString(), ".");
        assertThat(seenFromThere).isEqualTo(Files.readString(folder.resolve("expected.txt")));
    }

    @Test
    void coversEveryFolder() throws IOException {
        assertThat(folders()).as("a test that finds no folder proves nothing").hasSizeGreaterThan(15);
    }
}
