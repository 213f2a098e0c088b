package io.portcullis.core.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A set of globs means what its globs mean one by one; otherwise a ready-made list would miss what a short one finds. */
class GlobSetTest {

    private static final List<String> SECRETS = List.of(
            "/.env",
            "*/.git/*",
            "*/.htaccess",
            "*.bak",
            "*~",
            "/wp-*",
            "*/etc/passwd",
            "*config?php*",
            "*a*b*",
            "/x*y");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.env",
                "/.ENV",
                "/a/.Git/HEAD",
                "/.htaccess",
                "/index.php.bak",
                "/index.php~",
                "/wp-",
                "/../../etc/passwd",
                "/old/config.php.txt",
                "/config-php",
                "ab",
                "/x/y"
            })
    void findsEachOfItsGlobs(String path) {
        assertThat(GlobSet.of(SECRETS).matches(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "/.en", "/.env2", "/.git", "/.gitignore", "/htaccess", "/bak", "/configphp", "/xy/"})
    void findsNothingElse(String path) {
        assertThat(GlobSet.of(SECRETS).matches(path)).isFalse();
    }

    @Test
    void anEmptySetMatchesNothingAndAStarEverything() {
        assertThat(GlobSet.of(List.of()).isEmpty()).isTrue();
        assertThat(GlobSet.of(List.of()).matches("")).isFalse();
        assertThat(GlobSet.of(List.of("/.env", "/.env", "a*bcd", "x?yz", "*")).matches("anything"))
                .isTrue();
    }

    /** What a client sends no user agent with looks like. */
    @Test
    void anEmptyGlobMatchesOnlyEmptyText() {
        GlobSet none = GlobSet.of(List.of("", "*sqlmap*", "*nikto*", "*masscan*", "*zgrab*"));

        assertThat(none.matches("")).isTrue();
        assertThat(none.matches("curl/8.0")).isFalse();
    }

    @Test
    void aUnionMatchesWhatOneOfThemMatches() {
        GlobSet union =
                GlobSet.union(Stream.of(GlobSet.of(List.of("/a*")), GlobSet.of(SECRETS), GlobSet.of(List.of())));

        assertThat(union.matches("/a")).isTrue();
        assertThat(union.matches("/.env")).isTrue();
        assertThat(union.matches("/")).isFalse();
    }

    @Test
    void agreesWithItsGlobsOnRandomSets() {
        Random random = new Random(20261122);
        for (int round = 0; round < 3_000; round++) {
            List<String> globs = new ArrayList<>();
            for (int i = random.nextInt(100); i >= 0; i--) {
                globs.add(randomText(random, "abcB/.-19*?\u00e9'", 9));
            }
            // Most sets hold one that matches nearly everything; without these the others are seen, too.
            if (round % 4 != 0) {
                globs.removeIf(glob -> glob.replace("*", "").length() < 4);
            }
            GlobSet set = GlobSet.of(globs);
            List<PathGlob> each = globs.stream().map(PathGlob::compile).toList();
            for (int i = 0; i < 30; i++) {
                String text = randomText(random, "abcAC/.-28\u00e9\u2603", 14);
                assertThat(set.matches(text))
                        .as("%s on %s", globs, text)
                        .isEqualTo(each.stream().anyMatch(glob -> glob.matches(text)));
            }
        }
    }

    /** More globs that take a search than there are bits to remember which were tried. */
    @Test
    void hasRoomForManyGlobsThatTakeASearch() {
        List<String> globs = IntStream.range(0, 300)
                .mapToObj(i -> "/abc*piece" + i + "x*end")
                .toList();
        GlobSet set = GlobSet.of(globs);

        for (int i = 0; i < 300; i++) {
            assertThat(set.matches("/abc/piece" + i + "x/end")).as("%d", i).isTrue();
            assertThat(set.matches("/abc/piece" + i + "y/end")).as("%d", i).isFalse();
        }
    }

    /** Lists of user agents are long, and every request is held against them. */
    @Test
    void isAsQuickWithManyGlobsOfOneLiteral() {
        GlobIndex index = new GlobIndex(IntStream.range(0, 500)
                .mapToObj(i -> PathGlob.compile("*scanner" + i + "x*"))
                .toList());

        assertThat(index.left()).isEmpty();
        assertThat(index.matches("Mozilla/5.0 Scanner499X/1.0")).isTrue();
        assertThat(index.matches("Mozilla/5.0 Scanner500X/1.0")).isFalse();
    }

    /** The text is the attacker's, and he may read our lists. */
    @Test
    void isNotSlowedDownByATextMadeForIt() {
        List<String> globs = new ArrayList<>();
        for (char c = 'a'; c <= 'z'; c++) {
            globs.add("*foofoo*" + c + "*foo*nothing*");
            globs.add("/foofoofoo" + c);
            globs.add("*foofoofoofoo" + c);
        }
        GlobSet set = GlobSet.of(globs);
        String text = "foo".repeat(5_000) + "abcdefghijklmnopqrstuvwxyz";
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            for (int i = 0; i < 200; i++) {
                assertThat(set.matches(text)).isFalse();
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
