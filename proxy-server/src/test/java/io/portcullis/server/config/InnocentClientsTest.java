package io.portcullis.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig.Reject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jails of {@code conf/jails/all.conf} leave alone who has done nothing, and docs/jails.md says where they do not. */
final class InnocentClientsTest {

    private static final String READER = "192.0.2.10";
    private static final String OFFICE = "192.0.2.200";
    private static final Map<String, String> PASSWORD = Map.of("authorization", "Basic YTpi");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Site site;

    @BeforeEach
    void allJails() throws IOException {
        site = Site.with(folder, "all", "");
    }

    @Test
    void aBrowserSessionOf2000RequestsWithItsOwnMisses() {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            Ban ban = switch (i % 20) {
                case 0 -> site.get(READER, "/favicon.ico", 404);
                case 1 -> site.get(READER, "/apple-touch-icon-120x120-precomposed.png", 404);
                case 2 -> site.get(READER, "/robots.txt", 404);
                case 3 -> site.get(READER, "/assets/app." + i + ".js.map", 404);
                case 4 -> site.get(READER, "/.well-known/appspecific/com.chrome.devtools.json", 404);
                case 5 -> site.get(READER, "/gallery/missing-" + i + ".jpg", 404);
                case 6 -> site.get(READER, "/page/" + i, 304);
                default -> site.get(READER, "/page/" + i + "?q=" + random.nextInt(), 200);
            };
            assertThat(ban).as("request %d", i).isNull();
            site.pass(Duration.ofMillis(300));
        }
    }

    @Test
    void favouriteIconsThatAreForbiddenInsteadOfMissing() {
        for (String path : Defaults.IGNORE_PATHS) {
            assertThat(site.get(READER, path.replace("*", "x"), 403)).as(path).isNull();
        }
        assertThat(site.refuses(READER)).isFalse();
    }

    @Test
    void aPasswordManagersTwoWrongTries() {
        assertThat(site.get(READER, "/private", 401)).isNull();
        assertThat(site.request(READER, "GET", "/private", 401, PASSWORD)).isNull();
        assertThat(site.request(READER, "GET", "/private", 401, PASSWORD)).isNull();
        assertThat(site.request(READER, "GET", "/private", 200, PASSWORD)).isNull();
        assertThat(site.get(READER, "/.well-known/change-password", 404)).isNull();
    }

    @Test
    void whoIsAskedForAPasswordAndHasNone() {
        for (int i = 0; i < 100; i++) {
            assertThat(site.get(READER, "/private/" + i, 401)).isNull();
        }
    }

    @Test
    void aCrawlerThatRespectsRobotsTxt() {
        Map<String, String> crawler =
                Map.of("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
        site.request(READER, "GET", "/robots.txt", 200, crawler);
        site.request(READER, "GET", "/sitemap.xml", 404, crawler);
        for (int i = 0; i < 5_000; i++) {
            int status = i % 50 == 0 ? 404 : i % 7 == 0 ? 301 : i % 3 == 0 ? 304 : 200;
            assertThat(site.request(READER, "GET", "/product/" + i, status, crawler))
                    .as("page %d", i)
                    .isNull();
            site.pass(Duration.ofMillis(500));
        }
    }

    @Test
    void pagesOfAnApplicationThatIsFoundByItsDots() {
        for (String path : List.of("/.well-known/acme-challenge/x", "/docs/environment", "/git/", "/blog/etc-passwd")) {
            for (int i = 0; i < 10; i++) {
                assertThat(site.get(READER, path, 200)).as(path).isNull();
            }
        }
    }

    @Test
    void anOfficeOf200BehindOneAddressAsLongAsNobodyThereAttacks() {
        for (int minute = 0; minute < 60; minute++) {
            for (int person = 0; person < 200; person++) {
                assertThat(site.get(OFFICE, "/page/" + person, 200)).isNull();
                assertThat(site.get(OFFICE, "/favicon.ico", 404)).isNull();
            }
            // Somebody always has an old bookmark, and somebody a wrong password.
            assertThat(site.get(OFFICE, "/old/" + minute, 404)).isNull();
            if (minute % 5 == 0) {
                assertThat(site.request(OFFICE, "GET", "/private", 401, PASSWORD))
                        .isNull();
            }
            site.pass(Duration.ofMinutes(1));
        }
    }

    @Test
    void anOfficeWithAnOffenderIsRefusedWithHimFromThatHostAndForThatTime() {
        Ban ban = null;
        for (int i = 0; i < 5; i++) {
            ban = site.get(OFFICE, "/admin", 403);
        }

        assertThat(ban).isNotNull();
        assertThat(site.refuses(OFFICE))
                .as("the documented price of one address for all")
                .isTrue();
        assertThat(site.refusesOnOtherHosts(OFFICE)).isFalse();
        site.pass(Duration.ofMinutes(10));
        assertThat(site.refuses(OFFICE)).isFalse();
    }

    @Test
    void rejectTellsTheOfficeWhatIsTheMatter() throws IOException {
        site = Site.with(folder, "all", "jails { forbidden { action = reject, reject-status = 429 } }");
        Ban ban = null;
        for (int i = 0; i < 5; i++) {
            ban = site.get(OFFICE, "/admin", 403);
        }

        assertThat(ban).isNotNull().extracting(Ban::action).isEqualTo(new Reject(429));
    }

    @Test
    void anApplicationThatKnowsItsUsersSparesTheOffice() throws IOException {
        site = Site.with(folder, "all", "verdict-header = \"X-Ban-Weight\"");
        for (int i = 0; i < 1_000; i++) {
            assertThat(site.weighed(OFFICE, "/admin", 403, 0)).isNull();
        }
        assertThat(site.refuses(OFFICE)).isFalse();
        assertThat(site.weighed("203.0.113.66", "/admin", 403, 5))
                .as("and is stricter with strangers")
                .isNotNull();
    }

    @Test
    void aSlowDripJustUnderTheWindowIsAllowed() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(site.get(READER, "/admin", 403)).as("documented: %d", i).isNull();
            site.pass(Duration.ofMinutes(2).plusSeconds(30));
        }
    }

    @Test
    void aHostOnTrialRefusesNobody() throws IOException {
        site = Site.with(folder, "all", "dry-run = true");
        for (int i = 0; i < 20; i++) {
            site.get(READER, "/.env", 404);
        }
        assertThat(site.refuses(READER)).isFalse();
    }
}
