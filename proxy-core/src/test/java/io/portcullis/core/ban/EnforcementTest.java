package io.portcullis.core.ban;

import static io.portcullis.core.ban.EngineFixture.cidrs;
import static io.portcullis.core.ban.EngineFixture.denylist;
import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.EngineFixture.refusedBy;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Verdict.Allow;
import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Scope;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.Denylist;
import io.portcullis.core.net.IpAddress;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is refused at which tier, and who never is. */
class EnforcementTest {

    private static final String CLIENT = "192.0.2.1";
    private static final String PROXY = "10.0.0.1";
    private static final Action REJECT = new Reject(403);

    private final EngineFixture fixture = new EngineFixture();
    private final BanEngine engine = fixture.engine;
    private final JailSet shop = jail("forbidden").on("shop");

    @Test
    void acceptRefusesWhomScopeAllDrops() {
        fixture.forbid(CLIENT, jail("wide").scope(Scope.ALL).on("shop"), 5);

        assertThat(fixture.verdictAtAccept(CLIENT, "shop", "blog"))
                .satisfies(EngineFixture.refusedBy(Drop.DROP, "wide"));
        assertThat(fixture.verdictAtAccept("192.0.2.2", "shop", "blog")).isEqualTo(Allow.ALLOW);
    }

    @Test
    void acceptRefusesOnceEveryHostOfTheListenerHasBanned() {
        ban("shop", Duration.ofHours(2), Drop.DROP);
        assertThat(fixture.verdictAtAccept(CLIENT, "shop")).isNotEqualTo(Allow.ALLOW);
        assertThat(fixture.verdictAtAccept(CLIENT, "shop", "blog")).isEqualTo(Allow.ALLOW);

        ban("blog", Duration.ofHours(1), Drop.DROP);
        assertThat(fixture.verdictAtAccept(CLIENT, "shop", "blog"))
                .satisfies(EngineFixture.refusedBy(Drop.DROP, "by hand"));
        assertThat(fixture.verdictAtAccept(CLIENT, "shop", "blog", "wiki")).isEqualTo(Allow.ALLOW);

        fixture.clock.advance(Duration.ofHours(1));
        assertThat(fixture.verdictAtAccept(CLIENT, "shop", "blog")).isEqualTo(Allow.ALLOW);
    }

    /** Many bans elsewhere say nothing about this listener. */
    @Test
    void acceptCountsOnlyBansOnItsOwnHosts() {
        ban("a", Duration.ofHours(1), Drop.DROP);
        ban("b", Duration.ofHours(1), Drop.DROP);
        ban("c", Duration.ofHours(1), Drop.DROP);

        assertThat(fixture.verdictAtAccept(CLIENT, "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdictAtAccept(CLIENT, "a", "shop")).isEqualTo(Allow.ALLOW);
    }

    /** The answer that the jail promises can only be given to a request. */
    @Test
    void acceptLetsThroughWhomAHostAnswers() {
        ban("shop", Duration.ofHours(1), REJECT);
        assertThat(fixture.verdictAtAccept(CLIENT, "shop")).isEqualTo(Allow.ALLOW);

        fixture.ban(ip("192.0.2.9"), AllHosts.ALL_HOSTS, Duration.ofHours(1), REJECT);
        assertThat(fixture.verdictAtAccept("192.0.2.9", "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdict("192.0.2.9", "shop")).isInstanceOf(Refuse.class);
    }

    @Test
    void aListenerWithoutHostsRefusesOnlyWhomAllHostsRefuse() {
        ban("shop", Duration.ofHours(1), Drop.DROP);
        assertThat(fixture.verdictAtAccept(CLIENT)).isEqualTo(Allow.ALLOW);

        fixture.ban(ip(CLIENT), AllHosts.ALL_HOSTS, Duration.ofHours(1), Drop.DROP);
        assertThat(fixture.verdictAtAccept(CLIENT)).isInstanceOf(Refuse.class);
    }

    @Test
    void whereTwoBansCoverAHostTheOneThatDropsGoesFirst() {
        ban("shop", Duration.ofHours(1), Drop.DROP);
        fixture.ban(ip(CLIENT), AllHosts.ALL_HOSTS, Duration.ofHours(9), REJECT);

        assertThat(((Refuse) fixture.verdict(CLIENT, "shop")).sentence().action())
                .isEqualTo(Drop.DROP);
        assertThat(((Refuse) fixture.verdict(CLIENT, "blog")).sentence().action())
                .isEqualTo(REJECT);
        assertThat(fixture.verdictAtAccept(CLIENT, "shop")).isInstanceOf(Refuse.class);
        fixture.clock.advance(Duration.ofHours(1));
        assertThat(((Refuse) fixture.verdict(CLIENT, "shop")).sentence().action())
                .isEqualTo(REJECT);
    }

    /** Otherwise a client would be reset at accept whom a host would have answered, or the other way round. */
    @Test
    void acceptRefusesExactlyThoseWhomEveryHostDrops() {
        Random random = new Random(7);
        String[] hosts = {"a", "b", "c"};
        for (int round = 0; round < 2_000; round++) {
            String client = "198.51." + round / 256 + "." + round % 256;
            for (int bans = random.nextInt(5); bans > 0; bans--) {
                int host = random.nextInt(4);
                BanScope scope = host == 3 ? AllHosts.ALL_HOSTS : new OneHost(hosts[host]);
                Duration banTime = Duration.ofMinutes(1 + random.nextInt(3));
                fixture.ban(ip(client), scope, banTime, random.nextBoolean() ? Drop.DROP : REJECT);
            }
            fixture.clock.advance(Duration.ofSeconds(random.nextInt(100)));
            boolean everyHostDrops = true;
            for (String host : hosts) {
                everyHostDrops &= fixture.verdict(client, host) instanceof Refuse refuse
                        && refuse.sentence().action() == Drop.DROP;
            }
            assertThat(fixture.verdictAtAccept(client, hosts) instanceof Refuse)
                    .as("round %d: %s", round, engine.why(ip(client)))
                    .isEqualTo(everyHostDrops);
        }
    }

    @Test
    void aTrustedProxyIsNeverRefusedWhateverComesThroughIt() {
        engine.publish(new Allowlist(CidrSet.EMPTY, cidrs("10.0.0.0/8"), CidrSet.EMPTY), Denylist.EMPTY);
        ClientAddress attacker = new ClientAddress(ip(CLIENT), ip(PROXY), true);
        ClientAddress visitor = new ClientAddress(ip("192.0.2.2"), ip(PROXY), true);
        for (int i = 0; i < 5; i++) {
            engine.observe(new Observation.Answer(attacker, shop, Request.get("/"), 403, AnswerWeight.UNSAID));
        }

        assertThat(engine.verdict(attacker, engine.keyOf(attacker.client()), "shop"))
                .isInstanceOf(Refuse.class);
        assertThat(engine.verdict(visitor, engine.keyOf(visitor.client()), "shop"))
                .isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdictAtAccept(PROXY, "shop")).isEqualTo(Allow.ALLOW);
    }

    /** A proxy that hides who is behind it (no header, or a health check of its own) would lock everybody out. */
    @Test
    void theExemptAreNeverCounted() {
        engine.publish(new Allowlist(cidrs("192.0.2.0/24"), cidrs(PROXY), cidrs("172.17.0.1")), Denylist.EMPTY);

        for (String exempt : new String[] {CLIENT, PROXY, "172.17.0.1", "::ffff:192.0.2.7"}) {
            assertThat(fixture.forbid(exempt, shop, 20)).isNull();
            assertThat(engine.why(ip(exempt)).isEmpty()).isTrue();
            assertThat(fixture.verdict(exempt, "shop")).isEqualTo(Allow.ALLOW);
        }
        assertThat(fixture.told.banned).isEmpty();
    }

    /** The operator's own machine may share a /64 with an offender. */
    @Test
    void theAllowlistWinsOverABanOfItsPrefix() {
        engine.publish(new Allowlist(cidrs("2001:db8::1"), CidrSet.EMPTY, CidrSet.EMPTY), Denylist.EMPTY);
        fixture.forbid("2001:db8::2", jail("wide").scope(Scope.ALL).on("shop"), 5);

        assertThat(fixture.verdict("2001:db8::2", "shop")).isInstanceOf(Refuse.class);
        assertThat(fixture.verdict("2001:db8::1", "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdictAtAccept("2001:db8::1", "shop")).isEqualTo(Allow.ALLOW);
    }

    @Test
    void theDenylistedAreDroppedAtBothTiers() {
        engine.publish(Allowlist.NOBODY, denylist("198.51.100.0/24"));

        assertThat(fixture.verdictAtAccept("198.51.100.7", "shop")).satisfies(refusedBy(Drop.DROP, "denylist"));
        assertThat(fixture.verdict("198.51.100.7", "shop")).satisfies(refusedBy(Drop.DROP, "denylist"));
        assertThat(fixture.verdict("198.51.101.7", "shop")).isEqualTo(Allow.ALLOW);
    }

    @Test
    void aDenylistedClientBehindATrustedProxyIsDroppedAtTheRequest() {
        engine.publish(new Allowlist(CidrSet.EMPTY, cidrs(PROXY), CidrSet.EMPTY), denylist("198.51.100.0/24", PROXY));
        IpAddress denied = ip("198.51.100.7");

        assertThat(fixture.verdictAtAccept(PROXY, "shop")).isEqualTo(Allow.ALLOW);
        assertThat(engine.verdict(new ClientAddress(denied, ip(PROXY), true), engine.keyOf(denied), "shop"))
                .isInstanceOf(Refuse.class);
    }

    @Test
    void theAllowlistWinsOverTheDenylist() {
        engine.publish(new Allowlist(cidrs("198.51.100.7"), CidrSet.EMPTY, CidrSet.EMPTY), denylist("198.51.100.0/24"));

        assertThat(fixture.verdict("198.51.100.7", "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdictAtAccept("198.51.100.7", "shop")).isEqualTo(Allow.ALLOW);
        assertThat(fixture.verdict("198.51.100.8", "shop")).isInstanceOf(Refuse.class);
    }

    @Test
    void newListsAreObeyedAtOnce() {
        engine.publish(Allowlist.NOBODY, denylist(CLIENT));
        assertThat(fixture.verdict(CLIENT, "shop")).isInstanceOf(Refuse.class);
        engine.publish(Allowlist.NOBODY, Denylist.EMPTY);
        assertThat(fixture.verdict(CLIENT, "shop")).isEqualTo(Allow.ALLOW);
    }

    @Test
    void refusalsOfOneBanAreOneObject() {
        fixture.forbid(CLIENT, shop, 5);
        IpAddress address = ip(CLIENT);

        assertThat(engine.verdictAtAccept(address, engine.keyOf(address), Set.of("shop")))
                .isSameAs(fixture.verdict(CLIENT, "shop"));
    }

    private void ban(String virtualHost, Duration banTime, Action action) {
        fixture.ban(ip(CLIENT), new OneHost(virtualHost), banTime, action);
    }
}
