package io.portcullis.core.ban;

import static io.portcullis.core.ban.BansSettings.bans;
import static io.portcullis.core.ban.EngineFixture.START;
import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Increment;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who comes back after a ban: longer ban times, and jails that count bans. */
class ComebackTest {

    private static final String CLIENT = "192.0.2.1";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Increment DOUBLING = new Increment(1, List.of(), Duration.ofDays(30), Duration.ZERO);

    private final EngineFixture fixture = bans().engine();
    private final JailSet growing = jail("growing").increment(DOUBLING).on("shop");
    private final JailSet recidive = JailSet.of(
            "shop",
            List.of(
                    jail("forbidden").build(),
                    jail("recidive")
                            .on(On.BAN)
                            .maxRetry(3)
                            .findTime(Duration.ofDays(1))
                            .banTime(Duration.ofDays(7))
                            .scope(Scope.ALL)
                            .build()));

    @Test
    void eachFurtherBanOfTheSameJailIsLonger() {
        assertThat(hoursOf(banAndServe(growing))).isEqualTo(1);
        assertThat(hoursOf(banAndServe(growing))).isEqualTo(2);
        assertThat(hoursOf(banAndServe(growing))).isEqualTo(4);
    }

    @Test
    void aBanByAnotherJailOrOnAnotherHostDoesNotLengthenIt() {
        banAndServe(jail("other").on("shop"));
        banAndServe(jail("growing").increment(DOUBLING).on("blog"));

        assertThat(hoursOf(banAndServe(growing))).isEqualTo(1);
    }

    @Test
    void theMemoryOfABanEndsAtItsTimeAfterTheBan() {
        Ban first = banAndServe(growing);
        fixture.clock.set(first.until() + Duration.ofDays(7).toMillis() - 1);
        assertThat(hoursOf(fixture.forbid(CLIENT, growing, 5))).isEqualTo(2);

        fixture.clock.advance(Duration.ofDays(7).plusHours(2));
        assertThat(hoursOf(fixture.forbid(CLIENT, growing, 5))).isEqualTo(1);
    }

    @Test
    void anUnbanTakesAllOfItsScopeOutOfTheMemory() {
        banAndServe(growing);
        fixture.forbid(CLIENT, growing, 5);
        fixture.engine.unban(ip(CLIENT));

        assertThat(hoursOf(fixture.forbid(CLIENT, growing, 5))).isEqualTo(1);
    }

    @Test
    void aJailOnTrialDoesNotGrowSinceNobodyWasBanned() {
        JailSet trial = jail("growing").increment(DOUBLING).dryRun().on("shop");
        fixture.forbid(CLIENT, trial, 5);
        fixture.clock.advance(HOUR);
        fixture.forbid(CLIENT, trial, 5);

        assertThat(fixture.told.banned)
                .hasSize(2)
                .allSatisfy(ban -> assertThat(hoursOf(ban)).isEqualTo(1));
        assertThat(fixture.engine.why(ip(CLIENT)).pastBans()).isEmpty();
    }

    @Test
    void theMemoryOutlivesARestart() {
        banAndServe(growing);
        fixture.forbid(CLIENT, growing, 5);
        EngineFixture restarted = bans().engine();
        restarted.clock.set(fixture.clock.millis());
        fixture.told.banned.forEach(restarted.engine::restore);

        assertThat(restarted.told.banned).isEmpty();
        assertThat(restarted.verdict(CLIENT, "shop")).isInstanceOf(Verdict.Refuse.class);
        restarted.clock.advance(HOUR.multipliedBy(2));
        assertThat(hoursOf(restarted.forbid(CLIENT, growing, 5))).isEqualTo(4);
    }

    @Test
    void whatIsToldTwiceByAStoreIsRememberedOnce() {
        Ban ban = Objects.requireNonNull(fixture.forbid(CLIENT, growing, 5));
        fixture.engine.restore(ban);
        fixture.clock.advance(HOUR);

        assertThat(fixture.engine.why(ip(CLIENT)).pastBans())
                .containsExactly(new Evidence.PastBan(new OneHost("shop"), "growing", START));
    }

    @Test
    void atMostTwentyBansOfAClientAreRemembered() {
        for (int i = 0; i < 30; i++) {
            banAndServe(jail("forbidden").on("shop"));
        }

        assertThat(fixture.engine.why(ip(CLIENT)).pastBans())
                .hasSize(20)
                .last()
                .extracting(Evidence.PastBan::since)
                .isEqualTo(fixture.clock.millis() - HOUR.toMillis());
    }

    @Test
    void theThirdBanWithinADayIsFollowedByTheRecidivistsBan() {
        banAndServe(recidive);
        banAndServe(recidive);
        Ban third = fixture.forbid(CLIENT, recidive, 5);

        assertThat(third).isNotNull().extracting(Ban::jail).isEqualTo("recidive");
        assertThat(fixture.told.banned)
                .extracting(Ban::jail)
                .containsExactly("forbidden", "forbidden", "forbidden", "recidive");
        assertThat(third.scope()).isEqualTo(AllHosts.ALL_HOSTS);
        assertThat(third.grounds().reason()).isEqualTo("banned 3 times within PT24H");
        assertThat(third.evidence()).hasSize(5);
        assertThat(fixture.verdict(CLIENT, "blog")).isInstanceOf(Verdict.Refuse.class);
    }

    @Test
    void aBanExactlyAsLongAgoAsTheWindowIsNotCounted() {
        fixture.forbid(CLIENT, recidive, 5);
        fixture.clock.advance(Duration.ofHours(2));
        fixture.forbid(CLIENT, recidive, 5);
        fixture.clock.set(START + Duration.ofDays(1).toMillis());

        assertThat(fixture.forbid(CLIENT, recidive, 5)).extracting(Ban::jail).isEqualTo("forbidden");
    }

    @Test
    void bansByHandOnOtherHostsAndByTheRecidivistsJailItselfAreNotCounted() {
        fixture.ban(ip(CLIENT), new OneHost("shop"), Duration.ofMinutes(1), Drop.DROP);
        fixture.clock.advance(HOUR);
        banAndServe(jail("forbidden").on("blog"));
        banAndServe(recidive);

        assertThat(fixture.forbid(CLIENT, recidive, 5)).extracting(Ban::jail).isEqualTo("forbidden");
    }

    @Test
    void recidivistsAreKnownAfterARestart() {
        banAndServe(recidive);
        banAndServe(recidive);
        EngineFixture restarted = bans().engine();
        restarted.clock.set(fixture.clock.millis());
        fixture.told.banned.forEach(restarted.engine::restore);

        assertThat(restarted.engine.bans()).isEmpty();
        assertThat(restarted.forbid(CLIENT, recidive, 5)).extracting(Ban::jail).isEqualTo("recidive");
    }

    private Ban banAndServe(JailSet jails) {
        Ban ban = Objects.requireNonNull(fixture.forbid(CLIENT, jails, 5));
        fixture.clock.set(ban.until());
        return ban;
    }

    private static long hoursOf(@Nullable Ban ban) {
        Ban fallen = Objects.requireNonNull(ban);
        return Duration.ofMillis(fallen.until() - fallen.since()).toHours();
    }
}
