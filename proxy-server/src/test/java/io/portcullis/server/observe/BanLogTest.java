package io.portcullis.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.Offence;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.LogConfig;
import io.portcullis.core.net.ClientKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BanLogTest {
    private static final long NOW = Instant.parse("2026-11-22T17:00:00.250Z").toEpochMilli();
    private static final long HOUR = 3_600_000;

    private final Path folder;
    private final TestClock clock = new TestClock();
    private final LineLog<BanEvent> own = new LineLog<>("ban log", clock);
    private final BanLog log = new BanLog(own, clock);
    private final LogCapture told = new LogCapture("io.portcullis.bans");

    BanLogTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void tellTheOperator() {
        log.tellOperator(true);
    }

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

    private static String line(LineFormat<BanEvent> format, BanEvent.Kind kind, Ban ban) {
        return Records.line(format, new BanEvent(NOW, kind, ban));
    }

    @Test
    void inAFileOfItsOwnEachLineBeginsWithItsTime() {
        BanTextFormat text = new BanTextFormat();
        assertThat(line(text, BanEvent.Kind.BANNED, hourOnShop(offences(5, 12_000, "/admin"))))
                .isEqualTo("2026-11-22T17:00:00.250Z banned 192.0.2.7 on host shop until 2026-11-22T18:00:00Z (1h) by"
                        + " jail httpd-forbidden: 5 offences in 12s, last GET /admin -> 403\n");
        assertThat(line(text, BanEvent.Kind.UNBANNED, hourOnShop(List.of())))
                .isEqualTo("2026-11-22T17:00:00.250Z unbanned 192.0.2.7 on host shop (banned by jail"
                        + " httpd-forbidden)\n");
    }

    @Test
    void asJsonItHasTheMembersOfTheAdminApi() {
        BanJsonFormat json = new BanJsonFormat();
        assertThat(line(json, BanEvent.Kind.BANNED, hourOnShop(offences(2, 1_000, "/admin"))))
                .isEqualTo("{\"event\":\"banned\",\"time\":\"2026-11-22T17:00:00.250Z\",\"client\":\"192.0.2.7\","
                        + "\"host\":\"shop\",\"jail\":\"httpd-forbidden\",\"action\":\"drop\",\"mode\":\"enforced\","
                        + "\"since\":\"2026-11-22T17:00:00.250Z\",\"until\":\"2026-11-22T18:00:00.250Z\",\"reason\":\"\","
                        + "\"offences\":["
                        + "{\"time\":\"2026-11-22T16:59:59.250Z\",\"host\":\"shop\",\"jail\":\"httpd-forbidden\","
                        + "\"method\":\"GET\",\"path\":\"/admin\",\"status\":403},"
                        + "{\"time\":\"2026-11-22T17:00:00.250Z\",\"host\":\"shop\",\"jail\":\"httpd-forbidden\","
                        + "\"method\":\"GET\",\"path\":\"/admin\",\"status\":403}]}\n");
        Ban forever = new Ban(
                ClientKey.of(Records.CLIENT, 64),
                new Sentence(BanScope.AllHosts.ALL_HOSTS, "x", new JailConfig.Reject(429), Sentence.Mode.DRY_RUN),
                NOW,
                Ban.FOREVER,
                new Ban.Grounds("because", List.of()));
        assertThat(line(json, BanEvent.Kind.UNBANNED, forever))
                .isEqualTo("{\"event\":\"unbanned\",\"time\":\"2026-11-22T17:00:00.250Z\",\"client\":\"192.0.2.7\","
                        + "\"host\":null,\"jail\":\"x\",\"action\":\"reject\",\"reject_status\":429,"
                        + "\"mode\":\"dry-run\",\"since\":\"2026-11-22T17:00:00.250Z\",\"until\":null,"
                        + "\"reason\":\"because\",\"offences\":[]}\n");
    }

    /** If it breaks: a name in the configuration or a person's reason forges a line, or acts on a terminal. */
    @Test
    void whoeverChoseAText_itIsOneLineOfAsciiInEveryFormat_andJsonReadsBackAsItWas() {
        BanTextFormat text = new BanTextFormat();
        BanJsonFormat json = new BanJsonFormat();
        for (String nasty : NastyTexts.all()) {
            Ban ban = new Ban(
                    ClientKey.of(Records.CLIENT, 64),
                    new Sentence(new BanScope.OneHost(nasty), nasty, JailConfig.Drop.DROP, Sentence.Mode.ENFORCED),
                    NOW,
                    NOW + HOUR,
                    new Ban.Grounds(nasty, List.of(new Offence(NOW, nasty, nasty, nasty, nasty, 403))));
            for (BanEvent.Kind kind : BanEvent.Kind.values()) {
                assertThat(line(text, kind, ban)).as(nasty).matches("[\\x20-\\x7e]+\n");
                String line = line(json, kind, ban);
                assertThat(line).as(nasty).matches("[\\x20-\\x7e]+\n");
                Config read = ConfigFactory.parseString(
                        line, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
                String expected = NastyTexts.asUtf8Has(nasty);
                assertThat(read.getString("host")).isEqualTo(expected);
                assertThat(read.getString("jail")).isEqualTo(expected);
                assertThat(read.getString("reason")).isEqualTo(expected);
                assertThat(read.root()).hasSize(11);
                Config offence = read.getConfigList("offences").get(0);
                assertThat(offence.getString("path")).isEqualTo(expected);
                assertThat(offence.getString("host")).isEqualTo(expected);
                assertThat(offence.getString("jail")).isEqualTo(expected);
                assertThat(offence.root()).hasSize(6);
            }
        }
    }

    @Test
    void aBanIsToldInOnePlaceAndNeverInTwo() throws IOException {
        Path path = folder.resolve("bans.log");
        LineLog.Target<BanEvent> file =
                new LineLog.Target<>(new BanTextFormat(), new LogFile(path, new LogConfig.Rotation(0, 5), clock));
        log.banned(hourOnShop(List.of()));
        own.set(file);
        log.banned(hourOnShop(List.of()));
        log.tellOperator(false);
        log.unbanned(hourOnShop(List.of()));
        own.round(true);
        own.set(null);
        own.round(true);
        log.banned(hourOnShop(List.of()));
        assertThat(told.messages(Level.INFO)).hasSize(1);
        assertThat(Files.readAllLines(path)).hasSize(2).last().asString().contains(" unbanned ");
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
        assertThat(ShortDuration.text(millis)).isEqualTo(text);
    }
}
