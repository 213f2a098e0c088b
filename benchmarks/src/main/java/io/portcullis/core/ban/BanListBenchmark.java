package io.portcullis.core.ban;

import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.Denylist;
import io.portcullis.core.net.IpAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A lookup in the lists alone: 1,000,000 bans, half IPv4 and half IPv6 with some widened ones among them, and 10,000,000
 * denylisted addresses. Who asks is random, as it is in life: most lookups miss the processor's caches.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = "-Xmx2g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BanListBenchmark {

    private static final int BANS = 1_000_000;
    private static final int DENYLISTED = 10_000_000;
    /** A power of two; so few that those who ask stay in the caches, and only what is asked does not. */
    private static final int CLIENTS = 1 << 14;

    private static final String HOST = "shop";
    /** Stands still, so that the list is measured and not the 25 ns of the system's clock, which only the banned cost. */
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_800_000_000_000L));

    private static final Sentence SENTENCE =
            new Sentence(new OneHost(HOST), "forbidden", Drop.DROP, Sentence.Mode.ENFORCED);

    private final BanList list = new BanList(2 * BANS, 42);
    private final ClientKey[] bannedIpv4 = new ClientKey[CLIENTS];
    private final ClientKey[] bannedIpv6 = new ClientKey[CLIENTS];
    private final ClientKey[] visitorsIpv4 = new ClientKey[CLIENTS];
    private final ClientKey[] visitorsIpv6 = new ClientKey[CLIENTS];
    private Denylist denylist = Denylist.EMPTY;
    private int next;

    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(1);
        ClientKey[] banned = new ClientKey[BANS];
        for (int i = 0; i < BANS; i++) {
            banned[i] = i % 2 == 0 ? ipv4(random.nextInt()) : ipv6(random.nextInt());
            put(banned[i]);
        }
        for (int i = 0; i < 10; i++) {
            put(ClientKey.of(new IpAddress(0x2A00_0000_0000_0000L + ((long) i << 40), 0), 56));
            put(ClientKey.of(new IpAddress(0x2B00_0000_0000_0000L + ((long) i << 40), 0), 48));
        }
        for (int i = 0; i < CLIENTS; i++) {
            bannedIpv4[i] = copy(banned[random.nextInt(BANS) & ~1]);
            bannedIpv6[i] = copy(banned[random.nextInt(BANS) | 1]);
            visitorsIpv4[i] = ipv4(random.nextInt());
            visitorsIpv6[i] = ipv6(random.nextInt());
        }
        Denylist.Builder builder = Denylist.builder();
        for (int i = 0; i < DENYLISTED; i++) {
            builder.add(0, IpAddress.ofIpv4(random.nextInt()).low(), 128);
        }
        denylist = builder.build();
    }

    @Benchmark
    public @Nullable Refuse visitor() {
        return list.refusal(visitorsIpv4[next++ & (CLIENTS - 1)], HOST, CLOCK);
    }

    @Benchmark
    public @Nullable Refuse banned() {
        return list.refusal(bannedIpv4[next++ & (CLIENTS - 1)], HOST, CLOCK);
    }

    /** Three lengths are in use: /64, /56 and /48. */
    @Benchmark
    public @Nullable Refuse visitorByIpv6() {
        return list.refusal(visitorsIpv6[next++ & (CLIENTS - 1)], HOST, CLOCK);
    }

    @Benchmark
    public @Nullable Refuse bannedByIpv6() {
        return list.refusal(bannedIpv6[next++ & (CLIENTS - 1)], HOST, CLOCK);
    }

    @Benchmark
    public boolean denylisted() {
        return denylist.contains(visitorsIpv4[next++ & (CLIENTS - 1)].network());
    }

    private void put(ClientKey client) {
        long now = CLOCK.millis();
        list.put(new Ban(client, SENTENCE, now, now + TimeUnit.DAYS.toMillis(1), Ban.Grounds.UNTOLD), now);
    }

    /** Those who ask lie close together, as they were just made; one of a million would be far from the next. */
    private static ClientKey copy(ClientKey key) {
        IpAddress network = key.network();
        return new ClientKey(new IpAddress(network.high(), network.low()), key.prefixLength());
    }

    private static ClientKey ipv4(int bits) {
        return new ClientKey(IpAddress.ofIpv4(bits), 128);
    }

    private static ClientKey ipv6(int bits) {
        return new ClientKey(new IpAddress(0x2001_0DB8_0000_0000L ^ ((long) bits << 4), 0), 64);
    }
}
