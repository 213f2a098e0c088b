package io.portcullis.benchmarks.jmh;

import io.portcullis.core.ban.Allowlist;
import io.portcullis.core.ban.AnswerWeight;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.ban.BanOrder;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.JailSet;
import io.portcullis.core.ban.Observation;
import io.portcullis.core.ban.Verdict;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Conditions;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Penalty;
import io.portcullis.core.config.JailConfig.Threshold;
import io.portcullis.core.config.PathPattern;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.Denylist;
import io.portcullis.core.net.IpAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
 * What the ban engine adds to a connection and to an exchange, with a million clients banned. Run it with
 * {@code -prof gc} to see that the ordinary ways allocate nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = "-Xmx2g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BanEngineBenchmark {

    private static final int BANS = 1_000_000;
    /** A power of two, enough that a lookup misses the processor's caches as it would in life. */
    private static final int CLIENTS = 1 << 16;

    /** Those who offend at the same time are few, and what is held of them is warm. */
    private static final int ATTACKERS = 1 << 10;

    private static final int FIRST_BANNED = 10 << 24;
    private static final int FIRST_VISITOR = 100 << 24;
    private static final String HOST = "shop";
    private static final Set<String> HOSTS = Set.of(HOST, "blog");
    private static final RequestHead REQUEST = new Request("/products/17");
    private static final RequestHead PROBE = new Request("/.htaccess");

    private BanEngine engine;
    private JailSet jails;
    private ClientAddress[] banned;
    private ClientKey[] bannedKeys;
    private ClientAddress[] visitors;
    private ClientKey[] visitorKeys;
    private int next;
    private int nextNewcomer = 1 << 24;

    public BanEngineBenchmark() {
        engine = new BanEngine(
                Defaults.bans(),
                Allowlist.NOBODY,
                new BanEngine.Sources(InstantSource.system(), new SplittableRandom(1)),
                new NobodyListens());
        jails = JailSet.of(HOST, List.of(forbidden(), secrets()));
        banned = new ClientAddress[CLIENTS];
        bannedKeys = new ClientKey[CLIENTS];
        visitors = new ClientAddress[CLIENTS];
        visitorKeys = new ClientKey[CLIENTS];
    }

    @Setup
    public void ban() {
        engine.publish(new Allowlist(cidrs(1 << 20), cidrs(2 << 20), CidrSet.EMPTY), denied(3 << 20));
        BanScope scope = new BanScope.OneHost(HOST);
        for (int i = 0; i < BANS; i++) {
            engine.ban(new BanOrder(
                    new Cidr(IpAddress.ofIpv4(FIRST_BANNED + i), 128),
                    scope,
                    Duration.ofDays(1),
                    JailConfig.Drop.DROP,
                    "",
                    false));
        }
        for (int i = 0; i < CLIENTS; i++) {
            // An odd factor walks over all of them in no order that a processor could foresee.
            int scattered = (int) (i * 2_654_435_761L % BANS);
            banned[i] = ClientAddress.direct(IpAddress.ofIpv4(FIRST_BANNED + scattered));
            bannedKeys[i] = engine.keyOf(banned[i].client());
            visitors[i] = ClientAddress.direct(IpAddress.ofIpv4(FIRST_VISITOR + scattered));
            visitorKeys[i] = engine.keyOf(visitors[i].client());
        }
    }

    @Benchmark
    public Verdict verdictOnAVisitor() {
        int i = next++ & (CLIENTS - 1);
        return engine.verdict(visitors[i], visitorKeys[i], HOST);
    }

    @Benchmark
    public Verdict verdictOnABannedClient() {
        int i = next++ & (CLIENTS - 1);
        return engine.verdict(banned[i], bannedKeys[i], HOST);
    }

    @Benchmark
    public Verdict verdictAtAcceptOnABannedClient() {
        int i = next++ & (CLIENTS - 1);
        return engine.verdictAtAccept(banned[i].peer(), bannedKeys[i], HOSTS);
    }

    /** An ordinary answer: one table lookup, and the globs of the jail that takes any status. */
    @Benchmark
    public boolean answerThatNoJailCounts() {
        return jails.mayCount(200, REQUEST);
    }

    /** Nobody is banned by it: the window never holds as many offences as that takes. */
    @Benchmark
    public @Nullable Ban answerThatCounts() {
        int i = next++ & (ATTACKERS - 1);
        return engine.observe(new Observation.Answer(visitors[i], jails, PROBE, 403, AnswerWeight.UNSAID));
    }

    /** As from a flood of addresses, each seen once: the least recently seen are forgotten all the time. */
    @Benchmark
    public @Nullable Ban answerThatCountsFromANewAddress() {
        ClientAddress newcomer = ClientAddress.direct(IpAddress.ofIpv4(nextNewcomer++));
        return engine.observe(new Observation.Answer(newcomer, jails, PROBE, 403, AnswerWeight.UNSAID));
    }

    private static JailConfig forbidden() {
        return new JailConfig(
                "forbidden",
                Conditions.ofStatuses(new StatusSet.Builder().add(403).build()),
                new Threshold(10_000, Duration.ofMillis(10), JailConfig.Count.HITS, 1),
                penalty(Duration.ofHours(1)),
                false);
    }

    private static JailConfig secrets() {
        List<PathPattern> paths = List.of(
                new PathPattern.Glob("/.env"), new PathPattern.Glob("*/.git/*"), new PathPattern.Glob("/etc/passwd"));
        return new JailConfig(
                "secrets",
                new Conditions(Set.of(On.RESPONSE), StatusSet.ANY, paths, List.of(), Set.of(), List.of(), false),
                new Threshold(1, Duration.ofMinutes(10), JailConfig.Count.HITS, 1),
                penalty(Duration.ofDays(1)),
                false);
    }

    private static Penalty penalty(Duration banTime) {
        return new Penalty(banTime, Optional.empty(), JailConfig.Scope.HOST, JailConfig.Drop.DROP);
    }

    private static Denylist denied(int first) {
        Denylist.Builder denied = Denylist.builder();
        IntStream.range(0, 1_000).forEach(i -> denied.add(new Cidr(IpAddress.ofIpv4(first + 2 * i), 128)));
        return denied.build();
    }

    private static CidrSet cidrs(int first) {
        return CidrSet.of(IntStream.range(0, 1_000)
                .mapToObj(i -> new Cidr(IpAddress.ofIpv4(first + 2 * i), 128))
                .toList());
    }

    private record Request(String path) implements RequestHead {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String target() {
            return path;
        }

        @Override
        public @Nullable String header(String name) {
            return null;
        }
    }

    private static final class NobodyListens implements BanListener {
        @Override
        public void banned(Ban ban) {}

        @Override
        public void unbanned(Ban ban) {}
    }
}
