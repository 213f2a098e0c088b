package io.portcullis.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.portcullis.core.ban.Allowlist;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.ban.BanOrder;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.config.BansConfig.KernelFilter;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.admin.KernelFilterStatus.State;
import io.portcullis.server.observe.LogCapture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the kernel is told what, in a time and a kernel that are made up; KernelFilterIT has the real ones. */
class KernelTierTest {

    private static final Duration ROUND = Duration.ofMillis(100);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int LOUD = 10;
    private static final IpAddress ATTACKER = IpAddress.ofIpv4(0xC000_0201);

    private final PlayedRounds rounds = new PlayedRounds();
    private final BanEngine bans = new BanEngine(
            Defaults.bans(),
            new Allowlist(CidrSet.EMPTY, CidrSet.EMPTY, CidrSet.EMPTY),
            new BanEngine.Sources(() -> Instant.ofEpochSecond(0, rounds.nanoTime()), new SplittableRandom(1)),
            new Nobody());
    private final PlayedKernel kernel = new PlayedKernel(rounds::nanoTime);
    private final List<PlayedKernel> open = new ArrayList<>(List.of(kernel));
    private final LogCapture log = new LogCapture(KernelTier.class.getName());
    private KernelFilter wanted = KernelFilter.AUTO;
    private final KernelTier tier = new KernelTier(() -> open, () -> wanted, bans, rounds);

    @AfterEach
    void close() {
        tier.close();
        log.close();
    }

    private void ban(IpAddress who) {
        Cidr block = new Cidr(who, 128);
        assertThat(bans.ban(
                        new BanOrder(block, BanScope.AllHosts.ALL_HOSTS, Duration.ofHours(1), Drop.DROP, "", false)))
                .isNotNull();
    }

    private void banTheLoudAttacker() {
        ban(ATTACKER);
        kernel.knock(ATTACKER, LOUD);
    }

    /** If it breaks: a flood of new addresses costs in programs what it was to save in refusals. */
    @Test
    void theKernelHasAnotherProgramTenTimesASecondAtMost() {
        tier.start();
        for (int i = 0; i < 3_000; i++) {
            IpAddress another = IpAddress.ofIpv4(0xC612_0000 + i);
            ban(another);
            kernel.knock(another, LOUD);
            rounds.pass(Duration.ofMillis(1));
        }
        assertThat(kernel.changes).hasSizeBetween(29, 30);
        for (long from : kernel.changes) {
            assertThat(kernel.changes.stream().filter(at -> at >= from && at < from + SECOND))
                    .hasSizeLessThanOrEqualTo(10);
        }
    }

    /** If it breaks: a kernel that is slow to take a program is given one after the other, and does nothing else. */
    @Test
    void afterAProgramThatTookLongThereIsAPauseAllTheSame() {
        tier.start();
        List<Long> done = new ArrayList<>();
        kernel.whileSetting = () -> {
            rounds.pass(Duration.ofMillis(250));
            done.add(rounds.nanoTime());
        };
        for (int i = 0; i < 20; i++) {
            IpAddress another = IpAddress.ofIpv4(0xC612_0000 + i);
            ban(another);
            kernel.knock(another, LOUD);
            rounds.pass(ROUND);
        }
        assertThat(done).hasSizeGreaterThan(2);
        for (int i = 1; i < done.size(); i++) {
            assertThat(done.get(i) - done.get(i - 1))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(350).toNanos());
        }
    }

    /** If it breaks: who was banned by mistake finds the server dead, and so does whoever is to look into it. */
    @Test
    void anUnbanIsFeltInTheNextRound() {
        tier.start();
        banTheLoudAttacker();
        rounds.pass(ROUND);
        assertThat(kernel.refuses()).isTrue();
        assertThat(tier.addresses(kernel)).isEqualTo(1);
        assertThat(tier.status().state()).isEqualTo(State.ON);

        assertThat(bans.unban(ATTACKER)).isNotEmpty();
        rounds.pass(ROUND);
        assertThat(kernel.refuses()).isFalse();
        assertThat(tier.addresses(kernel)).isZero();
    }

    /** If it breaks: a log that has ten lines a second, of something that nobody needs. */
    @Test
    void whereItIsNotPermittedThatIsToldOnceAndNotTriedAgain() {
        kernel.permits = false;
        PlayedKernel second = new PlayedKernel(rounds::nanoTime);
        open.add(second);
        tier.start();
        int asked = kernel.asked;
        banTheLoudAttacker();
        rounds.pass(Duration.ofSeconds(60));

        assertThat(log.messages(Level.INFO))
                .singleElement()
                .asString()
                .contains("refused as they connect, and not in the kernel", PlayedKernel.FORBIDDEN);
        assertThat(kernel.asked).isEqualTo(asked);
        assertThat(second.asked).isZero();
        assertThat(tier.status().state()).isEqualTo(State.UNAVAILABLE);
        assertThat(tier.status().why()).isEqualTo(PlayedKernel.FORBIDDEN);
    }

    /** If it breaks: an address stays refused by a filter that nobody looks after any more. */
    @Test
    void aPermissionThatIsLostLeavesNoFilterAnywhere() {
        PlayedKernel second = new PlayedKernel(rounds::nanoTime);
        open.add(second);
        tier.start();
        ban(ATTACKER);
        second.knock(ATTACKER, LOUD);
        rounds.pass(ROUND);
        assertThat(second.refuses()).isTrue();

        kernel.permits = false;
        kernel.knock(ATTACKER, LOUD);
        rounds.pass(Duration.ofSeconds(5));
        assertThat(kernel.refuses()).isFalse();
        assertThat(second.refuses()).isFalse();
        assertThat(log.messages(Level.INFO)).hasSize(1);
    }

    @Test
    void offAsksTheKernelForNothingAndAReloadTurnsItOnAndOff() {
        wanted = KernelFilter.OFF;
        tier.start();
        banTheLoudAttacker();
        rounds.pass(Duration.ofSeconds(5));
        assertThat(kernel.asked).isZero();
        assertThat(tier.status().state()).isEqualTo(State.OFF);

        wanted = KernelFilter.AUTO;
        kernel.knock(ATTACKER, LOUD);
        rounds.pass(ROUND);
        assertThat(kernel.refuses()).isTrue();

        wanted = KernelFilter.OFF;
        rounds.pass(ROUND);
        assertThat(kernel.refuses()).isFalse();
        assertThat(tier.addresses(kernel)).isZero();
        assertThat(log.messages(Level.INFO)).isEmpty();
    }

    /** The operator has given the process the capability, or the kernel its memory, and wants to see it work. */
    @Test
    void offAndOnAgainTriesAgain() {
        kernel.permits = false;
        tier.start();
        wanted = KernelFilter.OFF;
        rounds.pass(ROUND);
        kernel.permits = true;
        wanted = KernelFilter.AUTO;
        banTheLoudAttacker();
        rounds.pass(ROUND);
        assertThat(kernel.refuses()).isTrue();
    }

    /** If it breaks: whom a reload allows is refused until the next round, and the operator thinks it was in vain. */
    @Test
    void aReloadLiftsAtOnceAndWhoIsStillRefusedIsBackInTheRoundAfterIt() {
        tier.start();
        banTheLoudAttacker();
        rounds.pass(ROUND);

        tier.suspend();
        assertThat(kernel.refuses()).isFalse();
        rounds.pass(Duration.ofSeconds(1));
        assertThat(kernel.refuses()).isFalse();

        tier.resume();
        rounds.pass(ROUND);
        assertThat(kernel.refuses()).isTrue();
    }

    @Test
    void whereMemoryIsShortTheLoudestOnesAreRefusedAllTheSame() {
        tier.start();
        for (int i = 0; i < 500; i++) {
            IpAddress another = IpAddress.ofIpv4(0xC612_0000 + 2 * i);
            ban(another);
            kernel.knock(another, LOUD);
        }
        kernel.mostBytes = 4_096;
        rounds.pass(ROUND);
        assertThat(kernel.refuses()).isTrue();
        assertThat(tier.addresses(kernel)).isBetween(10, 499);
        assertThat(tier.status().state()).isEqualTo(State.ON);
    }

    /** If it breaks: the successor's clients are refused by a socket that nobody holds any more. */
    @Test
    void aCloseThatFallsIntoAChangeLeavesNoFilterBehind() throws Exception {
        tier.start();
        CountDownLatch setting = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        kernel.whileSetting = () -> {
            setting.countDown();
            await(closing);
        };
        banTheLoudAttacker();
        CompletableFuture<Void> change = CompletableFuture.runAsync(() -> rounds.pass(ROUND));
        await(setting);
        CompletableFuture<Void> close = CompletableFuture.runAsync(() -> {
            closing.countDown();
            tier.close();
        });
        change.get(10, TimeUnit.SECONDS);
        close.get(10, TimeUnit.SECONDS);

        assertThat(kernel.changes).hasSize(1);
        assertThat(kernel.refuses()).isFalse();
        kernel.knock(ATTACKER, LOUD);
        rounds.pass(Duration.ofSeconds(1));
        assertThat(kernel.refuses()).isFalse();
    }

    /** If it breaks: after one fault of ours nobody looks any more after what the kernel refuses. */
    @Test
    void anInternalFaultLiftsEverything() {
        tier.start();
        banTheLoudAttacker();
        rounds.pass(ROUND);
        kernel.whileSetting = () -> {
            throw new IllegalStateException("made up");
        };
        IpAddress another = IpAddress.ofIpv4(0xC000_0202);
        ban(another);
        kernel.knock(another, LOUD);
        rounds.pass(ROUND);
        assertThat(kernel.refuses()).isFalse();
        assertThat(tier.status().state()).isEqualTo(State.UNAVAILABLE);
        assertThat(log.messages(Level.ERROR)).singleElement().asString().contains("Please report this");
    }

    private static void lackMemory() {
        throw new OutOfMemoryError("Cannot reserve 32768 bytes of direct buffer memory");
    }

    /** If it breaks: the rounds end in silence, and whom the last program refused is refused for as long as this runs. */
    @Test
    void aLackOfMemoryLiftsEverythingAndIsTold() {
        tier.start();
        banTheLoudAttacker();
        rounds.pass(ROUND);
        kernel.whileSetting = KernelTierTest::lackMemory;
        IpAddress another = IpAddress.ofIpv4(0xC000_0202);
        ban(another);
        kernel.knock(another, LOUD);
        rounds.pass(ROUND);
        assertThat(kernel.refuses()).isFalse();
        assertThat(tier.status().state()).isEqualTo(State.UNAVAILABLE);
        assertThat(tier.status().why()).contains("OutOfMemoryError", "direct buffer memory");
        assertThat(log.messages(Level.ERROR)).hasSize(1);
    }

    /** If it breaks: one listener's fault leaves the filters of all others where they are. */
    @Test
    void aListenerThatCannotBeLiftedKeepsNoOtherFromItAndIsTriedAgain() {
        PlayedKernel second = new PlayedKernel(rounds::nanoTime);
        open.add(second);
        tier.start();
        ban(ATTACKER);
        open.forEach(each -> each.knock(ATTACKER, LOUD));
        rounds.pass(ROUND);
        assertThat(open).allMatch(PlayedKernel::refuses);

        open.forEach(each -> each.whileSetting = KernelTierTest::lackMemory);
        kernel.whileLifting = KernelTierTest::lackMemory;
        IpAddress another = IpAddress.ofIpv4(0xC000_0202);
        ban(another);
        open.forEach(each -> each.knock(another, LOUD));
        rounds.pass(ROUND);
        assertThat(kernel.refuses()).isTrue();
        assertThat(second.refuses()).isFalse();

        kernel.whileLifting = () -> {};
        rounds.pass(ROUND);
        assertThat(kernel.refuses()).isFalse();
    }

    /** If it breaks: a server does not start for lack of what it can do without. */
    @Test
    void aFaultAtTheFirstTryRefusesNoStart() {
        kernel.whileSetting = KernelTierTest::lackMemory;
        tier.start();
        assertThat(tier.status().state()).isEqualTo(State.UNAVAILABLE);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Nobody implements BanListener {
        @Override
        public void banned(Ban ban) {}

        @Override
        public void unbanned(Ban ban) {}
    }
}
