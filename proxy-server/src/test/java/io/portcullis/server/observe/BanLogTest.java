package io.portcullis.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.Offence;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.net.ClientKey;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BanLogTest {
    private static final long NOW = Instant.parse("2026-11-22T17:00:00.250Z").toEpochMilli();
    private static final long HOUR = 3_600_000;

    private final BanLog log = new BanLog();
    private final LogCapture told = new LogCapture("io.portcullis.bans");

    @AfterEach
    void close() {
        told.close();
    }

    private static List<Offence> offences(int count, long spanMillis, String path) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Offence(
                        NOW - spanMillis + (count == 1 ? spanMillis : i * spanMillis / (count - 1)),
                        "shop",
                        "httpd-forbidden",
                        "GET",
                        path,
                        403))
                .toList();
    }

    private static Ban ban(BanScope scope, long until, List<Offence> evidence) {
        ClientKey client = ClientKey.of(Records.CLIENT, 64);
        return new Ban(
                client,
                new Sentence(scope, "httpd-forbidden", JailConfig.Drop.DROP, Sentence.Mode.ENFORCED),
                NOW,
                until,
                new Ban.Grounds("", evidence));
    }

    private static Ban hourOnShop(List<Offence> evidence) {
        return ban(new BanScope.OneHost("shop"), NOW + HOUR, evidence);
    }

    @Test
    void aBanIsOneLineThatSaysWhoWhereHowLongAndWhy() {
        log.banned(hourOnShop(offences(5, 12_000, "/admin")));
        assertThat(told.messages(Level.INFO))
                .containsExactly("banned 192.0.2.7 on host shop until 2026-11-22T18:00:00Z (1h) by jail"
                        + " httpd-forbidden: 5 offences in 12s, last GET /admin -> 403");
    }

    @Test
    void aBanWithoutAnEndIsForever() {
        log.banned(ban(BanScope.AllHosts.ALL_HOSTS, Ban.FOREVER, offences(1, 0, "/.env")));
        assertThat(told.messages(Level.INFO))
                .containsExactly("banned 192.0.2.7 on all hosts forever by jail httpd-forbidden:"
                        + " 1 offence, last GET /.env -> 403");
    }

    @Test
    void aBanMadeWithoutOffencesClaimsNone() {
        log.banned(hourOnShop(List.of()));
        assertThat(told.messages(Level.INFO)).singleElement().asString().endsWith(" by jail httpd-forbidden");
    }

    @Test
    void asManyOffencesAsABanKeepsAreNotCalledAll() {
        log.banned(hourOnShop(offences(10, 900, "/")));
        assertThat(told.messages(Level.INFO)).singleElement().asString().contains(": last 10 offences in 900ms, last");
    }

    @Test
    void anUnbanIsTold() {
        log.unbanned(hourOnShop(List.of()));
        assertThat(told.messages(Level.INFO))
                .containsExactly("unbanned 192.0.2.7 on host shop (banned by jail httpd-forbidden)");
    }

    private static Ban ban(String jail, Sentence.Mode mode, String reason, List<Offence> offences) {
        return new Ban(
                ClientKey.of(Records.CLIENT, 64),
                new Sentence(BanScope.AllHosts.ALL_HOSTS, jail, JailConfig.Drop.DROP, mode),
                NOW,
                NOW + HOUR,
                new Ban.Grounds(reason, offences));
    }

    @Test
    void aBanOnTrialSaysThatItRefusesNobody() {
        log.banned(ban("httpd-forbidden", Sentence.Mode.DRY_RUN, "", offences(1, 0, "/.env")));
        assertThat(told.messages(Level.INFO))
                .containsExactly("would have banned 192.0.2.7 on all hosts until 2026-11-22T18:00:00Z (1h) by jail"
                        + " httpd-forbidden: 1 offence, last GET /.env -> 403 (dry run)");
    }

    @Test
    void aReasonIsToldBeforeTheOffences() {
        log.banned(ban("promoted", Sentence.Mode.ENFORCED, "banned on 3 hosts: a, b, c", offences(1, 0, "/x")));
        assertThat(told.messages(Level.INFO))
                .singleElement()
                .asString()
                .endsWith(" by jail promoted: banned on 3 hosts: a, b, c; 1 offence, last GET /x -> 403");
    }

    @Test
    void aPersonsBanNamesNoJail_andItsReasonCannotForgeALine() {
        log.banned(ban(BanEngine.BY_HAND, Sentence.Mode.FORCED, "spam\nbanned all", List.of()));
        assertThat(told.messages(Level.INFO)).singleElement().asString().endsWith(" by hand: spam\\x0Abanned all");
    }

    @Test
    void theAttackersPathCannotForgeALineOrReachATerminal() {
        for (String nasty : NastyTexts.all()) {
            log.banned(hourOnShop(offences(2, 1_000, nasty)));
        }
        assertThat(told.messages(Level.INFO))
                .allMatch(line -> line.matches("banned 192\\.0\\.2\\.7 [\\x20-\\x7e]+ last GET [\\x21-\\x7e]* -> 403"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0ms",
        "-5, 0ms",
        "999, 999ms",
        "1000, 1s",
        "12999, 12s",
        "90000, 1m30s",
        "600000, 10m",
        "3600000, 1h",
        "3601000, 1h",
        "5400000, 1h30m",
        "86400000, 1d",
        "93600000, 1d2h",
        "604800000, 7d",
        "31536000000, 365d"
    })
    void durationsReadAsTheConfigurationWritesThem(long millis, String text) {
        assertThat(BanLog.shortText(millis)).isEqualTo(text);
    }
}
