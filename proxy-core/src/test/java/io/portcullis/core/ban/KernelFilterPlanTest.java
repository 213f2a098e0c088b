package io.portcullis.core.ban;

import static io.portcullis.core.ban.EngineFixture.cidrs;
import static io.portcullis.core.ban.EngineFixture.denylist;
import static io.portcullis.core.ban.EngineFixture.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Tarpit;
import io.portcullis.core.net.BpfMachine;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.Denylist;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.PacketFilter;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who is refused by the kernel is refused without a trace: whoever is in there too long is locked out, and nobody can
 * tell why.
 */
class KernelFilterPlanTest {

    private static final String LOUD = "192.0.2.1";
    private static final Duration AHEAD = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int PLENTY = 1 << 20;

    private final EngineFixture fixture = new EngineFixture();
    private final BanEngine engine = fixture.engine;
    private Set<String> hosts = Set.of("shop", "blog");
    private KernelFilterPlan plan = plan(PLENTY);
    private BpfMachine kernel = BpfMachine.of(PacketFilter.dropping(Set.of()));

    private KernelFilterPlan plan(int mostBytes) {
        return new KernelFilterPlan(engine.refusedBlocks(AHEAD), () -> fixture.clock.millis() * 1_000_000, mostBytes);
    }

    private void ban(String who, BanScope scope, Duration time, Action action, boolean forced) {
        Cidr block = Objects.requireNonNull(Cidr.parse(who));
        assertThat(engine.ban(new BanOrder(block, scope, time, action, "", forced)))
                .isNotNull();
    }

    private void ban(String who, Duration time) {
        ban(who, AllHosts.ALL_HOSTS, time, Drop.DROP, false);
    }

    private void ban(String who) {
        ban(who, HOUR);
    }

    private void knock(String peer, int times) {
        for (int i = 0; i < times; i++) {
            plan.knocked(ip(peer), hosts);
        }
    }

    /** Goes through the loop's round: what the plan says is in the kernel. */
    private Optional<PacketFilter> review() {
        Optional<PacketFilter> program = plan.review(hosts);
        program.ifPresent(set -> kernel = BpfMachine.of(set));
        return program;
    }

    private void pass(Duration time) {
        for (long millis = 0; millis < time.toMillis(); millis += TICK.toMillis()) {
            fixture.clock.advance(TICK);
            review();
        }
    }

    private boolean refuses(String peer) {
        return kernel.drops(ip(peer));
    }

    /** Knocks as long as it is heard, as an attacker does; says how long the kernel kept it out then. */
    private Duration stayOf(String peer) {
        knock(peer, 10);
        pass(TICK);
        assertThat(refuses(peer)).isTrue();
        Duration stay = Duration.ZERO;
        while (refuses(peer)) {
            pass(TICK);
            stay = stay.plus(TICK);
        }
        return stay;
    }

    @Test
    void whoeverIsBannedAndKnocksTenTimesASecondIsRefusedByTheKernel() {
        ban(LOUD);
        knock(LOUD, 9);
        pass(TICK);
        assertThat(refuses(LOUD)).isFalse();

        knock(LOUD, 1);
        pass(TICK);

        assertThat(refuses(LOUD)).isTrue();
        assertThat(refuses("192.0.2.2")).isFalse();
        assertThat(plan.size()).isEqualTo(1);
        assertThat(review()).as("nothing has changed").isEmpty();
    }

    @Test
    void whoeverKnocksSeldomIsLeftToTheAcceptTier() {
        ban(LOUD);
        for (int i = 0; i < 30; i++) {
            knock(LOUD, 5);
            pass(Duration.ofSeconds(1));
        }
        assertThat(refuses(LOUD)).isFalse();
    }

    @Test
    void whoeverHasFallenSilentIsOutAfterTenSeconds() {
        ban(LOUD);

        assertThat(stayOf(LOUD)).isEqualTo(Duration.ofSeconds(10));
        assertThat(plan.size()).isZero();
    }

    @Test
    void whoeverIsBackAtOnceStaysTwiceAsLong() {
        ban(LOUD);
        for (int seconds = 10; seconds < 600; seconds *= 2) {
            assertThat(stayOf(LOUD)).isEqualTo(Duration.ofSeconds(seconds));
        }
        ban(LOUD, HOUR.multipliedBy(2));
        assertThat(stayOf(LOUD)).isEqualTo(Duration.ofMinutes(10));
        assertThat(stayOf(LOUD)).isEqualTo(Duration.ofMinutes(10));

        pass(Duration.ofSeconds(11));
        assertThat(stayOf(LOUD)).as("who was gone begins anew").isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aBanThatRunsOutIsNeverHidden() {
        ban(LOUD, Duration.ofSeconds(5));
        knock(LOUD, 100);
        pass(TICK);
        assertThat(refuses(LOUD)).isTrue();

        fixture.clock.set(EngineFixture.START + 4_000);
        review();

        assertThat(refuses(LOUD))
                .as("out a second before the end, for who looks late")
                .isFalse();
    }

    @Test
    void aBanOfLessThanASecondIsLeftToTheAcceptTier() {
        ban(LOUD, Duration.ofMillis(900));
        knock(LOUD, 100);
        review();
        assertThat(refuses(LOUD)).isFalse();
    }

    @Test
    void whoeverIsUnbannedIsLetInByTheNextReview() {
        ban(LOUD);
        knock(LOUD, 10);
        review();

        engine.unban(ip(LOUD));
        review();

        assertThat(refuses(LOUD)).isFalse();
        assertThat(stayOfANewBan()).as("a new ban owes nothing to the old one").isEqualTo(Duration.ofSeconds(10));
    }

    private Duration stayOfANewBan() {
        ban(LOUD);
        return stayOf(LOUD);
    }

    @Test
    void oneHostAmongSeveralRefusesNobodyBeforeItIsNamed() {
        ban(LOUD, new OneHost("shop"), HOUR, Drop.DROP, false);
        knock(LOUD, 10);
        review();
        assertThat(refuses(LOUD)).isFalse();

        hosts = Set.of("shop");
        knock(LOUD, 10);
        review();
        assertThat(refuses(LOUD)).isTrue();

        hosts = Set.of("shop", "blog");
        review();
        assertThat(refuses(LOUD))
                .as("a reload has given the listener a second host")
                .isFalse();
    }

    @Test
    void everyHostOneByOneIsTheWholeListener() {
        ban(LOUD, new OneHost("shop"), HOUR, Drop.DROP, false);
        ban(LOUD, new OneHost("blog"), Duration.ofSeconds(8), Drop.DROP, false);
        knock(LOUD, 10);
        review();
        assertThat(refuses(LOUD)).isTrue();

        pass(Duration.ofSeconds(7));
        assertThat(refuses(LOUD)).as("the blog's ban is about to end").isFalse();
    }

    @Test
    void whoeverGetsAnAnswerOrATarpitIsNotRefusedByTheKernel() {
        ban(LOUD, AllHosts.ALL_HOSTS, HOUR, Tarpit.TARPIT, false);
        ban("192.0.2.2", AllHosts.ALL_HOSTS, HOUR, new Reject(403), false);
        knock(LOUD, 10);
        knock("192.0.2.2", 10);
        review();
        assertThat(plan.size()).isZero();
    }

    @Test
    void aJailOnTrialHasNobodyRefusedByTheKernel() {
        fixture.forbid(
                LOUD,
                JailBuilder.jail("trial").scope(JailConfig.Scope.ALL).dryRun().on("shop"),
                5);
        knock(LOUD, 10);
        review();
        assertThat(plan.size()).isZero();
    }

    @Test
    void aBannedBlockIsOneEntryHoweverManyOfItKnock() {
        ban("198.51.100.0/24");
        for (int i = 1; i <= 12; i++) {
            knock("198.51.100." + i, 1);
        }
        review();

        assertThat(refuses("198.51.100.200")).isTrue();
        assertThat(refuses("198.51.101.1")).isFalse();
        assertThat(plan.size()).isEqualTo(1);
    }

    @Test
    void anIpv6ClientIsRefusedWithItsWholePrefixAndAWiderBanWhole() {
        ban("2001:db8:1:2::5");
        ban("2001:db8:ff00::/40");
        for (int i = 0; i < 10; i++) {
            knock("2001:db8:1:2::" + i, 1);
            knock("2001:db8:ff00:" + i + "::1", 1);
        }
        review();

        assertThat(refuses("2001:db8:1:2:ffff::1")).isTrue();
        assertThat(refuses("2001:db8:1:3::1")).isFalse();
        assertThat(refuses("2001:db8:ffff::1")).isTrue();
        assertThat(plan.size()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.51.100.7", "198.51.100.0/25", "198.51.0.0/16"})
    void nobodyWhoIsExemptIsInABlockThatIsRefusedWhole(String exempt) {
        ban("198.51.100.0/24", HOUR);
        CidrSet exempted = cidrs(exempt);
        engine.publish(new Allowlist(CidrSet.EMPTY, exempted, CidrSet.EMPTY), Denylist.EMPTY);
        for (int i = 0; i < 256; i++) {
            knock("198.51.100." + i, 10);
        }
        review();

        for (int i = 0; i < 256; i++) {
            String address = "198.51.100." + i;
            assertThat(refuses(address)).as(address).isEqualTo(!exempted.contains(ip(address)));
        }
    }

    @Test
    void whoeverIsExemptFromNowOnIsLetInByTheNextReview() {
        ban("198.51.100.0/24");
        knock("198.51.100.7", 10);
        review();
        assertThat(refuses("198.51.100.7")).isTrue();

        engine.publish(new Allowlist(cidrs("198.51.100.7"), CidrSet.EMPTY, CidrSet.EMPTY), Denylist.EMPTY);
        review();
        assertThat(refuses("198.51.100.7")).isFalse();
    }

    @Test
    void anExemptAddressIsNeverRefusedByTheKernelEvenWhereItsBanIsForced() {
        engine.publish(new Allowlist(CidrSet.EMPTY, CidrSet.EMPTY, cidrs(LOUD)), Denylist.EMPTY);
        ban(LOUD, AllHosts.ALL_HOSTS, HOUR, Drop.DROP, true);
        knock(LOUD, 10);
        review();
        assertThat(refuses(LOUD)).isFalse();
    }

    @Test
    void aBlockInWhichOneIsForcedToBeAnsweredIsRefusedAddressByAddress() {
        ban("198.51.100.0/24");
        ban("198.51.100.9", AllHosts.ALL_HOSTS, HOUR, new Reject(403), true);
        knock("198.51.100.8", 10);
        knock("198.51.100.9", 10);
        review();

        assertThat(refuses("198.51.100.8")).isTrue();
        assertThat(refuses("198.51.100.9")).isFalse();
    }

    @Test
    void theDenylistIsRefusedBlockByBlock() {
        engine.publish(Allowlist.NOBODY, denylist("203.0.113.0/24", "2001:db8::/32"));
        knock("203.0.113.4", 5);
        knock("203.0.113.5", 5);
        knock("2001:db8:7::1", 10);
        review();
        assertThat(refuses("203.0.113.99")).isTrue();
        assertThat(refuses("2001:db8:8::1")).isTrue();

        engine.publish(Allowlist.NOBODY, Denylist.EMPTY);
        review();
        assertThat(refuses("203.0.113.99")).isFalse();
    }

    @Test
    void theLoudestWinWhereThereIsNoRoomForAll() {
        int roomForHundred = bytesOf(100);
        plan = plan(roomForHundred);
        for (int i = 0; i < 200; i++) {
            ban(numbered(i));
            knock(numbered(i), 10 + i);
        }
        review();

        assertThat(plan.size()).isBetween(90, 100);
        assertThat(refuses(numbered(199))).isTrue();
        assertThat(refuses(numbered(111))).isTrue();
        assertThat(refuses(numbered(99))).isFalse();

        knock(numbered(0), 109);
        assertThat(review())
                .as("no louder than the quietest: they do not take turns")
                .isEmpty();
        fixture.clock.advance(Duration.ofSeconds(2));
        review();
        knock(numbered(1), 400);
        review();
        assertThat(refuses(numbered(1))).isTrue();
        assertThat(plan.size()).isBetween(90, 100);
    }

    /** The instruction bound, where memory is plenty. */
    @Test
    void neverIsAProgramLongerThanTheKernelTakes() {
        for (int i = 0; i < 3_000; i++) {
            ban(numbered(i));
            knock(numbered(i), 10);
        }
        PacketFilter program = review().orElseThrow();

        assertThat(program.length()).isBetween(3_800, PacketFilter.MOST_INSTRUCTIONS);
    }

    @Test
    void aKernelWithLessMemoryThanItSaysGetsFewerAndAllThatFit() {
        for (int i = 0; i < 100; i++) {
            ban(numbered(i));
            knock(numbered(i), 10 + i);
        }
        PacketFilter refusedByKernel = review().orElseThrow();
        plan.lacksMemory(refusedByKernel);
        assertThat(plan.size()).isZero();

        PacketFilter smaller = review().orElseThrow();

        assertThat(smaller.kernelBytes()).isLessThan(refusedByKernel.kernelBytes());
        assertThat(plan.size()).isBetween(60, 75);
        assertThat(refuses(numbered(99))).isTrue();
    }

    @Test
    void whatWasTakenFromTheKernelIsGivenAgainAsFarAsItStillHolds() {
        ban(LOUD);
        ban("192.0.2.2");
        knock(LOUD, 10);
        knock("192.0.2.2", 10);
        review();

        plan.lifted();
        engine.unban(ip(LOUD));
        review();

        assertThat(refuses(LOUD)).isFalse();
        assertThat(refuses("192.0.2.2")).isTrue();
    }

    private int bytesOf(int count) {
        return PacketFilter.dropping(IntStream.range(0, count)
                        .mapToObj(i -> new Cidr(ip(numbered(i)), 128))
                        .toList())
                .kernelBytes();
    }

    /** Far apart, so that none are neighbours. */
    private static String numbered(int i) {
        return IpAddress.ofIpv4(0x0B000000 + i * 0x10007).toString();
    }
}
