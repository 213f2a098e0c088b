package io.portcullis.core.ban;

import static io.portcullis.core.ban.EngineFixture.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Sentence.Mode;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the ban list holds, and for how long. */
class BanListTest {

    private static final long NOW = 1_800_000_000_000L;
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(NOW));

    private static final InstantSource NOT_TO_BE_READ = () -> {
        throw new AssertionError("the clock was read");
    };

    private final BanList list = new BanList(100, 7);

    /** Reading it costs more than the lookup. */
    @Test
    void theClockIsNotReadForAVisitor() {
        list.put(ban("192.0.2.1", NOW + 1), NOW);
        list.put(ban("2001:db8::", 56, NOW + 1), NOW);

        assertThat(list.refusal(key("192.0.2.2"), "shop", NOT_TO_BE_READ)).isNull();
        assertThat(list.refusalOfEvery(key("192.0.2.2"), Set.of("shop"), NOT_TO_BE_READ))
                .isNull();
        assertThat(list.refusal(new ClientKey(ip("2001:db8:1::"), 64), "shop", NOT_TO_BE_READ))
                .isNull();
    }

    @Test
    void aBanOfAWiderPrefixRefusesAllInsideAndNobodyBeside() {
        list.put(ban("2001:db8:0:100::", 56, NOW + 1), NOW);
        list.put(ban("10.1.0.0", 112, NOW + 1), NOW);

        assertThat(isRefused(new ClientKey(ip("2001:db8:0:1ff::"), 64))).isTrue();
        assertThat(isRefused(new ClientKey(ip("2001:db8:0:200::"), 64))).isFalse();
        assertThat(isRefused(key("10.1.255.255"))).isTrue();
        assertThat(isRefused(key("10.2.0.0"))).isFalse();
        assertThat(isRefused(new ClientKey(ip("2001:db8::"), 48)))
                .as("is not inside, it is around")
                .isFalse();
    }

    /** IPv4 lies inside IPv6, in an allowlist and so in a ban. */
    @Test
    void aBanOfEverybodyRefusesIpv4AsWell() {
        list.put(ban("::", 0, NOW + 1), NOW);

        assertThat(isRefused(key("192.0.2.1"))).isTrue();
        assertThat(isRefused(new ClientKey(ip("2001:db8::"), 64))).isTrue();
    }

    /** Nobody is let in because the same jail was on trial, or the other way round. */
    @Test
    void aBanOnTrialIsHeldBesideARealOne() {
        Ban trial = new Ban(key("192.0.2.1"), sentence(Mode.DRY_RUN), NOW, Ban.FOREVER, Ban.Grounds.UNTOLD);
        assertThat(list.put(trial, NOW)).isTrue();
        assertThat(isRefused(key("192.0.2.1"))).isFalse();
        assertThat(list.covers(key("192.0.2.1"), AllHosts.ALL_HOSTS, true, NOW)).isTrue();

        assertThat(list.put(ban("192.0.2.1", NOW + 1), NOW)).isTrue();
        assertThat(isRefused(key("192.0.2.1"))).isTrue();
        assertThat(list.inForce(key("192.0.2.1"), NOW)).hasSize(2);
    }

    /** A person insists on it; an older ban, from which the client is exempt, is no reason to leave it out. */
    @Test
    void aForcedBanIsHeldBesideALongerOneAndIsTheOneObeyed() {
        list.put(ban("192.0.2.1", Ban.FOREVER), NOW);
        Ban forced = new Ban(key("192.0.2.1"), sentence(Mode.FORCED), NOW, NOW + 1, Ban.Grounds.UNTOLD);

        assertThat(list.put(forced, NOW)).isTrue();
        assertThat(list.refusal(key("192.0.2.1"), "shop", CLOCK)).isEqualTo(new Verdict.Refuse(sentence(Mode.FORCED)));
    }

    @Test
    void aBanThatIsOverAlreadyIsNotPutIn() {
        assertThat(list.put(ban("192.0.2.1", NOW), NOW)).isFalse();
        assertThat(list.size()).isZero();
    }

    @Test
    void expiredBansMakeRoomBeforeAnyInForce() {
        for (int i = 0; i < 50; i++) {
            list.put(ban("10.0.0." + i, NOW + 1), NOW);
            list.put(ban("10.0.1." + i, NOW + 1_000), NOW);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(list.put(ban("10.0.2." + i, NOW + 10), NOW + 1)).isTrue();
        }

        assertThat(list.givenUp()).isZero();
        assertThat(list.size()).isEqualTo(100);
        assertThat(list.expire(NOW + 1)).isZero();
    }

    /** Memory has a bound, however many attackers there are; the bans that a person made for ever are not what goes. */
    @Test
    void beyondTheBoundTheBansThatEndSoonAreGivenUp() {
        for (int i = 0; i < 20; i++) {
            list.put(ban("10.0.0." + i, Ban.FOREVER), NOW);
        }
        for (int i = 0; i < 100_000; i++) {
            ClientKey client = new ClientKey(IpAddress.ofIpv4(0x1400_0000 + i), 128);
            assertThat(list.put(new Ban(client, sentence(Mode.ENFORCED), NOW, NOW + 1 + i, Ban.Grounds.UNTOLD), NOW))
                    .isTrue();
        }

        assertThat(list.size()).isEqualTo(100);
        assertThat(list.givenUp()).isEqualTo(100_020 - 100);
        for (int i = 0; i < 20; i++) {
            assertThat(isRefused(key("10.0.0." + i))).isTrue();
        }
        List<Ban> left = new ArrayList<>();
        list.forEach(NOW, left::add);
        assertThat(left).hasSize(100).allMatch(ban -> ban.until() > NOW + 50_000);
    }

    @Test
    void aListWithoutRoomForOneIsAMistake() {
        assertThatThrownBy(() -> new BanList(0, 1)).hasMessageContaining("0 (expected: at least 1)");
    }

    /** Who has been banned by many hosts has as many bans, and each is found and can be taken back. */
    @Test
    void aClientMayHaveManyBans() {
        for (int i = 0; i < 90; i++) {
            Sentence sentence = new Sentence(new OneHost("host" + i), "jail", Drop.DROP, Mode.ENFORCED);
            list.put(new Ban(key("192.0.2.1"), sentence, NOW, NOW + 1 + i, Ban.Grounds.UNTOLD), NOW);
        }
        assertThat(list.remove(key("192.0.2.1"), ban -> ban.scope().covers("host7"), NOW))
                .hasSize(1);

        for (int i = 0; i < 90; i++) {
            assertThat(list.endOfRefusal(key("192.0.2.1"), "host" + i, NOW)).isEqualTo(i == 7 ? 0 : NOW + 1 + i);
        }
        assertThat(list.expire(NOW + 45)).isEqualTo(44);
        assertThat(list.inForce(key("192.0.2.1"), NOW + 45)).hasSize(45);
    }

    private boolean isRefused(ClientKey client) {
        return list.refusal(client, "shop", CLOCK) != null;
    }

    private static Ban ban(String address, long until) {
        return ban(address, 128, until);
    }

    private static Ban ban(String network, int length, long until) {
        return new Ban(new ClientKey(ip(network), length), sentence(Mode.ENFORCED), NOW, until, Ban.Grounds.UNTOLD);
    }

    private static Sentence sentence(Mode mode) {
        return new Sentence(AllHosts.ALL_HOSTS, "jail", Drop.DROP, mode);
    }

    private static ClientKey key(String address) {
        return new ClientKey(ip(address), 128);
    }
}
