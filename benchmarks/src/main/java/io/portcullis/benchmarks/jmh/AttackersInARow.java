package io.portcullis.benchmarks.jmh;

import io.portcullis.core.ban.Allowlist;
import io.portcullis.core.ban.AnswerWeight;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.ban.JailSet;
import io.portcullis.core.ban.Observation;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Conditions;
import io.portcullis.core.config.JailConfig.Penalty;
import io.portcullis.core.config.JailConfig.Threshold;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.http.StatusSet;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.IpAddress;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * 10,000,000 distinct attackers in a row, one offence each: whether memory stays at its bound and throughput where it was.
 * The first argument is the bound on bans, the second the offence that bans: 1, unless given, bans each of them; with 2
 * they are only counted.
 */
public final class AttackersInARow {

    private static final int ATTACKERS = 10_000_000;
    /** Its CPU time: who else uses the machine is no matter. */
    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

    private static final int PART = 1_000_000;

    private AttackersInARow() {}

    public static void main(String[] arguments) {
        int maxBans = arguments.length > 0 ? Integer.parseInt(arguments[0]) : Defaults.MAX_BANS;
        BanEngine engine = new BanEngine(
                config(new BansConfig.Bounds(Defaults.TRACKED_CLIENTS, maxBans)),
                Allowlist.NOBODY,
                new BanEngine.Sources(InstantSource.system(), new SplittableRandom(1)),
                new NobodyListens());
        int maxRetry = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
        JailSet jails = engine.jailsOf("shop", List.of(probing(maxRetry)));
        RequestHead probe = new Probe();
        System.out.printf("at most %,d bans%n", maxBans);
        for (int first = 0; first < ATTACKERS; first += PART) {
            long start = THREAD.getCurrentThreadCpuTime();
            for (int i = first; i < first + PART; i++) {
                ClientAddress attacker = ClientAddress.direct(IpAddress.ofIpv4(i * 0x9E37_79B1));
                engine.observe(new Observation.Answer(attacker, jails, probe, 404, AnswerWeight.UNSAID));
            }
            double seconds = (THREAD.getCurrentThreadCpuTime() - start) / 1e9;
            engine.upkeep();
            System.gc();
            long used =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            System.out.printf(
                    "attackers to %,11d: %,9.0f a second of CPU, %,5d MB in use%n",
                    first + PART, PART / seconds, used >> 20);
        }
    }

    /** Without the watch over upstreams, which would take so many clients with one error for the application's fault. */
    private static BansConfig config(BansConfig.Bounds bounds) {
        return Defaults.bans().withBounds(bounds).withSickUpstream(new BansConfig.SickUpstream(0, 1));
    }

    private static JailConfig probing(int maxRetry) {
        return new JailConfig(
                "probing",
                Conditions.ofStatuses(new StatusSet.Builder().add(404).build()),
                new Threshold(maxRetry, Duration.ofMinutes(10), JailConfig.Count.HITS, 1),
                new Penalty(Duration.ofDays(1), Optional.empty(), JailConfig.Scope.HOST, JailConfig.Drop.DROP),
                false);
    }

    private static final class Probe implements RequestHead {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String path() {
            return "/.env";
        }

        @Override
        public String target() {
            return "/.env";
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
