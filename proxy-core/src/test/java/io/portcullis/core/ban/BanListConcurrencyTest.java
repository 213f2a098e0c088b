package io.portcullis.core.ban;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Event loops ask while others ban, unban and sweep: a banned client is not let in for a moment, nor a visitor kept out. */
class BanListConcurrencyTest {

    private static final long NOW = 1_800_000_000_000L;
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(NOW));
    private static final int WRITERS = 2;
    private static final int READERS = 3;
    private static final int STEADY = 300;
    private static final int ROUNDS = 150_000;

    private final BanList list = new BanList(1_000_000, 5);
    private final AtomicBoolean writing = new AtomicBoolean(true);

    /** Tables grow, shrink and are shifted all the time around bans that stay. */
    @Test
    void aBanInForceIsNeverMissedAndNobodyElseIsRefused() throws Exception {
        for (int i = 0; i < STEADY; i++) {
            list.put(ban(steady(i), "steady", Ban.FOREVER), NOW);
            // A wider prefix that comes and goes below changes what is probed.
            list.put(
                    ban(
                            new ClientKey(new IpAddress(0x2001_0DB8_0000_0000L + ((long) i << 16), 0), 64),
                            "steady6",
                            Ban.FOREVER),
                    NOW);
        }
        run(this::write, this::read);

        assertThat(list.size()).isEqualTo(2 * STEADY);
    }

    /** The same client's ban is replaced by one of another jail, which ends at another time: both are of one ban. */
    @Test
    void aBanIsSeenEntirelyOrNotAtAll() throws Exception {
        ClientKey client = steady(1);
        list.put(ban(client, "jail1", NOW + 1), NOW);
        run(
                number -> {
                    for (int i = 2 + number; i < ROUNDS; i += WRITERS) {
                        list.put(ban(client, "jail" + i % 100, NOW + i), NOW);
                        if (i % 50 == 0) {
                            list.remove(client, ban -> true, NOW);
                        }
                    }
                    return null;
                },
                number -> {
                    while (writing.get()) {
                        for (Ban ban : list.inForceOn(client, NOW)) {
                            assertThat(ban.jail()).isEqualTo("jail" + (ban.until() - NOW) % 100);
                        }
                        long end = list.endOfRefusal(client, "shop", NOW);
                        assertThat(end)
                                .satisfiesAnyOf(
                                        e -> assertThat(e).isZero(),
                                        e -> assertThat(e).isGreaterThan(NOW));
                    }
                    return null;
                });
    }

    @Test
    void theBoundHoldsWhileMakingRoomForOneAnother() throws Exception {
        BanList small = new BanList(100, 3);
        run(
                number -> {
                    for (int i = 0; i < 20_000; i++) {
                        small.put(ban(passing(number, i), "flood", NOW + 1 + i), NOW);
                    }
                    return null;
                },
                number -> {
                    while (writing.get()) {
                        assertThat(small.size()).isLessThanOrEqualTo(100 + WRITERS);
                    }
                    return null;
                });
        List<Ban> left = new ArrayList<>();
        small.forEach(NOW, left::add);
        assertThat(small.size()).isEqualTo(left.size()).isLessThanOrEqualTo(100);
        assertThat(small.givenUp()).isEqualTo(WRITERS * 20_000L - left.size());
    }

    private Void write(int number) {
        SplittableRandom random = new SplittableRandom(number);
        for (int i = 0; i < ROUNDS; i++) {
            ClientKey client = passing(number, i % 20_000);
            switch (i / 20_000 % 3) {
                case 0 -> list.put(ban(client, "passing" + i % 7, NOW + 1 + random.nextInt(5)), NOW);
                case 1 -> list.remove(client, ban -> true, NOW);
                default -> list.put(ban(client, "passing", NOW + 1), NOW);
            }
            if (i % 5_000 == 0) {
                ClientKey wide = new ClientKey(new IpAddress(0x2001_0DB8_F000_0000L, 0), 40 + i / 5_000 % 20);
                list.put(ban(wide, "wide", NOW + 2), NOW);
                list.expire(NOW + 5);
            }
        }
        for (int i = 0; i < 20_000; i++) {
            list.remove(passing(number, i), ban -> true, NOW);
        }
        list.expire(NOW + 100);
        return null;
    }

    private Void read(int number) {
        SplittableRandom random = new SplittableRandom(100 + number);
        while (writing.get()) {
            int i = random.nextInt(STEADY);
            Refuse steady = list.refusal(steady(i), "shop", CLOCK);
            assertThat(steady).isNotNull();
            assertThat(steady == null ? "" : steady.sentence().jail()).isEqualTo("steady");
            ClientKey ofPrefix = new ClientKey(new IpAddress(0x2001_0DB8_0000_0000L + ((long) i << 16), i), 128);
            assertThat(list.refusal(ofPrefix, "shop", CLOCK)).isNotNull();
            assertThat(list.refusal(new ClientKey(IpAddress.ofIpv4(0x7F00_0000 + i), 128), "shop", CLOCK))
                    .isNull();
            assertThat(list.covers(steady(i), new OneHost("shop"), false, NOW)).isTrue();
        }
        return null;
    }

    private void run(Part writer, Part reader) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + READERS);
        try {
            List<Future<Void>> writers = new ArrayList<>();
            List<Future<Void>> readers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(writer.of(i)));
            }
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(reader.of(i)));
            }
            try {
                for (Future<Void> future : writers) {
                    future.get(60, TimeUnit.SECONDS);
                }
            } finally {
                writing.set(false);
            }
            for (Future<Void> future : readers) {
                future.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Ban ban(ClientKey client, String jail, long until) {
        Sentence sentence = new Sentence(AllHosts.ALL_HOSTS, jail, Drop.DROP, Sentence.Mode.ENFORCED);
        return new Ban(client, sentence, NOW, until, Ban.Grounds.UNTOLD);
    }

    private static ClientKey steady(int i) {
        return new ClientKey(IpAddress.ofIpv4(0x0A00_0000 + i), 128);
    }

    private static ClientKey passing(int writer, int i) {
        return new ClientKey(IpAddress.ofIpv4(0x1400_0000 + (writer << 24) + i), 128);
    }

    private interface Part {
        @SuppressWarnings("NullAway") // Void
        Void run(int number) throws Exception;

        default Callable<Void> of(int number) {
            return () -> run(number);
        }
    }
}
