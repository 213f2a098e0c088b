package io.portcullis.core.ban;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.PathPattern;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A probe counts however it is written: the attacker knows how applications read paths, too. */
class PathReadingsTest {

    private static final PathSet SECRETS =
            PathSet.of(List.of(new PathPattern.Glob("/.env"), new PathPattern.Glob("/.git/*")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.env",
                "/.ENV",
                "/.env?x=1",
                "/.env;x",
                "/.env;x=1;y=2",
                "/.env%3bx",
                "/.env%253Bx",
                "/%2eenv",
                "/%2Eenv",
                "/%252eenv",
                "/%25252eenv",
                "/%2525252eenv",
                "/.%65nv",
                "/.%2565nv",
                "//.env",
                "/./.env",
                "/a/../.env",
                "/a/..;/.env",
                "/a/..;x=1/.env",
                "/..;/.env",
                "/../.env",
                "/../../.env",
                "/%2e%2e/.env",
                "/a/%2e%2e/.env",
                "/a/%252e%252e/.env",
                "/a/%252e%252e%252f.env",
                "/a%2f..%2f.env",
                "/a/..%5c.env",
                "/a\\..\\.env",
                "/a%255c..%255c.env",
                "/%c0%aeenv",
                "/%C0%AEenv",
                "/%e0%80%aeenv",
                "/%f0%80%80%aeenv",
                "/%f8%80%80%80%aeenv",
                "/%25c0%25aeenv",
                "/a/%c0%ae%c0%ae/.env",
                "/a%c0%af..%c0%af.env",
                "/%u002eenv",
                "/.env%00",
                "/.env%00.png",
                "/.env%2500.png",
                "/.git;/config",
                "/.git%5cconfig",
                "/%zz/../.env"
            })
    void countsTheProbeInEveryDisguise(String target) {
        assertThat(SECRETS.matchReadingOf(Visit.get(target))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/env",
                "/a/.env",
                "/.env2",
                "/100%25",
                "/100%",
                "/%u12",
                "/50%25-off;size=3/.envelope",
                "/caf%c3%a9;v=1",
                "/%c3%a9%c0",
                "/x;/.env",
                "/?next=/.env",
                "/?next=%252f.env"
            })
    void countsNothingElse(String target) {
        assertThat(SECRETS.matchReadingOf(Visit.get(target))).isFalse();
    }

    /** The proxy takes scheme and authority off the path; the target keeps them, and what overlong forms were. */
    @Test
    void countsAnOverlongFormInAbsoluteForm() {
        String path = "/\ufffd\ufffdenv";

        assertThat(SECRETS.matchReadingOf(new Request("GET", path, "http://shop.example/%c0%aeenv?x")))
                .isTrue();
        assertThat(SECRETS.matchReadingOf(new Request("GET", path, "http://shop.example/%c0%c0env")))
                .isFalse();
        assertThat(SECRETS.matchReadingOf(new Request("GET", path, "-"))).isFalse();
    }

    @Test
    void anOrdinaryPathHasOneReading() {
        String cafe = "/products/caf\u00e9 au lait/17+1_a-b.html";
        assertThat(PathReadings.isPlain(new Request("GET", cafe, "/products/caf%C3%A9%20au%20lait/17+1_a-b.html")))
                .isTrue();
        assertThat(PathReadings.isPlain(Request.get("-"))).isTrue();
        assertThat(PathReadings.isPlain(Request.get("*"))).isTrue();
    }

    /** What the normalised path does not show any more: browsers resolve dot segments before they ask. */
    @ParameterizedTest
    @ValueSource(strings = {"/a/../b", "/a/%2e%2E/b", "/a/..%2fb", "/a/..;/b", "/a/..;x=1/b"})
    void dotSegmentsAreSeenAsTheyWereSent(String target) {
        PathSet climbing = PathSet.of(List.of(new PathPattern.Glob("*/../*"), new PathPattern.Glob("*/..;*")));

        assertThat(climbing.matchReadingOf(new Request("GET", "/b", target))).isTrue();
        assertThat(climbing.matchReadingOf(new Request("GET", "/b", "/b?from=..b")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%2525252e", "%c0%ae", "%", "%25", ";", "/..", "\\", "/;/", "/.;a/..;b", "%u002e", "%ff%fe"})
    void isNotSlowedDownByAPathMadeForIt(String piece) {
        Visit visit = Visit.get("/" + piece.repeat(16 * 1024 / piece.length()));
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            for (int i = 0; i < 50; i++) {
                assertThat(SECRETS.matchReadingOf(visit)).isFalse();
            }
        });
    }
}
