package io.portcullis.benchmarks.scenario;

import com.sun.management.UnixOperatingSystemMXBean;
import io.portcullis.benchmarks.load.Load;
import io.portcullis.benchmarks.load.LoadResult;
import io.portcullis.benchmarks.load.RunningLoad;
import io.portcullis.benchmarks.load.Target;
import io.portcullis.benchmarks.load.generator.Kind;
import io.portcullis.benchmarks.load.generator.Option;
import io.portcullis.benchmarks.load.generator.OwnLoad;
import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.peer.RunningPeer;
import io.portcullis.benchmarks.peer.Setup;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult.Subject;
import io.portcullis.benchmarks.result.Usage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/** What a client costs that has asked once and stays connected. Each round has a new process: memory is seldom given back. */
final class IdleConnections implements Scenario {

    private static final int CONNECTIONS = 10_000;
    /** With those of everything else. */
    private static final int FILES = CONNECTIONS + 1_000;

    private static final Measure EACH = Measure.less("idle-kib", "memory an idle connection", "KiB");
    private static final Measure BASE = Measure.less("idle-base", "memory before, after a second of load", "MiB");
    private static final Measure ALL = Measure.less("idle-all", "memory with 10,000 connections", "MiB");
    private static final Duration FIRST_LOAD = Duration.ofSeconds(1);
    private static final Duration TO_CONNECT = Duration.ofSeconds(4);
    private static final double KIB = 1 << 10;
    private static final double MIB = 1 << 20;

    @Override
    public Subject subject() {
        return new Subject(
                "idle",
                "10,000 idle connections",
                "The memory that 10,000 clients cost who have asked once and stay connected: what the process has more than"
                        + " before they came, by connection. What the kernel holds for them is not in it.");
    }

    @Override
    public List<Measure> measures() {
        return List.of(EACH, BASE, ALL);
    }

    @Override
    public List<String> notes() {
        return List.of(
                "A proxy may have memory in hand that its first second of load made it take: connections that fit in"
                        + " there cost it nothing more.");
    }

    @Override
    public Optional<String> obstacle() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() < FILES) {
            return Optional.of("a process may open " + system.getMaxFileDescriptorCount() + " files (expected: " + FILES
                    + " or more): ulimit -n " + FILES);
        }
        return Optional.empty();
    }

    @Override
    public boolean takes(Peer peer) {
        return !peer.onlyBans();
    }

    @Override
    public Duration toPrepare(WarmUp rule) {
        return Duration.ZERO;
    }

    @Override
    public Duration toMeasure(Duration round) {
        return Stage.TO_START.plus(FIRST_LOAD).plus(TO_CONNECT);
    }

    @Override
    public Trial open(Peer peer, Stage stage) {
        return new IdleTrial(peer, stage);
    }

    /** Holds no process between rounds. */
    private record IdleTrial(Peer peer, Stage stage) implements Trial {

        @Override
        public boolean warmUp(WarmUp rule, IntConsumer told) {
            return true;
        }

        @Override
        public Round measure(int number, Duration duration) throws IOException {
            try (RunningPeer running = stage.start(peer, 1, Set.of())) {
                Target target = Target.plain(running.port(), Setup.host(0));
                Loads.run(Loads.closedAtOnce(64, FIRST_LOAD), target, stage.others());
                return measure(number, running, target);
            }
        }

        private Round measure(int number, RunningPeer running, Target target) throws IOException {
            Usage before = running.usage();
            Load load = OwnLoad.of(Kind.IDLE).with(Option.CONNECTIONS, CONNECTIONS);
            try (RunningLoad connections = load.prepare(target, stage.others())) {
                connections.awaitReady();
                Usage after = running.usage();
                LoadResult held = connections.measure();
                double more = after.memory().pssBytes() - before.memory().pssBytes();
                Map<String, Double> figures = Map.of(
                        EACH.id(), more / Math.max(1, held.requests()) / KIB,
                        BASE.id(), before.memory().pssBytes() / MIB,
                        ALL.id(), after.memory().pssBytes() / MIB);
                return Part.of(held, before, after).round(number, figures);
            }
        }

        @Override
        public void close() {}
    }
}
