package io.portcullis.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.observe.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/admin-api.md} documents every path, every field and every type of event that the code has. */
class AdminApiPageTest {

    private static final Path CODE = Path.of("src/main/java/io/portcullis/server/admin");
    private static final Pattern PATHS = Pattern.compile(" PATH = \"([^\"]+)\"");
    private static final Pattern FIELDS =
            Pattern.compile("(?:Field|FieldStart|FieldName|occupancy|text|writeOrNull|write)\\(\"([a-z_]+)\"");

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/admin-api.md"));
    }

    private static Set<String> inCode(Pattern pattern) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.list(CODE)) {
            for (Path file : files.toList()) {
                Matcher matcher = pattern.matcher(Files.readString(file));
                while (matcher.find()) {
                    found.add(matcher.group(1));
                }
            }
        }
        return found;
    }

    @Test
    void everyPathIsThere() throws IOException {
        Set<String> paths = inCode(PATHS);
        assertThat(paths).contains("/v1/bans", "/v1/clients", "/v1/events", "/v1/reload", "/v1/status");
        assertThat(page()).contains(paths);
    }

    /** If it breaks: whoever writes a program has to guess what a field means. */
    @Test
    void everyFieldIsThere() throws IOException {
        Set<String> fields = inCode(FIELDS);
        assertThat(fields)
                .contains("client", "until", "find_time_ms", "tracked_clients", "fault", "last_id", "expected");
        String page = page();
        assertThat(fields)
                .allSatisfy(field -> assertThat(page.contains("`" + field + "`") || page.contains("\"" + field + "\""))
                        .as(field)
                        .isTrue());
    }

    @Test
    void everyTypeOfEventIsThere() throws IOException {
        List<String> rows =
                page().lines().filter(line -> line.startsWith("| `")).toList();
        for (Event.Type type : Event.Type.values()) {
            assertThat(rows).as(type.toString()).anyMatch(row -> row.startsWith("| `" + type + "` |"));
        }
        for (String own : List.of("open", "missed")) {
            assertThat(rows).anyMatch(row -> row.startsWith("| `" + own + "` |"));
        }
    }
}
