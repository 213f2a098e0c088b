package io.portcullis.core.ban;

import static io.portcullis.core.ban.BansSettings.bans;
import static io.portcullis.core.ban.EngineFixture.cidrs;
import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Verdict.Allow;
import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.Denylist;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who is given a whole IPv6 network offends from one /64 of it after the other. */
class WideningTest {

    private final EngineFixture fixture = bans().widenAfter(4).engine();
    private final BanEngine engine = fixture.engine;
    private final JailSet shop = jail("forbidden").maxRetry(1).on("shop");

    @Test
    void theFourthBannedPrefixInsideA56BansAllOfIt() {
        banPrefixes(0, 3);
        assertThat(fixture.verdict("2001:db8:0:ff::1", "shop")).isEqualTo(Allow.ALLOW);

        Ban fourth = fixture.forbid("2001:db8:0:3::1", shop);

        assertThat(fourth)
                .isNotNull()
                .extracting(ban -> ban.client().toString())
                .isEqualTo("2001:db8:0:3::/64");
        assertThat(fixture.verdict("2001:db8:0:ff::1", "shop")).isInstanceOf(Refuse.class);
        assertThat(fixture.verdict("2001:db8:0:100::1", "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdict("2001:db8:0:ff::1", "blog")).isEqualTo(Allow.ALLOW);
        Ban widened = fixture.told.banned.get(4);
        assertThat(widened.client()).hasToString("2001:db8::/56");
        assertThat(widened.jail()).isEqualTo("widened");
        assertThat(widened.grounds().reason()).isEqualTo("4 prefixes inside are banned");
        assertThat(widened.until()).isEqualTo(fourth.until());
    }

    @Test
    void itLastsAsLongAsTheLongestOfThem() {
        Ban longest = fixture.forbid(
                "2001:db8:0:9::1",
                jail("forbidden").maxRetry(1).banTime(Duration.ofDays(3)).on("shop"));
        banPrefixes(0, 3);

        assertThat(longest).isNotNull();
        assertThat(last().until()).isEqualTo(longest.until());
    }

    @Test
    void theFourthBanned56InsideA48BansAllOfThat() {
        for (int net = 0; net < 4; net++) {
            banPrefixes(net * 0x100, 4);
        }

        assertThat(last().client()).hasToString("2001:db8::/48");
        assertThat(fixture.verdict("2001:db8:0:ffff::1", "shop")).isInstanceOf(Refuse.class);
        assertThat(fixture.verdict("2001:db8:1::1", "shop")).isEqualTo(Allow.ALLOW);
    }

    @Test
    void prefixesWhoseBanIsOverOrTakenBackAndOtherScopesAreNotCounted() {
        fixture.forbid(
                "2001:db8:0:a::1",
                jail("brief").maxRetry(1).banTime(Duration.ofSeconds(1)).on("shop"));
        fixture.clock.advance(Duration.ofSeconds(1));
        fixture.forbid("2001:db8:0:b::1", jail("forbidden").maxRetry(1).on("blog"));
        fixture.forbid("2001:db8:0:c::1", shop);
        engine.unban(ip("2001:db8:0:c::1"));
        engine.ban(order("2001:db8:0:d::1"));

        banPrefixes(0, 3);

        assertThat(fixture.verdict("2001:db8:0:ff::1", "shop")).isEqualTo(Allow.ALLOW);
    }

    @Test
    void jailsOnTrialAndIpv4DoNotWiden() {
        JailSet trial = jail("forbidden").maxRetry(1).dryRun().on("shop");
        for (int i = 0; i < 10; i++) {
            fixture.forbid("2001:db8:0:" + i + "::1", trial);
            fixture.forbid("192.0.2." + i, shop);
        }

        assertThat(fixture.told.banned).hasSize(20).extracting(Ban::jail).containsOnly("forbidden");
    }

    @Test
    void zeroSwitchesItOff() {
        EngineFixture off = bans().widenAfter(0).engine();
        for (int i = 0; i < 10; i++) {
            off.forbid("2001:db8:0:" + i + "::1", shop);
        }

        assertThat(off.told.banned).hasSize(10);
    }

    @Test
    void whereClientsAreAlreadyToldApartBy56OnlyThe48IsLeft() {
        EngineFixture wide = bans().widenAfter(4).ipv6Prefix(56).engine();
        for (int i = 0; i < 4; i++) {
            wide.forbid("2001:db8:0:" + i + "00::1", shop);
        }

        assertThat(wide.told.banned.get(4).client()).hasToString("2001:db8::/48");
    }

    @Test
    void theExemptInsideStayExempt() {
        engine.publish(new Allowlist(cidrs("2001:db8:0:77::7"), CidrSet.EMPTY, CidrSet.EMPTY), Denylist.EMPTY);
        banPrefixes(0, 4);

        assertThat(fixture.verdict("2001:db8:0:77::7", "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdict("2001:db8:0:77::8", "shop")).isInstanceOf(Refuse.class);
    }

    @Test
    void anUnbanOfAnAddressLiftsTheWiderBanThatRefusesIt() {
        banPrefixes(0, 4);

        assertThat(engine.unban(ip("2001:db8:0:ff::1"), new OneHost("shop")))
                .singleElement()
                .extracting(ban -> ban.client().toString())
                .isEqualTo("2001:db8::/56");
        assertThat(fixture.verdict("2001:db8:0:ff::1", "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdict("2001:db8:0:1::1", "shop")).isInstanceOf(Refuse.class);
    }

    @Test
    void prefixesBannedBeforeARestartAreCounted() {
        banPrefixes(0, 3);
        EngineFixture restarted = bans().widenAfter(4).engine();
        fixture.told.banned.forEach(restarted.engine::restore);
        assertThat(restarted.told.banned).isEmpty();

        restarted.forbid("2001:db8:0:77::1", shop);

        assertThat(restarted.told.banned.get(1).client()).hasToString("2001:db8::/56");
    }

    private void banPrefixes(int first, int count) {
        for (int i = first; i < first + count; i++) {
            assertThat(fixture.forbid("2001:db8:0:" + Integer.toHexString(i) + "::1", shop))
                    .isNotNull();
        }
    }

    private Ban last() {
        return fixture.told.banned.get(fixture.told.banned.size() - 1);
    }

    private static BanOrder order(String address) {
        return new BanOrder(new Cidr(ip(address), 128), new OneHost("shop"), Duration.ofHours(1), Drop.DROP, "", false);
    }
}
