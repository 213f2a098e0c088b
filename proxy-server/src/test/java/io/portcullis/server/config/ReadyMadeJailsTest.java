package io.portcullis.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Reject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of the jails in {@code conf/jails} bans the attacker that it is for, at the offence that it says. */
final class ReadyMadeJailsTest {

    private static final String ATTACKER = "203.0.113.66";
    private static final Map<String, String> PASSWORD = Map.of("authorization", "Basic YTpi");
    private static final List<String> SECRETS = List.of("/.env", "/app/.git/config", "/.htaccess", "/backup.zip");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../conf/jails"))) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.conf$", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachLoadsForAVirtualHostAndForAll(String file) throws IOException {
        assertThat(site(file).refuses(ATTACKER)).isFalse();
    }

    @Test
    void forbiddenBansAtTheFifth() throws IOException {
        Site site = site("forbidden");

        assertThat(offencesUntilBan(i -> site.get(ATTACKER, "/admin", 403))).isEqualTo(5);
        assertThat(site.refuses(ATTACKER)).isTrue();
        assertThat(site.refusesOnOtherHosts(ATTACKER))
                .as("a ban on one site is not felt on another")
                .isFalse();
    }

    @Test
    void notFoundBansAtTheTenthPath() throws IOException {
        Site site = site("not-found");

        assertThat(offencesUntilBan(i -> site.get(ATTACKER, "/guess" + i, 404))).isEqualTo(10);
    }

    @Test
    void notFoundTakesOnePathForOneOffence() throws IOException {
        Site site = site("not-found");

        assertThat(offencesUntilBan(i -> site.get(ATTACKER, "/dead-link", 404))).isEqualTo(NEVER);
    }

    @Test
    void authBansAtTheFifthWrongPasswordAndSaysSo() throws IOException {
        Site site = site("auth");

        assertThat(offencesUntilBan(i -> {
                    site.get(ATTACKER, "/private", 401); // the challenge
                    Ban ban = site.request(ATTACKER, "GET", "/private", 401, PASSWORD);
                    assertThat(ban == null || ban.action().equals(new Reject(429)))
                            .isTrue();
                    return ban;
                }))
                .isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 403, 404, 500})
    void secretsBansAtTheFourthWhateverIsAnswered(int status) throws IOException {
        Site site = site("secrets");

        assertThat(offencesUntilBan(i -> site.get(ATTACKER, SECRETS.get((i - 1) % 4), status)))
                .isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.ENV",
                "/%2eenv",
                "/%252eenv",
                "/x/..;/.env",
                "/.env;.png",
                "//.env",
                "/./.env",
                "/x/../.env",
                "/app%2f.env"
            })
    void secretsAreNotHiddenByAnotherWayToWriteThem(String target) throws IOException {
        Site site = site("secrets");

        assertThat(offencesUntilBan(i -> site.get(ATTACKER, target, 404))).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sqlmap/1.8.2#stable (https://sqlmap.org)",
                "Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)",
                "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
                "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)",
                "gobuster/3.6",
                "Fuzz Faster U Fool v2.1.0-dev",
                "WPScan v3.8.25 (https://wpscan.com/wordpress-security-scanner)",
                "Mozilla/5.0 zgrab/0.x"
            })
    void scannersAreBannedAtOnceWhateverTheyAskFor(String userAgent) throws IOException {
        Site site = site("scanners");

        assertThat(offencesUntilBan(
                        i -> site.request(ATTACKER, "GET", "/robots.txt", 404, Map.of("user-agent", userAgent))))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../../etc/passwd",
                "/static/../../../etc/passwd",
                "/static/%2e%2e/%2e%2e/%2e%2e/etc/hosts",
                "/static/..%2f..%2f..%2fetc/hosts",
                "/static/%252e%252e%252f%252e%252e%252fetc/hosts",
                "/static/..;/..;/manager",
                "/static/..;/manager/html",
                "/static/../index.html",
                "/static/%2e%2e/index.html",
                "/static/..",
                "/static/..%5c..%5cwindows%5cwin.ini",
                "/static/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
                "/cgi-bin/.%2e/.%2e/bin/sh"
            })
    void traversalBansAtTheThirdHoweverItIsWritten(String target) throws IOException {
        Site site = site("traversal");

        assertThat(offencesUntilBan(i -> site.get(ATTACKER, target, 404))).isEqualTo(3);
    }

    @Test
    void wordpressBansAtTheFifthWrongPasswordAndNotForRightOnes() throws IOException {
        Site site = site("wordpress");

        assertThat(offencesUntilBan(i -> site.request("192.0.2.9", "POST", "/wp-login.php", 302, Map.of())))
                .isEqualTo(NEVER);
        assertThat(offencesUntilBan(i -> site.request(ATTACKER, "POST", "/blog/wp-login.php", 200, Map.of())))
                .isEqualTo(5);
    }

    @Test
    void wordpressBansAtTheTwentiethCallOfXmlRpc() throws IOException {
        Site site = site("wordpress");

        assertThat(offencesUntilBan(i -> site.request(ATTACKER, "POST", "/xmlrpc.php", 200, Map.of())))
                .isEqualTo(20);
    }

    @Test
    void notWordpressBansAtTheThirdVisitToWhatIsNotThere() throws IOException {
        Site site = site("not-wordpress");

        assertThat(offencesUntilBan(i -> site.get(ATTACKER, "/wp-login.php", 404)))
                .isEqualTo(3);
    }

    @Test
    void badRequestsBanAtTheTenth() throws IOException {
        Site site = site("bad-requests");

        assertThat(offencesUntilBan(i -> site.violation("192.0.2.9", On.TIMEOUT)))
                .isEqualTo(NEVER);
        assertThat(offencesUntilBan(i -> site.violation(ATTACKER, On.PROTOCOL_ERROR)))
                .isEqualTo(10);
    }

    @Test
    void floodIsToldToWaitAtTheSixHundredthInAMinute() throws IOException {
        Site site = site("flood");

        assertThat(offencesUntilBan(i -> site.get(ATTACKER, "/page" + i, 200))).isEqualTo(600);
    }

    @Test
    void recidiveBansForAWeekAtTheFifthBanInADay() throws IOException {
        Site site = site("all");

        for (int ban = 1; ban < 5; ban++) {
            assertThat(offencesUntilBan(i -> site.get(ATTACKER, "/admin", 403))).isEqualTo(5);
            site.pass(Duration.ofMinutes(11));
            assertThat(site.refuses(ATTACKER)).as("ban %d has ended", ban).isFalse();
        }
        assertThat(offencesUntilBan(i -> site.get(ATTACKER, "/admin", 403))).isEqualTo(5);
        site.pass(Duration.ofDays(6));
        assertThat(site.refuses(ATTACKER)).isTrue();
    }

    @Test
    void unknownHostBansOnAllHostsAtTheTenth() throws IOException {
        Site site = site("unknown-host");

        assertThat(offencesUntilBan(i -> site.violation(ATTACKER, On.UNKNOWN_HOST)))
                .isEqualTo(10);
        assertThat(site.refuses(ATTACKER)).isTrue();
        assertThat(site.refusesOnOtherHosts(ATTACKER)).isTrue();
    }

    private static final int NEVER = 0;

    /** Which offence bans, of a thousand in a row; {@link #NEVER} if none. */
    private static int offencesUntilBan(IntFunction<@Nullable Ban> offence) {
        for (int i = 1; i <= 1_000; i++) {
            if (offence.apply(i) != null) {
                return i;
            }
        }
        return NEVER;
    }

    private Site site(String file) throws IOException {
        return Site.with(folder, file, "");
    }
}
