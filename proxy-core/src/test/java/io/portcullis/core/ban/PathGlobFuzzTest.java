package io.portcullis.core.ban;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.FuzzSeeds;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Any path against any globs: the path is the first line, the globs are the others. If it breaks: a jail does not see what
 * it is told to look for, or sees it where it is not.
 */
class PathGlobFuzzTest {

    /** @param octets the lines */
    public static void fuzzerTestOneInput(byte[] octets) {
        List<String> lines = Arrays.asList(new String(octets, UTF_8).split("\n", 16));
        String path = lines.get(0);
        List<String> globs = lines.subList(1, lines.size());
        boolean any = false;
        for (String glob : globs) {
            boolean expected = matches(glob, path);
            assertThat(PathGlob.compile(glob).matches(path))
                    .as("%s on %s", glob, path)
                    .isEqualTo(expected);
            any |= expected;
        }
        assertThat(GlobSet.of(globs).matches(path)).as("%s on %s", globs, path).isEqualTo(any);
    }

    /** By the definition, with a table: whether the glob's first i characters match the path's first k. */
    private static boolean matches(String glob, String path) {
        boolean[] reached = new boolean[path.length() + 1];
        reached[0] = true;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            boolean[] next = new boolean[reached.length];
            next[0] = c == '*' && reached[0];
            for (int k = 1; k < reached.length; k++) {
                next[k] = c == '*'
                        ? reached[k] || next[k - 1]
                        : reached[k - 1] && (c == '?' || lower(c) == lower(path.charAt(k - 1)));
            }
            reached = next;
        }
        return reached[path.length()];
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c;
    }

    @TestFactory
    List<DynamicTest> seeds() throws IOException {
        return FuzzSeeds.replay(PathGlobFuzzTest.class, PathGlobFuzzTest::fuzzerTestOneInput);
    }
}
