package io.portcullis.core.ban;

import static io.portcullis.core.ban.EngineFixture.ip;
import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.net.ClientAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many event loops see the same client at once. */
class BanEngineConcurrencyTest {

    private static final int THREADS = 8;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void exactlyOneBanFallsHoweverManyObserveAtOnce() throws Exception {
        // Fewer tracked clients than attackers: counters are also forgotten while they are counted.
        EngineFixture fixture = new EngineFixture(100, Allowlist.NOBODY);
        JailSet shop = jail("forbidden").on("shop");
        AtomicInteger returned = new AtomicInteger();
        int rounds = 300;
        CyclicBarrier barrier = new CyclicBarrier(THREADS);

        onEveryThread(thread -> {
            for (int round = 0; round < rounds; round++) {
                barrier.await(30, TimeUnit.SECONDS);
                String attacker = "192.0." + round / 256 + "." + round % 256;
                for (int i = 0; i < 10; i++) {
                    if (fixture.forbid(attacker, shop) != null) {
                        returned.incrementAndGet();
                    }
                    fixture.forbid("10." + thread + "." + round % 256 + "." + i, shop);
                }
                assertThat(fixture.verdict(attacker, "shop")).isInstanceOf(Verdict.Refuse.class);
            }
        });

        assertThat(returned).hasValue(rounds);
        assertThat(fixture.told.banned).hasSize(rounds).extracting(Ban::client).doesNotHaveDuplicates();
        assertThat(fixture.told.banned)
                .allSatisfy(ban -> assertThat(ban.evidence()).hasSize(5));
    }

    /** A store that heard of them in another order would keep a ban that was taken back. */
    @Test
    void theListenerHearsOfOneClientInTheOrderOfTheChanges() throws Exception {
        List<String> heard = new ArrayList<>();
        BanListener listener = new BanListener() {
            @Override
            public void banned(Ban ban) {
                heard.add("banned");
            }

            @Override
            public void unbanned(Ban ban) {
                heard.add("unbanned");
            }
        };
        BanEngine engine = EngineFixture.engine(10, Allowlist.NOBODY, new ManualClock(EngineFixture.START), listener);
        JailSet shop = jail("one").maxRetry(1).banTime(Duration.ofDays(1)).on("shop");
        Observation offence = new Observation.Answer(
                ClientAddress.direct(ip("192.0.2.1")), shop, Request.get("/"), 403, AnswerWeight.UNSAID);

        onEveryThread(thread -> {
            for (int i = 0; i < 5_000; i++) {
                if (thread % 2 == 0) {
                    engine.observe(offence);
                } else {
                    engine.unban(ip("192.0.2.1"));
                }
            }
        });

        for (int i = 0; i < heard.size(); i++) {
            assertThat(heard.get(i)).as("call %d", i).isEqualTo(i % 2 == 0 ? "banned" : "unbanned");
        }
        assertThat(engine.bans()).hasSize(heard.size() % 2);
    }

    /** Exactly one of each that follows from a ban, too: of all hosts, and of the wider prefix. */
    @Test
    void whatFollowsFromABanFallsOnce() throws Exception {
        EngineFixture fixture =
                BansSettings.bans().promoteAfter(3).widenAfter(4).engine();
        List<JailSet> hosts = List.of(
                jail("forbidden").on("a"),
                jail("forbidden").on("b"),
                jail("forbidden").on("c"));
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        int networks = 50;

        onEveryThread(thread -> {
            for (int network = 0; network < networks; network++) {
                barrier.await(30, TimeUnit.SECONDS);
                for (int i = 0; i < 80; i++) {
                    String client = "2001:db8:" + network + ":" + i % 4 + "::" + thread;
                    fixture.forbid(client, hosts.get((i + thread) % 3), 1);
                    fixture.verdict(client, "a");
                }
            }
        });

        for (String jail : List.of("promoted", "widened")) {
            assertThat(fixture.told.banned.stream().filter(ban -> ban.jail().equals(jail)))
                    .extracting(ban -> ban.client() + " " + ban.scope())
                    .doesNotHaveDuplicates()
                    .isNotEmpty();
        }
        for (int network = 0; network < networks; network++) {
            assertThat(fixture.verdict("2001:db8:" + network + ":0::1", "a")).isInstanceOf(Verdict.Refuse.class);
        }
    }

    /** A reader that met half a ban would let the offender in, or keep him out for ever. */
    @Test
    void aReaderNeverSeesAHalfMadeBan() throws Exception {
        EngineFixture fixture = new EngineFixture();
        JailSet shop = jail("one").maxRetry(1).banTime(Duration.ofDays(1)).on("shop");
        String client = "192.0.2.1";
        Ban expected = Objects.requireNonNull(fixture.forbid(client, shop));

        onEveryThread(thread -> {
            for (int i = 0; i < 5_000; i++) {
                switch (thread % 4) {
                    case 0 -> fixture.forbid(client, shop);
                    case 1 -> fixture.engine.unban(ip(client));
                    case 2 ->
                        fixture.engine.forEachBan(ban -> assertThat(ban).isEqualTo(EngineFixture.untold(expected)));
                    default -> {
                        if (fixture.verdict(client, "shop") instanceof Verdict.Refuse refusal) {
                            assertThat(refusal.sentence()).isEqualTo(expected.sentence());
                        }
                        assertThat(fixture.engine.why(ip(client)).bans())
                                .allMatch(ban -> ban.until() == expected.until());
                    }
                }
            }
        });
    }

    private interface Task {
        void run(int thread) throws Exception;
    }

    private void onEveryThread(Task task) throws Exception {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            running.add(threads.submit(() -> {
                task.run(thread);
                return null;
            }));
        }
        for (Future<?> one : running) {
            one.get(60, TimeUnit.SECONDS);
        }
    }
}
