package io.portcullis.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Behind each promise of {@code docs/security.md}, and each attack that it lists, stands a test. */
final class SecurityPromisesTest {

    private static final Path DOCUMENT = Path.of("../docs/security.md");
    private static final List<Path> TESTS = List.of(Path.of("../proxy-core/src/test/java"), Path.of("src/test/java"));

    /** {@code Class.method}, or {@code package/Class.method} where two classes have one name. */
    private static final Pattern TEST = Pattern.compile("`([\\w/]+(?:Test|IT))\\.(\\w+)`");

    private static final Pattern ATTACK = Pattern.compile("\\| CVE-.*");

    /** If it breaks: the document promises what nobody looks at any more. */
    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        List<String> gone = new ArrayList<>();
        Matcher named = TEST.matcher(Files.readString(DOCUMENT));
        int count = 0;
        while (named.find()) {
            count++;
            if (!isTest(named.group(1), named.group(2))) {
                gone.add(named.group());
            }
        }
        assertThat(gone).isEmpty();
        assertThat(count).isGreaterThan(80);
    }

    @Test
    void everyPromiseAndEveryAttackNamesATest() throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENT);
        assertThat(lines)
                .filteredOn(
                        line -> line.startsWith("| **") || ATTACK.matcher(line).matches())
                .hasSizeGreaterThan(50)
                .allMatch(line -> TEST.matcher(line).find());
    }

    private static boolean isTest(String file, String method) throws IOException {
        Pattern declared = Pattern.compile(
                "(@(Test|ParameterizedTest)\\b(?:(?!\\bvoid\\b).)*\\bvoid|@TestFactory\\s+\\S+) " + method + "\\(",
                Pattern.DOTALL);
        List<Path> sources = new ArrayList<>();
        for (Path root : TESTS) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(path -> path.toString().endsWith("/" + file + ".java"))
                        .forEach(sources::add);
            }
        }
        assertThat(sources).as("classes of tests named %s", file).hasSize(1);
        return declared.matcher(Files.readString(sources.get(0))).find();
    }
}
