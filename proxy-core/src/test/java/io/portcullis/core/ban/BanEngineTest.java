package io.portcullis.core.ban;

import static io.portcullis.core.ban.EngineFixture.START;
import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Verdict.Allow;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.ClientAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How bans fall and end. */
class BanEngineTest {

    private static final String ATTACKER = "192.0.2.1";
    private static final String VISITOR = "192.0.2.2";

    private final EngineFixture fixture = new EngineFixture();
    private final BanEngine engine = fixture.engine;
    private final JailSet shop = jail("forbidden").on("shop");
    private final JailSet blog = jail("forbidden").on("blog");

    @Test
    void theMaxRetryThOffenceBansAndNoEarlierOne() {
        assertThat(fixture.forbid(ATTACKER, shop, 4)).isNull();
        assertThat(fixture.verdict(ATTACKER, "shop")).isEqualTo(Allow.ALLOW);

        Ban ban = fixture.forbid(ATTACKER, shop);

        assertThat(ban).isNotNull();
        assertThat(ban.client()).isEqualTo(engine.keyOf(ip(ATTACKER)));
        assertThat(ban.scope()).isEqualTo(new OneHost("shop"));
        assertThat(ban.jail()).isEqualTo("forbidden");
        assertThat(ban.since()).isEqualTo(START);
        assertThat(ban.until()).isEqualTo(START + 3_600_000);
        assertThat(ban.evidence()).hasSize(5);
        assertThat(fixture.verdict(ATTACKER, "shop")).satisfies(EngineFixture.refusedBy(Drop.DROP, "forbidden"));
        assertThat(fixture.told.banned).containsExactly(ban);
    }

    @Test
    void aBanIsInForceWhenItsListenerIsTold() {
        Verdict[] seen = new Verdict[1];
        BanEngine[] told = new BanEngine[1];
        BanListener listener = new BanListener() {
            @Override
            public void banned(Ban ban) {
                seen[0] = told[0].verdict(ClientAddress.direct(ip(ATTACKER)), ban.client(), "shop");
            }

            @Override
            public void unbanned(Ban ban) {}
        };
        told[0] = EngineFixture.engine(10, Allowlist.NOBODY, fixture.clock, listener);

        told[0].observe(new Observation.Answer(
                ClientAddress.direct(ip(ATTACKER)),
                jail("one").maxRetry(1).on("shop"),
                Request.get("/"),
                403,
                AnswerWeight.UNSAID));

        assertThat(seen[0]).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void aListenersFaultDoesNotReachTheExchangeAndTheBanStands() {
        BanListener faulty = new BanListener() {
            @Override
            public void banned(Ban ban) {
                throw new IllegalStateException("disk full");
            }

            @Override
            public void unbanned(Ban ban) {
                throw new IllegalStateException("disk full");
            }
        };
        BanEngine withFault = EngineFixture.engine(10, Allowlist.NOBODY, fixture.clock, faulty);

        Ban ban = withFault.observe(new Observation.Answer(
                ClientAddress.direct(ip(ATTACKER)),
                jail("one").maxRetry(1).on("shop"),
                Request.get("/"),
                403,
                AnswerWeight.UNSAID));

        assertThat(withFault.bans()).containsExactly(EngineFixture.untold(ban));
        assertThat(withFault.unban(ip(ATTACKER))).containsExactly(EngineFixture.untold(ban));
    }

    @Test
    void theWindowIsExactAtItsEdge() {
        fixture.forbid(ATTACKER, shop);
        fixture.forbid(VISITOR, shop);
        fixture.clock.set(START + 59_999);
        fixture.forbid(ATTACKER, shop, 3);
        fixture.forbid(VISITOR, shop, 3);

        assertThat(fixture.forbid(ATTACKER, shop)).isNotNull();
        fixture.clock.set(START + 60_000);
        assertThat(fixture.forbid(VISITOR, shop)).isNull();
        assertThat(fixture.forbid(VISITOR, shop)).isNotNull();
    }

    @Test
    void anAnswerThatNoJailCountsIsNoOffence() {
        for (int i = 0; i < 20; i++) {
            fixture.answer(VISITOR, shop, "/", 200);
            fixture.answer(VISITOR, shop, "/", 404);
        }

        assertThat(engine.bans()).isEmpty();
        assertThat(engine.why(ip(VISITOR)).isEmpty()).isTrue();
    }

    @Test
    void aBanEndsAtItsTimeWithoutASweep() {
        fixture.forbid(ATTACKER, shop, 5);

        fixture.clock.set(START + 3_600_000 - 1);
        assertThat(fixture.verdict(ATTACKER, "shop")).isNotEqualTo(Allow.ALLOW);
        assertThat(engine.bans()).hasSize(1);
        assertThat(engine.upkeep()).isZero();
        fixture.clock.set(START + 3_600_000);
        assertThat(fixture.verdict(ATTACKER, "shop")).isEqualTo(Allow.ALLOW);
        assertThat(engine.bans()).isEmpty();
        assertThat(engine.upkeep()).isEqualTo(1);
        assertThat(engine.upkeep()).isZero();
        assertThat(fixture.told.unbanned).isEmpty();
    }

    @Test
    void afterABanCountingStartsAnew() {
        fixture.forbid(ATTACKER, jail("brief").banTime(Duration.ofSeconds(1)).on("shop"), 5);
        fixture.clock.advance(Duration.ofSeconds(1));

        assertThat(fixture.forbid(ATTACKER, jail("brief").on("shop"), 4)).isNull();
        assertThat(fixture.forbid(ATTACKER, jail("brief").on("shop"))).isNotNull();
    }

    @Test
    void whatABannedClientHadInFlightNeitherCountsNorProlongs() {
        Ban ban = fixture.forbid(ATTACKER, shop, 5);
        fixture.clock.advance(Duration.ofSeconds(10));

        assertThat(fixture.forbid(ATTACKER, shop, 31)).isNull();

        assertThat(engine.bans()).containsExactly(EngineFixture.untold(ban));
        assertThat(fixture.told.banned).hasSize(1);
        assertThat(engine.why(ip(ATTACKER)).counters()).isEmpty();
    }

    @Test
    void aBanOnOneHostIsNotFeltOnAnother() {
        fixture.forbid(ATTACKER, shop, 5);

        assertThat(fixture.verdict(ATTACKER, "blog")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdict(VISITOR, "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.forbid(ATTACKER, blog, 4)).isNull();
        assertThat(fixture.forbid(ATTACKER, blog)).isNotNull();
        assertThat(engine.bans()).hasSize(2);
    }

    @Test
    void offencesOnTwoHostsAreNotAddedUp() {
        assertThat(fixture.forbid(ATTACKER, shop, 4)).isNull();
        assertThat(fixture.forbid(ATTACKER, blog, 4)).isNull();
    }

    @Test
    void aBanOfScopeAllIsFeltEverywhere() {
        fixture.forbid(ATTACKER, jail("forbidden").scope(Scope.ALL).on("shop"), 5);

        assertThat(fixture.verdict(ATTACKER, "shop")).isNotEqualTo(Allow.ALLOW);
        assertThat(fixture.verdict(ATTACKER, "blog")).isNotEqualTo(Allow.ALLOW);
        assertThat(fixture.verdict(ATTACKER, "not configured yet")).isNotEqualTo(Allow.ALLOW);
        assertThat(fixture.forbid(ATTACKER, blog, 9)).isNull();
    }

    /** Banned on one host does not mean that a graver jail stops watching there. */
    @Test
    void aJailOfScopeAllGoesOnCountingWhileItsHostIsBanned() {
        fixture.forbid(ATTACKER, shop, 5);

        assertThat(fixture.forbid(ATTACKER, jail("wide").scope(Scope.ALL).on("shop"), 5))
                .isNotNull()
                .extracting(Ban::scope)
                .isEqualTo(AllHosts.ALL_HOSTS);
    }

    @Test
    void foreverIsForever() {
        fixture.forbid(ATTACKER, jail("forbidden").banTime(JailConfig.FOREVER).on("shop"), 5);
        fixture.clock.set(Long.MAX_VALUE);

        assertThat(engine.upkeep()).isZero();
        assertThat(fixture.verdict(ATTACKER, "shop")).satisfies(EngineFixture.refusedBy(Drop.DROP, "forbidden"));
    }

    /** A jail of five 403s must not shield a probe for secrets from the longer ban that it earns by the same answer. */
    @Test
    void ofTwoJailsThatBanByOneAnswerTheLongerBanStands() {
        JailSet two = JailSet.of(
                "shop",
                List.of(
                        jail("forbidden").build(),
                        jail("secrets")
                                .statuses(StatusSet.ANY)
                                .paths("/.env")
                                .maxRetry(1)
                                .banTime(Duration.ofDays(1))
                                .build()));
        fixture.forbid(ATTACKER, two, 4);

        Ban ban = fixture.answer(ATTACKER, two, "/.env", 403);

        assertThat(ban).isNotNull().extracting(Ban::jail).isEqualTo("secrets");
        assertThat(engine.bans()).containsExactly(EngineFixture.untold(ban));
        assertThat(fixture.told.banned).containsExactly(ban);
    }

    @Test
    void anIpv6ClientIsBannedByItsPrefix() {
        for (int i = 1; i <= 5; i++) {
            fixture.forbid("2001:db8::" + i, shop);
        }

        assertThat(fixture.verdict("2001:db8::ffff:1:2:3", "shop")).isNotEqualTo(Allow.ALLOW);
        assertThat(fixture.verdict("2001:db8:0:1::1", "shop")).isEqualTo(Allow.ALLOW);
        assertThat(engine.bans())
                .singleElement()
                .extracting(ban -> ban.client().toString())
                .isEqualTo("2001:db8::/64");
    }

    /** A dual-stack socket reports an IPv4 client as mapped: it must not get a second count, nor escape its ban. */
    @Test
    void anIpv4MappedAddressIsTheIpv4Address() {
        fixture.forbid("::ffff:192.0.2.1", shop, 3);
        fixture.forbid(ATTACKER, shop, 2);

        assertThat(fixture.verdict("::ffff:192.0.2.1", "shop")).isNotEqualTo(Allow.ALLOW);
        assertThat(fixture.verdict("::ffff:192.0.2.2", "shop")).isEqualTo(Allow.ALLOW);
    }

    @Test
    void aReloadKeepsCountersByHostAndJailName() {
        fixture.forbid(ATTACKER, shop, 4);

        JailSet reloaded = JailSet.of(
                "shop",
                List.of(jail("new").maxRetry(100).build(), jail("forbidden").build()));
        assertThat(fixture.forbid(ATTACKER, reloaded)).isNotNull();
    }

    @Test
    void aReloadWithALowerMaxRetryBansAtTheNextOffence() {
        fixture.forbid(ATTACKER, jail("forbidden").maxRetry(100).on("shop"), 50);

        assertThat(fixture.forbid(ATTACKER, shop)).isNotNull();
    }

    /** The time for which clients are kept must follow, or the window would lose its first offences. */
    @Test
    void aReloadWithALongerWindowCountsInAllOfIt() {
        fixture.forbid(ATTACKER, shop);
        JailSet day = jail("forbidden").findTime(Duration.ofDays(1)).on("shop");
        for (int hour = 0; hour < 3; hour++) {
            assertThat(fixture.forbid(ATTACKER, day)).isNull();
            fixture.clock.advance(Duration.ofHours(7));
        }

        assertThat(fixture.forbid(ATTACKER, day)).isNotNull();
    }

    @Test
    void aClockSetBackNeitherThrowsNorBansForOldOffences() {
        fixture.forbid(ATTACKER, shop, 4);
        fixture.clock.set(START - 3_600_000);

        assertThat(fixture.forbid(ATTACKER, shop, 4)).isNull();
        assertThat(fixture.forbid(ATTACKER, shop)).isNotNull();
        fixture.clock.set(START - 7_200_000);
        assertThat(fixture.verdict(ATTACKER, "shop")).isNotEqualTo(Allow.ALLOW);
    }

    @Test
    void evidenceIsBoundedInNumberAndLength() {
        JailSet patient = jail("forbidden").maxRetry(50).on("shop");
        for (int i = 0; i < 49; i++) {
            fixture.answer(ATTACKER, patient, "/" + "x".repeat(10_000), 403);
        }

        Evidence before = engine.why(ip(ATTACKER));
        Ban ban = fixture.forbid(ATTACKER, patient);

        assertThat(before.lastOffences()).hasSize(Evidence.MAX_OFFENCES);
        assertThat(ban).isNotNull();
        assertThat(ban.evidence()).hasSize(10).last().extracting(Offence::path).isEqualTo("/");
        assertThat(ban.evidence().get(0).path()).hasSize(Offence.MAX_PATH);
        assertThat(new Offence(0, "shop", "j", "M".repeat(10_000), "/", 403).method())
                .hasSize(Offence.MAX_METHOD);
    }

    @Test
    void whyTellsCountersOffencesAndBans() {
        fixture.forbid(ATTACKER, shop, 5);
        fixture.clock.advance(Duration.ofSeconds(1));
        fixture.forbid(ATTACKER, blog, 2);

        Evidence why = engine.why(ip(ATTACKER));

        assertThat(why.bans()).extracting(Ban::scope).containsExactly(new OneHost("shop"));
        assertThat(why.counters())
                .containsExactly(new Evidence.Counter("blog", "forbidden", 2, 5, Duration.ofMinutes(1)));
        // What led to the ban is told, too: it is why the client is banned.
        Offence onShop = new Offence(START, "shop", "forbidden", "GET", "/", 403);
        Offence onBlog = new Offence(START + 1_000, "blog", "forbidden", "GET", "/", 403);
        assertThat(why.lastOffences()).containsExactly(onShop, onShop, onShop, onShop, onShop, onBlog, onBlog);
        fixture.clock.advance(Duration.ofMinutes(1));
        assertThat(engine.why(ip(ATTACKER)).counters()).isEmpty();
    }

    @Test
    void aRejectingJailGivesItsStatus() {
        fixture.forbid(ATTACKER, jail("flood").action(new Reject(429)).on("shop"), 5);

        assertThat(fixture.verdict(ATTACKER, "shop")).satisfies(EngineFixture.refusedBy(new Reject(429), "flood"));
    }
}
