package io.portcullis.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A path that is read otherwise than the application reads it walks past its jail and its route. */
final class PathNormalizerTest {

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a, /a",
        "/a/, /a/",
        "/a/b.c-d_e~f, /a/b.c-d_e~f",
        "/a?b=/../c, /a",
        "/?, /",
        "/a?b#, ",
        "/.env, /.env",
        "/..a/...b/c.., /..a/...b/c..",
        "/..., /...",
        "//, /",
        "///a//b///, /a/b/",
        "/., /",
        "/./, /",
        "/a/., /a/",
        "/a/./b, /a/b",
        "/a/.., /",
        "/a/../, /",
        "/a/../b, /b",
        "/a/b/.., /a/",
        "/a/b/../c, /a/c",
        "/a/b/c/../../d, /a/d",
        "/a//../b, /b",
        "/a\\..\\b, /a\\..\\b",
        "/a|b\"c, /a|b\"c",
    })
    void cutsTheQueryMergesSlashesAndResolvesDots(String target, @Nullable String path) {
        assertThat(PathNormalizer.normalize(target)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "/%41, /A",
        "/%2e%2E/a, ",
        "/a/%2e%2e/b, /b",
        "/a/.%2e/b, /b",
        "/a/%2e/b, /a/b",
        "/a%2fb, /a/b",
        "/a%2f..%2F..%2fb, ",
        "/a/b%2f../c, /a/c",
        "/%2f%2fa, /a",
        "/%2eenv, /.env",
        "/a%5c..%5cb, /a\\..\\b",
        "/a%3fb, /a?b",
        "/a%23b, /a#b",
        "/a%20b, /a b",
        "/%25, /%",
        "/%252e%252e/, /%2e%2e/",
        "/%2525, /%25",
        "/%C3%A9, /é",
        "/Ã©, /é",
        "/%c3©, /é",
        "/%F0%9F%98%80, /😀",
    })
    void decodesOnceAndBeforeDotsAreResolved(String target, @Nullable String path) {
        assertThat(PathNormalizer.normalize(target)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "/a;x=1, /a",
        "/a;x/b, /a/b",
        "/a/..;/b, /b",
        "/a/..;x=y/b, /b",
        "/a/.;/b, /a/b",
        "/a/;x/b, /a/b",
        "/;, /",
        "/..;/, ",
        "/a;b;c/d;e, /a/d",
        "/a/..%3b/b, /b",
        "/a;%2f..%2fb, /b",
        "/.htaccess;.css, /.htaccess",
    })
    void parametersDoNotHideASegment(String target, @Nullable String path) {
        assertThat(PathNormalizer.normalize(target)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a/b",
                "?",
                "**",
                "*/",
                "http://a/",
                "/..",
                "/../",
                "/../a",
                "/a/../..",
                "/a/../../b",
                "//..",
                "/%",
                "/%4",
                "/a%",
                "/%zz",
                "/%4g",
                "/%g4",
                "/%-1",
                "/%+1",
                "/% 1",
                "/%４１",
                "/%?41",
                "/%u0041",
                "/%00",
                "/a%00.jpg",
                "/%0a",
                "/%0D",
                "/%09",
                "/%1f",
                "/%7f",
                "/%c2%80",
                "/%c2%9f",
                "/a\u0000b",
                "/a\tb",
                "/a\u007f",
                "/Ā",
                "/a#",
                "/a#b",
                "/#/..",
                "/a?b#c"
            })
    void refusesWhatIsNoPath(String target) {
        assertThat(PathNormalizer.normalize(target)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // overlong "/" and ".", as two, three and four bytes; a surrogate; a bare and a missing continuation
                "/a/%c0%ae%c0%ae/b", "/a%c0%af..%c0%afb", "/a/%e0%80%ae%e0%80%ae/b", "/a/%f0%80%80%ae./b",
                "/a/%ed%a0%80/b", "/a/%80/b", "/a/%c3/b", "/a/%ff%fe/b"
            })
    void whatIsNoUtf8ActsAsNothingElse(String target) {
        String path = PathNormalizer.normalize(target);
        assertThat(path).startsWith("/a").endsWith("b").contains("\uFFFD");
        assertThat(path).isNotEqualTo("/b");
    }

    @Test
    void optionsAsteriskStays() {
        assertThat(PathNormalizer.normalize("*")).isEqualTo("*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a/b.c/d", "*", "/a.b/..c"})
    void aPathThatIsNormalAlreadyIsTheVerySameText(String target) {
        String path = PathNormalizer.normalize(target);
        assertThat(path).isEqualTo(target);
        if (!target.contains("/.")) {
            assertThat(path).isSameAs(target);
        }
    }

    @Test
    void agreesWithAPlainModelOnRandomPaths() {
        Random random = new Random(10);
        String[] pieces = {"/", "/", "/", ".", ".", "..", "a", "b", ";", ";x", "%2e", "%2F", "%3b", "%41"};
        int valid = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder target = new StringBuilder("/");
            for (int n = random.nextInt(10); n > 0; n--) {
                target.append(pieces[random.nextInt(pieces.length)]);
            }
            String path = PathNormalizer.normalize(target.toString());
            assertThat(path).as("%s", target).isEqualTo(model(target.toString()));
            if (path != null) {
                valid++;
                assertThat(PathNormalizer.normalize(path)).as("stays as it is").isEqualTo(path);
            }
        }
        assertThat(valid).isGreaterThan(10_000);
    }

    @Test
    void noInputThrowsAndEveryPathIsFreeOfTricks() {
        Random random = new Random(11);
        String alphabet = "//...%%%;?#0279aefcAEFC\\ \u0000\u0080é\u00ff\uD800";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder target = new StringBuilder("/");
            for (int n = random.nextInt(16); n > 0; n--) {
                target.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String path = PathNormalizer.normalize(target.toString());
            if (path != null) {
                assertThat(path).startsWith("/").doesNotContain("//", "/../", "/./", ";");
                assertThat(path).doesNotEndWith("/..").doesNotEndWith("/.");
                assertThat(path.chars()).noneMatch(Character::isISOControl);
            }
        }
    }

    @Test
    void aHostileTargetCostsLinearTime() {
        for (String piece : new String[] {"/a", "//", "/./", "/a/../", "/a;", ";", "%2f", "/%c0", "/a/b/c/../"}) {
            String target = "/" + piece.repeat(300_000);
            // A quadratic walk over a megabyte takes minutes.
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> {
                        PathNormalizer.normalize(target);
                    },
                    piece);
        }
    }

    /** The definition, step by step. */
    private static @Nullable String model(String target) {
        String decoded = target.replace("%2e", ".")
                .replace("%2F", "/")
                .replace("%3b", ";")
                .replace("%41", "A");
        Deque<String> segments = new ArrayDeque<>();
        boolean slashAtEnd = true;
        for (String segment : decoded.substring(1).split("/", -1)) {
            String name = segment.replaceAll(";.*", "");
            slashAtEnd = name.isEmpty() || name.equals(".") || name.equals("..");
            if (name.equals("..")) {
                if (segments.isEmpty()) {
                    return null;
                }
                segments.removeLast();
            } else if (!slashAtEnd) {
                segments.addLast(name);
            }
        }
        String path = "/" + String.join("/", segments);
        return slashAtEnd && !segments.isEmpty() ? path + "/" : path;
    }
}
