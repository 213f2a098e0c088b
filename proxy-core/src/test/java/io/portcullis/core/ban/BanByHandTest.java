package io.portcullis.core.ban;

import static io.portcullis.core.ban.EngineFixture.START;
import static io.portcullis.core.ban.EngineFixture.cidrs;
import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Verdict.Allow;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.Denylist;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person does to the ban list. */
class BanByHandTest {

    private static final String CLIENT = "192.0.2.1";
    private static final BanScope SHOP = new OneHost("shop");

    private final EngineFixture fixture = new EngineFixture();
    private final BanEngine engine = fixture.engine;
    private final ClientKey key = engine.keyOf(ip(CLIENT));
    private final JailSet shop = jail("forbidden").on("shop");

    @Test
    void aBanByHandIsInForceAndTold() {
        Ban ban = fixture.ban(ip(CLIENT), SHOP, Duration.ofMinutes(1), Drop.DROP);

        assertThat(ban)
                .isEqualTo(new Ban(
                        key,
                        new Sentence(SHOP, "by hand", Drop.DROP, Sentence.Mode.ENFORCED),
                        START,
                        START + 60_000,
                        Ban.Grounds.UNTOLD));
        assertThat(fixture.verdict(CLIENT, "shop")).satisfies(EngineFixture.refusedBy(Drop.DROP, "by hand"));
        assertThat(fixture.told.banned).containsExactly(ban);
    }

    @Test
    void aBanByHandDoesNotShortenTheOneInForce() {
        Ban byJail = fixture.forbid(CLIENT, shop, 5);

        assertThat(fixture.ban(ip(CLIENT), SHOP, Duration.ofMinutes(1), Drop.DROP))
                .isEqualTo(EngineFixture.untold(byJail));
        assertThat(engine.bans()).containsExactly(EngineFixture.untold(byJail));
        assertThat(fixture.told.banned).containsExactly(byJail);
    }

    @Test
    void aLongerBanByHandReplacesTheOneInForce() {
        fixture.forbid(CLIENT, shop, 5);

        Ban byHand = fixture.ban(ip(CLIENT), SHOP, JailConfig.FOREVER, Drop.DROP);

        assertThat(engine.bans()).containsExactly(EngineFixture.untold(byHand));
        assertThat(fixture.told.banned).hasSize(2).last().isEqualTo(byHand);
    }

    @Test
    void aBanThatRanOutIsNoReasonToKeepItInsteadOfANewOne() {
        fixture.forbid(CLIENT, shop, 5);
        fixture.clock.advance(Duration.ofHours(1));

        Ban byHand = fixture.ban(ip(CLIENT), SHOP, Duration.ofSeconds(1), Drop.DROP);

        assertThat(engine.bans()).containsExactly(EngineFixture.untold(byHand));
    }

    @Test
    void theExemptAreNotBannedByHandEither() {
        engine.publish(new Allowlist(CidrSet.EMPTY, CidrSet.EMPTY, cidrs("192.0.2.1")), Denylist.EMPTY);

        assertThat(fixture.ban(ip(CLIENT), AllHosts.ALL_HOSTS, JailConfig.FOREVER, Drop.DROP))
                .isNull();
        assertThat(engine.bans()).isEmpty();
    }

    @Test
    void anUnbanIsImmediateAndTold() {
        Ban ban = EngineFixture.untold(fixture.forbid(CLIENT, shop, 5));

        assertThat(engine.unban(ip(CLIENT), SHOP)).containsExactly(ban);

        assertThat(fixture.verdict(CLIENT, "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdictAtAccept(CLIENT, "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.told.unbanned).containsExactly(ban);
        assertThat(engine.unban(ip(CLIENT), SHOP)).isEmpty();
    }

    /** fail2ban's users know it: unbanned, and banned again by the next offence since the counter had stayed. */
    @Test
    void anUnbanClearsTheCountersOfEveryJailThatCouldBanThere() {
        JailSet two = JailSet.of(
                "shop",
                List.of(
                        jail("five").build(),
                        jail("six").statuses(StatusSet.ANY).maxRetry(6).build()));
        fixture.forbid(CLIENT, two, 5);

        engine.unban(ip(CLIENT), SHOP);

        assertThat(fixture.forbid(CLIENT, two, 4)).isNull();
        assertThat(fixture.forbid(CLIENT, two)).isNotNull();
    }

    @Test
    void anUnbanOnOneHostLeavesTheOthersBansAndCounters() {
        JailSet blog = jail("forbidden").on("blog");
        JailSet wiki = jail("forbidden").on("wiki");
        fixture.forbid(CLIENT, shop, 5);
        fixture.forbid(CLIENT, blog, 5);
        fixture.forbid(CLIENT, wiki, 4);

        engine.unban(ip(CLIENT), SHOP);

        assertThat(fixture.verdict(CLIENT, "blog")).isNotEqualTo(Allow.ALLOW);
        assertThat(fixture.forbid(CLIENT, wiki)).isNotNull();
    }

    @Test
    void anUnbanOfScopeAllClearsTheCountersOfScopeAll() {
        JailSet wide = jail("wide").scope(Scope.ALL).on("shop");
        JailSet wideElsewhere = jail("wide").scope(Scope.ALL).on("blog");
        fixture.forbid(CLIENT, wideElsewhere, 4);
        fixture.forbid(CLIENT, wide, 5);

        assertThat(engine.unban(ip(CLIENT), AllHosts.ALL_HOSTS)).hasSize(1);

        assertThat(fixture.forbid(CLIENT, wideElsewhere, 4)).isNull();
        assertThat(fixture.forbid(CLIENT, wide, 4)).isNull();
    }

    @Test
    void anUnbanOfEverythingTakesBackEveryScope() {
        JailSet wide = jail("wide").scope(Scope.ALL).on("blog");
        fixture.forbid(CLIENT, shop, 5);
        fixture.forbid(CLIENT, wide, 5);
        fixture.forbid(CLIENT, jail("other").on("wiki"), 4);

        assertThat(engine.unban(ip(CLIENT))).hasSize(2);

        assertThat(engine.why(ip(CLIENT)).isEmpty()).isTrue();
        assertThat(fixture.told.unbanned).hasSize(2);
    }

    @Test
    void anUnbanOfWhatRanOutTakesBackNothing() {
        fixture.forbid(CLIENT, shop, 5);
        fixture.clock.advance(Duration.ofHours(1));

        assertThat(engine.unban(ip(CLIENT), SHOP)).isEmpty();
        assertThat(fixture.told.unbanned).isEmpty();
    }
}
