package io.portcullis.core.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathGlobTest {

    @ParameterizedTest
    @CsvSource({
        "/.env, /.env, true",
        "/.env, /.ENV, true",
        "/.ENV, /.env, true",
        "/.env, /.env2, false",
        "/.env, /a/.env, false",
        "/.env, /.en, false",
        "*/.htaccess, /.htaccess, true",
        "*/.htaccess, /a/b/.HTACCESS, true",
        "*/.htaccess, /.htaccess/x, false",
        "*/.htaccess, htaccess, false",
        "/wp-*, /wp-admin/setup.php, true",
        "/wp-*, /wp-, true",
        "/wp-*, /wp, false",
        "*.php, /index.php, true",
        "*.php, .php, true",
        "*, /, true",
        "*, '', true",
        "**, /any, true",
        "/a?c, /abc, true",
        "/a?c, /a/c, true",
        "/a?c, /ac, false",
        "/a*b*c, /a-b-c, true",
        "/a*b*c, /abbc, true",
        "/a*b*c, /acb, false",
        "/aa*aa, /aaa, false",
        "/aa*aa, /aaaa, true",
        "*/.git/*, /.git/config, true",
        "*/.git/*, /x/.git/HEAD, true",
        "*/.git/*, /.gitignore, false",
        "*?b*b, /abb, true",
        "*a?*?a*, /axya, true",
        "*a?*?a*, /axa, false",
        "'', '', true",
        "'', /, false"
    })
    void matchesWhatTheOperatorMeans(String pattern, String path, boolean matches) {
        assertThat(PathGlob.compile(pattern).matches(path)).isEqualTo(matches);
    }

    /** A Kelvin sign folds to k in Unicode; a path with it is another file to the application. */
    @Test
    void foldsAsciiLettersOnly() {
        assertThat(PathGlob.compile("/k").matches("/\u212a")).isFalse();
        assertThat(PathGlob.compile("/\u00e9").matches("/\u00c9")).isFalse();
        assertThat(PathGlob.compile("/[\u00e9]").matches("/[\u00e9]")).isTrue();
        assertThat(PathGlob.compile("/@").matches("/`")).isFalse();
    }

    @Test
    void agreesWithARegularExpressionOnRandomPatterns() {
        Random random = new Random(20261122);
        for (int i = 0; i < 50_000; i++) {
            String pattern = randomText(random, "ab/*?B", 8);
            String path = randomText(random, "abA/", 10);
            String expression =
                    pattern.toLowerCase(Locale.ROOT).replace("*", ".*").replace("?", ".");
            boolean expected = Pattern.matches("(?is)" + expression, path);
            assertThat(PathGlob.compile(pattern).matches(path))
                    .as("%s on %s", pattern, path)
                    .isEqualTo(expected);
        }
    }

    /** The path is the attacker's: one that makes a matcher try again and again would stop an event loop. */
    @Test
    void isNotSlowedDownByAPathMadeForIt() {
        PathGlob glob = PathGlob.compile("*a*a*a*a*a*a*a*a*a*a*b*c");
        String path = "a".repeat(16 * 1024) + "c";
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 1_000; i++) {
                assertThat(glob.matches(path)).isFalse();
            }
        });
    }

    private static String randomText(Random random, String alphabet, int maxLength) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(maxLength + 1);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
