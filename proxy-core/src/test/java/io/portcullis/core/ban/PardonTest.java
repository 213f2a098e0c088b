package io.portcullis.core.ban;

import static io.portcullis.core.ban.BansSettings.bans;
import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Verdict.Allow;
import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Increment;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.net.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a person takes back stays taken back, for a while even from who goes on as before. */
class PardonTest {

    private static final String CLIENT = "192.0.2.1";
    private static final BanScope SHOP = new OneHost("shop");

    private final EngineFixture fixture =
            bans().unbanGrace(Duration.ofMinutes(1)).engine();
    private final BanEngine engine = fixture.engine;
    private final JailSet shop = jail("forbidden").on("shop");
    private final JailSet blog = jail("forbidden").on("blog");

    /** A client that retries by itself would be banned again before anybody could tell it to stop. */
    @Test
    void nothingIsCountedForAWhileAfterAnUnban() {
        fixture.forbid(CLIENT, shop, 5);
        engine.unban(ip(CLIENT));

        assertThat(fixture.forbid(CLIENT, shop, 50)).isNull();
        assertThat(fixture.forbid(CLIENT, blog, 50)).isNull();
        fixture.clock.advance(Duration.ofMillis(59_999));
        assertThat(fixture.forbid(CLIENT, shop, 50)).isNull();
        assertThat(engine.why(ip(CLIENT)).isEmpty()).isTrue();
        fixture.clock.advance(Duration.ofMillis(1));
        assertThat(fixture.forbid(CLIENT, shop, 4)).isNull();
        assertThat(fixture.forbid(CLIENT, shop)).isNotNull();
    }

    /** Otherwise whoever was pardoned would be banned for a week at the next slip. */
    @Test
    void whoeverIsPardonedBeginsAnew() {
        EngineFixture without = bans().engine();
        JailSet longer = jail("forbidden")
                .banTime(Duration.ofSeconds(1))
                .increment(new Increment(1, List.of(1, 10, 100), Duration.ofDays(1), Duration.ZERO))
                .on("shop");
        for (int i = 0; i < 2; i++) {
            without.forbid(CLIENT, longer, 5);
            without.clock.advance(Duration.ofMinutes(1));
        }
        without.forbid(CLIENT, longer, 5);
        without.engine.unban(ip(CLIENT), SHOP);

        Ban next = without.forbid(CLIENT, longer, 5);

        assertThat(next).isNotNull();
        assertThat(next.until() - next.since()).isEqualTo(1_000);
        assertThat(without.engine.why(ip(CLIENT)).pastBans()).isEmpty();
    }

    @Test
    void graceIsForTheScopeThatWasTakenBack() {
        fixture.forbid(CLIENT, shop, 5);
        engine.unban(ip(CLIENT), SHOP);

        assertThat(fixture.forbid(CLIENT, shop, 50)).isNull();
        assertThat(fixture.forbid(CLIENT, jail("wide").scope(Scope.ALL).on("shop"), 5))
                .isNotNull();
        assertThat(fixture.forbid("192.0.2.2", shop, 5)).isNotNull();
    }

    @Test
    void aClockSetBackEndsTheGraceRatherThanToProlongIt() {
        fixture.forbid(CLIENT, shop, 5);
        engine.unban(ip(CLIENT));
        fixture.clock.advance(Duration.ofHours(-5));

        assertThat(fixture.forbid(CLIENT, shop, 5)).isNotNull();
    }

    @Test
    void withoutGraceCountingGoesOnAtOnce() {
        EngineFixture without = bans().engine();
        without.forbid(CLIENT, shop, 5);
        without.engine.unban(ip(CLIENT));

        assertThat(without.forbid(CLIENT, shop, 4)).isNull();
        assertThat(without.forbid(CLIENT, shop)).isNotNull();
    }

    @Test
    void anUnbanOfAnAddressLiftsTheBansOfBlocksThatRefuseIt() {
        Ban own = fixture.forbid(CLIENT, shop, 5);
        Ban block = ban("192.0.2.0/24", SHOP);

        assertThat(engine.unban(ip(CLIENT))).containsExactly(EngineFixture.untold(own), block);

        assertThat(fixture.verdict(CLIENT, "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdict("192.0.2.77", "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.told.unbanned).hasSize(2);
    }

    @Test
    void allAreTakenBackAtOnceOrThoseOfOneScope() {
        fixture.forbid(CLIENT, shop, 5);
        fixture.forbid("192.0.2.2", shop, 5);
        fixture.forbid("192.0.2.2", blog, 5);
        ban("198.51.100.0/24", AllHosts.ALL_HOSTS);

        assertThat(engine.unbanAll(SHOP)).hasSize(2).allMatch(ban -> ban.scope().equals(SHOP));
        assertThat(engine.bans()).hasSize(2);
        assertThat(engine.unbanAll(null)).hasSize(2);
        assertThat(engine.bans()).isEmpty();
        assertThat(fixture.verdict("198.51.100.1", "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.told.unbanned).hasSize(4);
        assertThat(fixture.forbid(CLIENT, shop, 50)).isNull();
        assertThat(engine.unbanAll(null)).isEmpty();
    }

    @Test
    void bansOfJailsOnTrialAreTakenBackToo() {
        fixture.forbid(CLIENT, jail("trial").dryRun().on("shop"), 5);

        assertThat(engine.unban(ip(CLIENT))).singleElement().matches(Ban::isDryRun);
    }

    @Test
    void aClientInsideABannedBlockIsNotCounted() {
        ban("192.0.2.0/24", SHOP);

        assertThat(fixture.forbid(CLIENT, shop, 50)).isNull();
        assertThat(fixture.verdict(CLIENT, "shop")).isInstanceOf(Refuse.class);
    }

    private Ban ban(String block, BanScope scope) {
        Cidr who = Objects.requireNonNull(Cidr.parse(block));
        return Objects.requireNonNull(engine.ban(new BanOrder(who, scope, Duration.ofHours(1), Drop.DROP, "", false)));
    }
}
