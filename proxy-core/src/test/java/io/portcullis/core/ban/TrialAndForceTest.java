package io.portcullis.core.ban;

import static io.portcullis.core.ban.BansSettings.bans;
import static io.portcullis.core.ban.EngineFixture.cidrs;
import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.EngineFixture.refusedBy;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Verdict.Allow;
import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.Denylist;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Jails on trial refuse nobody, a person's insistence everybody; and what an application says is heard. */
class TrialAndForceTest {

    private static final String CLIENT = "192.0.2.1";

    private final EngineFixture fixture = bans().engine();
    private final BanEngine engine = fixture.engine;

    @Test
    void aJailOnTrialTellsOnceABanTimeWhatItWouldHaveDone() {
        JailSet trial = jail("trial").dryRun().on("shop");

        assertThat(fixture.forbid(CLIENT, trial, 50)).isNull();

        assertThat(fixture.told.banned).singleElement().matches(Ban::isDryRun);
        assertThat(fixture.verdict(CLIENT, "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdictAtAccept(CLIENT, "shop")).isEqualTo(Allow.ALLOW);
        assertThat(engine.why(ip(CLIENT)).bans()).hasSize(1);
        fixture.clock.advance(Duration.ofHours(1));
        fixture.forbid(CLIENT, trial, 5);
        assertThat(fixture.told.banned).hasSize(2);
    }

    @Test
    void aJailOnTrialDoesNotHoldBackOneInForce() {
        JailSet both = JailSet.of(
                "shop",
                List.of(
                        jail("trial").maxRetry(2).dryRun().build(),
                        jail("forbidden").build()));

        Ban ban = fixture.forbid(CLIENT, both, 5);

        assertThat(ban).isNotNull().extracting(Ban::jail).isEqualTo("forbidden");
        assertThat(fixture.told.banned).extracting(Ban::jail).containsExactly("trial", "forbidden");
        assertThat(fixture.verdict(CLIENT, "shop")).satisfies(refusedBy(Drop.DROP, "forbidden"));
    }

    @Test
    void theExemptAreRefusedOnlyWhereAPersonInsists() {
        exempt("192.0.2.0/24");
        assertThat(order("192.0.2.1", false)).isNull();

        Ban forced = order("192.0.2.1", true);

        assertThat(forced).isNotNull();
        assertThat(fixture.verdict(CLIENT, "shop")).isInstanceOf(Refuse.class);
        assertThat(fixture.verdictAtAccept(CLIENT, "shop")).isInstanceOf(Refuse.class);
        assertThat(fixture.verdict("192.0.2.2", "shop")).isEqualTo(Allow.ALLOW);
        engine.unban(ip(CLIENT));
        assertThat(fixture.verdict(CLIENT, "shop")).isEqualTo(Allow.ALLOW);
    }

    @Test
    void aForcedBanHoldsEvenBesideALongerOneAndTheDenylist() {
        fixture.ban(ip(CLIENT), AllHosts.ALL_HOSTS, Duration.ofDays(9), Drop.DROP);
        engine.publish(new Allowlist(cidrs(CLIENT), CidrSet.EMPTY, CidrSet.EMPTY), EngineFixture.denylist(CLIENT));
        assertThat(fixture.verdict(CLIENT, "shop")).isEqualTo(Allow.ALLOW);

        order(CLIENT, true);

        assertThat(fixture.verdict(CLIENT, "shop")).isInstanceOf(Refuse.class);
        assertThat(fixture.verdict(CLIENT, "blog")).isEqualTo(Allow.ALLOW);
    }

    /** Its network address alone says nothing: 10.0.0.0 may be a gateway, and the block full of strangers. */
    @Test
    void aBlockWithExemptAddressesMayBeBannedAndTheyStayExempt() {
        exempt("198.51.100.0");

        Ban ban = order("198.51.100.0/24", false);

        assertThat(ban).isNotNull().extracting(made -> made.client().toString()).isEqualTo("198.51.100.0/24");
        assertThat(fixture.verdict("198.51.100.0", "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdict("198.51.100.200", "shop")).isInstanceOf(Refuse.class);
        assertThat(fixture.verdict("198.51.101.0", "shop")).isEqualTo(Allow.ALLOW);
    }

    @Test
    void anIpv6AddressOrAnythingSmallerThanAClientStandsForTheWholeClient() {
        assertThat(Objects.requireNonNull(order("2001:db8::1", false)).client()).hasToString("2001:db8::/64");
        assertThat(Objects.requireNonNull(order("2001:db8:1::/96", false)).client())
                .hasToString("2001:db8:1::/64");
        assertThat(Objects.requireNonNull(order("2001:db9::/32", false)).client())
                .hasToString("2001:db9::/32");
        assertThat(fixture.verdict("2001:db9:ffff::1", "shop")).isInstanceOf(Refuse.class);
    }

    @Test
    void anAnswerWeighsWhatTheApplicationSays() {
        JailSet shop = jail("forbidden").on("shop");

        assertThat(weigh(shop, 0)).isNull();
        assertThat(weigh(shop, 4)).isNull();
        assertThat(engine.why(ip(CLIENT)).counters()).singleElement().matches(counter -> counter.count() == 4);
        assertThat(weigh(shop, 3)).isNotNull();
    }

    @Test
    void anApplicationThatSaysBanIsObeyedByTheJailOfVerdicts() {
        JailSet shop = JailSet.of(
                "shop",
                List.of(
                        jail("forbidden").build(),
                        jail("verdict").on(On.VERDICT).statuses(StatusSet.ANY).build()));

        assertThat(weigh(shop, AnswerWeight.NOW))
                .isNotNull()
                .extracting(Ban::jail)
                .isEqualTo("verdict");
        assertThat(engine.why(ip(CLIENT)).lastOffences()).hasSize(2);
    }

    @Test
    void whatNoApplicationSeesCountsToo() {
        JailSet none = engine.jailsOfNoHost(List.of(jail("noise")
                .on(On.UNKNOWN_HOST, On.TIMEOUT)
                .statuses(StatusSet.ANY)
                .build()));

        for (int i = 0; i < 4; i++) {
            assertThat(violate(none, i % 2 == 0 ? On.UNKNOWN_HOST : On.TIMEOUT)).isNull();
            assertThat(violate(none, On.TLS_FAILURE)).isNull();
        }
        Ban ban = violate(none, On.TIMEOUT);

        assertThat(ban).isNotNull().extracting(Ban::scope).isEqualTo(AllHosts.ALL_HOSTS);
        assertThat(ban.evidence()).extracting(Offence::virtualHost).containsOnly(JailSet.NO_HOST);
    }

    @Test
    void whyTellsTheExemptionTheDenylistAndPastBans() {
        fixture.forbid(CLIENT, jail("forbidden").scope(Scope.ALL).on("shop"), 5);
        fixture.clock.advance(Duration.ofHours(1));
        exempt("192.0.2.0/24");

        Evidence why = engine.why(ip(CLIENT));

        assertThat(why.exemption()).isEqualTo(Optional.of("allowlist"));
        assertThat(why.bans()).isEmpty();
        assertThat(why.lastOffences()).hasSize(5);
        assertThat(why.pastBans())
                .containsExactly(new Evidence.PastBan(AllHosts.ALL_HOSTS, "forbidden", EngineFixture.START));
        engine.publish(new Allowlist(CidrSet.EMPTY, cidrs(CLIENT), CidrSet.EMPTY), EngineFixture.denylist(CLIENT));
        assertThat(engine.why(ip(CLIENT)).exemption()).isEqualTo(Optional.of("trusted proxy"));
        assertThat(engine.why(ip(CLIENT)).denylisted()).isPresent();
        engine.publish(new Allowlist(CidrSet.EMPTY, CidrSet.EMPTY, cidrs(CLIENT)), Denylist.EMPTY);
        assertThat(engine.why(ip(CLIENT)).exemption()).isEqualTo(Optional.of("the host's own address or gateway"));
    }

    @Test
    void whyTellsTheBansOfWiderPrefixes() {
        order("192.0.2.0/24", false);

        assertThat(engine.why(ip(CLIENT)).bans())
                .singleElement()
                .extracting(ban -> ban.client().toString())
                .isEqualTo("192.0.2.0/24");
    }

    private void exempt(String block) {
        engine.publish(new Allowlist(cidrs(block), CidrSet.EMPTY, CidrSet.EMPTY), Denylist.EMPTY);
    }

    private @Nullable Ban order(String who, boolean forced) {
        Cidr block = Objects.requireNonNull(Cidr.parse(who));
        return engine.ban(new BanOrder(block, new OneHost("shop"), Duration.ofHours(1), Drop.DROP, "", forced));
    }

    private @Nullable Ban weigh(JailSet jails, int offences) {
        return engine.observe(new Observation.Answer(
                ClientAddress.direct(ip(CLIENT)), jails, Request.get("/"), 403, new AnswerWeight(offences)));
    }

    private @Nullable Ban violate(JailSet jails, On kind) {
        return engine.observe(new Observation.Violation(
                ClientAddress.direct(ip(CLIENT)), jails, new Request("-", "-", "-"), 0, kind));
    }
}
