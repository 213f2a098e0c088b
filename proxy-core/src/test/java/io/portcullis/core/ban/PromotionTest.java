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
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.net.Denylist;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who spreads his attack over the virtual hosts is banned for all of them. */
class PromotionTest {

    private static final String CLIENT = "192.0.2.1";

    private final EngineFixture fixture = bans().promoteAfter(3).engine();

    @Test
    void theThirdVirtualHostThatBansBansForAll() {
        ban("shop", Duration.ofHours(9));
        ban("blog", Duration.ofHours(1));
        assertThat(fixture.verdict(CLIENT, "wiki")).isEqualTo(Allow.ALLOW);

        Ban promoted =
                fixture.forbid(CLIENT, jail("forbidden").action(new Reject(403)).on("wiki"), 5);

        assertThat(promoted).isNotNull();
        assertThat(promoted.scope()).isEqualTo(AllHosts.ALL_HOSTS);
        assertThat(promoted.jail()).isEqualTo("promoted");
        assertThat(promoted.action()).isEqualTo(new Reject(403));
        assertThat(promoted.until())
                .isEqualTo(promoted.since() + Duration.ofHours(9).toMillis());
        assertThat(promoted.grounds().reason()).isEqualTo("banned on 3 hosts: blog, shop, wiki");
        assertThat(promoted.evidence())
                .hasSize(5)
                .extracting(Offence::virtualHost)
                .containsOnly("wiki");
        assertThat(fixture.told.banned)
                .extracting(Ban::jail)
                .containsExactly("forbidden", "forbidden", "forbidden", "promoted");
        assertThat(fixture.verdict(CLIENT, "never seen")).isInstanceOf(Refuse.class);
    }

    @Test
    void aBanThatIsOverOrTakenBackOrMadeByHandDoesNotCount() {
        ban("shop", Duration.ofSeconds(1));
        fixture.clock.advance(Duration.ofSeconds(1));
        ban("blog", Duration.ofHours(1));
        fixture.engine.unban(ip(CLIENT), new OneHost("blog"));
        fixture.ban(ip(CLIENT), new OneHost("news"), Duration.ofHours(1), Drop.DROP);
        ban("wiki", Duration.ofHours(1));

        assertThat(ban("mail", Duration.ofHours(1)).jail()).isEqualTo("forbidden");
    }

    @Test
    void bansOfJailsOnTrialNeitherCountNorPromote() {
        ban("shop", Duration.ofHours(1));
        ban("blog", Duration.ofHours(1));
        assertThat(fixture.forbid(CLIENT, jail("trial").dryRun().on("wiki"), 5)).isNull();

        assertThat(fixture.told.banned).hasSize(3).last().matches(Ban::isDryRun);
        assertThat(fixture.verdict(CLIENT, "mail")).isEqualTo(Allow.ALLOW);
    }

    @Test
    void bansFromBeforeARestartCount() {
        ban("shop", Duration.ofHours(1));
        ban("blog", Duration.ofHours(1));
        EngineFixture restarted = bans().promoteAfter(3).engine();
        fixture.told.banned.forEach(restarted.engine::restore);

        assertThat(restarted.forbid(CLIENT, jail("forbidden").on("wiki"), 5))
                .extracting(Ban::jail)
                .isEqualTo("promoted");
    }

    @Test
    void zeroSwitchesItOffAndAReloadOnAgain() {
        EngineFixture off = bans().engine();
        for (String host : new String[] {"a", "b", "c", "d"}) {
            off.forbid(CLIENT, jail("forbidden").on(host), 5);
        }
        assertThat(off.told.banned).hasSize(4);

        off.engine.publish(
                Allowlist.NOBODY, Denylist.EMPTY, bans().promoteAfter(5).build());
        assertThat(off.forbid(CLIENT, jail("forbidden").on("e"), 5))
                .extracting(Ban::jail)
                .isEqualTo("promoted");
    }

    private Ban ban(String host, Duration banTime) {
        Ban ban = fixture.forbid(CLIENT, jail("forbidden").banTime(banTime).on(host), 5);
        assertThat(ban).isNotNull();
        return ban;
    }
}
