package io.portcullis.core.ban;

import static io.portcullis.core.ban.BansSettings.bans;
import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Verdict.Allow;
import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.Denylist;
import io.portcullis.core.net.IpAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A broken application must not ban its visitors, and an attacker must not pass for a broken application. */
class ErrorSurveyTest {

    private static final int CLIENTS = 50;
    private static final String ATTACKER = "198.51.100.1";

    private final EngineFixture fixture =
            bans().sickUpstream(50, 10).promoteAfter(2).widenAfter(2).engine();
    private final BanEngine engine = fixture.engine;
    private final JailSet shop = engine.jailsOf("shop", jails("errors"));
    private final JailSet blog = engine.jailsOf("blog", jails("errors"));

    private static List<JailConfig> jails(String name) {
        return List.of(
                jail(name)
                        .statuses(new StatusSet.Builder().addClass(5).add(404).build())
                        .findTime(Duration.ofMinutes(10))
                        .build(),
                jail("secrets")
                        .statuses(StatusSet.ANY)
                        .paths("/.env")
                        .maxRetry(2)
                        .build());
    }

    @Test
    void nobodyIsBannedForLongerThanASecondWhenADeployBreaksTheApplication() {
        for (int second = 0; second < 300; second++) {
            everybodyGets(shop, 500);
            fixture.clock.advance(Duration.ofSeconds(1));
            engine.upkeep();

            assertThat(engine.bans()).as("after second %d", second).isEmpty();
        }
        assertThat(fixture.told.banned).isEmpty();
    }

    /** A burst of errors is over before anybody looks at the whole: it must be found out when the first ban is due. */
    @Test
    void nobodyIsBannedByABurstThatAllGetAtOnce() {
        for (int i = 0; i < 5; i++) {
            everybodyGets(shop, 500);
        }

        assertThat(fixture.told.banned).isEmpty();
    }

    /** One page with many broken parts is enough for a ban, and visitors come one after the other. */
    @Test
    void whomItBannedBeforeItWasFoundOutIsLetInAgain() {
        everybodyIsAnswered(shop);
        for (int client = 0; client < CLIENTS; client++) {
            for (int i = 0; i < 5; i++) {
                fixture.answer(client(client), shop, "/" + i, 500);
            }
        }
        assertThat(fixture.told.banned).hasSizeLessThan(CLIENTS).isNotEmpty();
        assertThat(fixture.verdict(client(0), "shop")).isInstanceOf(Refuse.class);

        fixture.clock.advance(Duration.ofSeconds(1));
        engine.upkeep();

        assertThat(engine.bans()).isEmpty();
        assertThat(fixture.told.unbanned).hasSameSizeAs(fixture.told.banned);
        assertThat(engine.why(ip(client(0))).pastBans()).isEmpty();
    }

    /** Else ten addresses that an attacker can spare would keep all his others from being banned. */
    @Test
    void attackersWhoComeOneAfterTheOtherDoNotExcuseTheNext() {
        for (int client = 0; client < CLIENTS; client++) {
            for (int i = 0; i < 5; i++) {
                shop.answered(engine.keyOf(ip(client(client))), 404);
                fixture.answer(client(client), shop, "/" + i, 404);
            }
            fixture.clock.advance(Duration.ofMillis(100));
        }
        engine.upkeep();

        assertThat(engine.bans()).extracting(Ban::jail).contains("errors");
        assertThat(fixture.told.unbanned).isEmpty();
        for (int client = 0; client < CLIENTS; client++) {
            assertThat(fixture.verdict(client(client), "shop"))
                    .as(client(client))
                    .isInstanceOf(Refuse.class);
        }
    }

    /** The estimate of so many is coarse, and its coarseness must not pass for clients. */
    @Test
    void norDoTwoHundredThousandOfThem() {
        ErrorSurvey survey = new ErrorSurvey("shop", new KeyedHash(7));
        BansConfig.SickUpstream limits = new BansConfig.SickUpstream(50, 10);
        for (int i = 0; i < 200_000; i++) {
            ClientKey attacker = engine.keyOf(IpAddress.ofIpv4(i));
            survey.excuses(404, attacker);

            assertThat(survey.excusesFromBan(404, attacker, limits, i)).isFalse();
        }
        assertThat(survey.check(limits, 0)).isEmpty();
    }

    /** Otherwise the last request before the failure and four after it would ban. */
    @Test
    void whatWasCountedBeforeIsVoid() {
        for (int i = 0; i < 4; i++) {
            everybodyGets(shop, 500);
        }
        assertThat(engine.why(ip(client(0))).counters()).hasSize(1);
        engine.upkeep();

        assertThat(engine.why(ip(client(0))).counters()).isEmpty();
        assertThat(fixture.answer(client(0), shop, "/", 404)).isNull();
        assertThat(engine.why(ip(client(0))).counters())
                .singleElement()
                .extracting(Evidence.Counter::count)
                .isEqualTo(1);
    }

    @Test
    void whatFollowedFromAnUnjustBanIsLiftedWithIt() {
        for (int client = 0; client < CLIENTS; client++) {
            shop.answered(engine.keyOf(ip(visitor(client))), 200);
            blog.answered(engine.keyOf(ip(visitor(client))), 200);
        }
        for (int client = 0; client < CLIENTS; client++) {
            for (int i = 0; i < 5; i++) {
                // Both hosts are the same broken application; each /56 of them is full of visitors.
                fixture.answer(visitor(client), shop, "/", 500);
                fixture.answer(visitor(client), blog, "/", 500);
            }
        }
        assertThat(fixture.told.banned).extracting(Ban::jail).contains("promoted", "widened");

        engine.upkeep();

        assertThat(engine.bans()).isEmpty();
    }

    @Test
    void oneAttackerAmongManyVisitorsIsBanned() {
        for (int round = 0; round < 5; round++) {
            everybodyIsAnswered(shop);
            fixture.answer(ATTACKER, shop, "/" + round, 404);
            fixture.clock.advance(Duration.ofSeconds(1));
            engine.upkeep();
        }

        assertThat(fixture.verdict(ATTACKER, "shop")).isInstanceOf(Refuse.class);
        engine.upkeep();
        assertThat(engine.bans()).hasSize(1);
    }

    @Test
    void aFewClientsSayNothing() {
        for (int i = 0; i < 5; i++) {
            for (int client = 0; client < 9; client++) {
                fixture.answer(client(client), shop, "/", 500);
            }
        }
        engine.upkeep();

        assertThat(engine.bans()).hasSize(9);
    }

    @Test
    void otherStatusesOtherHostsAndJailsThatGoByPathsGoOnCounting() {
        everybodyGets(shop, 500);
        engine.upkeep();

        for (int i = 0; i < 5; i++) {
            fixture.answer(ATTACKER, shop, "/", 500);
            fixture.answer(client(1), shop, "/", 404);
            fixture.answer(client(2), blog, "/", 500);
        }
        fixture.answer(client(3), shop, "/.env", 500);
        fixture.answer(client(3), shop, "/.env", 500);

        assertThat(fixture.verdict(ATTACKER, "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdict(client(1), "shop")).isInstanceOf(Refuse.class);
        assertThat(fixture.verdict(client(2), "blog")).isInstanceOf(Refuse.class);
        assertThat(fixture.verdict(client(3), "shop")).isInstanceOf(Refuse.class);
    }

    @Test
    void itIsCountedAgainAfterAWholeMinuteWithoutIt() {
        everybodyGets(shop, 500);
        pass(Duration.ofSeconds(60));
        fixture.answer(ATTACKER, shop, "/", 500);
        assertThat(engine.why(ip(ATTACKER)).counters()).isEmpty();

        pass(Duration.ofSeconds(75));
        for (int i = 0; i < 5; i++) {
            fixture.answer(ATTACKER, shop, "/", 500);
        }

        assertThat(fixture.verdict(ATTACKER, "shop")).isInstanceOf(Refuse.class);
        engine.upkeep();
        assertThat(engine.bans()).hasSize(1);
    }

    @Test
    void aBanFromLongerAgoStays() {
        for (int i = 0; i < 5; i++) {
            fixture.answer(ATTACKER, shop, "/", 500);
        }
        pass(Duration.ofSeconds(61));

        everybodyGets(shop, 500);
        engine.upkeep();

        assertThat(engine.bans()).hasSize(1);
    }

    /** A reload makes new jails; what is known of the application is not theirs. */
    @Test
    void aReloadKeepsIt() {
        everybodyGets(shop, 500);
        engine.upkeep();
        JailSet reloaded = engine.jailsOf("shop", jails("others"));

        for (int i = 0; i < 5; i++) {
            everybodyGets(reloaded, 500);
        }

        assertThat(engine.bans()).isEmpty();
    }

    @Test
    void aShareOfZeroSwitchesItOffAtOnce() {
        everybodyGets(shop, 500);
        engine.upkeep();
        engine.publish(Allowlist.NOBODY, Denylist.EMPTY, bans().build());
        engine.upkeep();

        for (int i = 0; i < 5; i++) {
            everybodyGets(shop, 500);
        }
        engine.upkeep();

        assertThat(engine.bans()).hasSize(CLIENTS);
    }

    @Test
    void aClockSetBackDoesNotKeepItSick() {
        everybodyGets(shop, 500);
        engine.upkeep();
        fixture.clock.advance(Duration.ofDays(-1));
        pass(Duration.ofSeconds(140));

        for (int i = 0; i < 5; i++) {
            fixture.answer(ATTACKER, shop, "/", 500);
        }
        assertThat(fixture.verdict(ATTACKER, "shop")).isInstanceOf(Refuse.class);
    }

    @Test
    void countsDistinctClientsWellEnough() {
        KeyedHash hash = new KeyedHash(7);
        for (int clients : new int[] {1, 10, 100, 10_000, 100_000}) {
            DistinctClients distinct = new DistinctClients();
            for (int i = 0; i < clients; i++) {
                long hashed = hash.of(engine.keyOf(ip("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255))));
                distinct.add(hashed);
                distinct.add(hashed);
                if (i == clients / 2) {
                    distinct.rotate();
                }
            }
            assertThat(distinct.estimate()).isBetween(clients * 0.97, clients * 1.03 + 0.01);
            distinct.rotate();
            distinct.rotate();
            assertThat(distinct.estimate()).isZero();
        }
    }

    private void everybodyGets(JailSet jails, int status) {
        for (int client = 0; client < CLIENTS; client++) {
            jails.answered(engine.keyOf(ip(client(client))), status);
            fixture.answer(client(client), jails, "/" + client, status);
        }
    }

    private void everybodyIsAnswered(JailSet jails) {
        for (int client = 0; client < CLIENTS; client++) {
            jails.answered(engine.keyOf(ip(client(client))), 200);
        }
    }

    private void pass(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            fixture.clock.advance(Duration.ofSeconds(1));
            engine.upkeep();
        }
    }

    private static String client(int number) {
        return "192.0.2." + number;
    }

    private static String visitor(int number) {
        return "2001:db8:0:" + Integer.toHexString(number << 6) + "::1";
    }
}
