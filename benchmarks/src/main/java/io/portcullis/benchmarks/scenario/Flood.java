package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.load.Load;
import io.portcullis.benchmarks.load.LoadResult;
import io.portcullis.benchmarks.load.RunningLoad;
import io.portcullis.benchmarks.load.Target;
import io.portcullis.benchmarks.load.generator.Kind;
import io.portcullis.benchmarks.load.generator.Option;
import io.portcullis.benchmarks.load.generator.OwnLoad;
import io.portcullis.benchmarks.peer.Feature;
import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.peer.RunningPeer;
import io.portcullis.benchmarks.peer.Setup;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult.Subject;
import io.portcullis.benchmarks.result.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;

/**
 * A banned client that connects as fast as it can, and a good one meanwhile. Each round measures the good one alone first:
 * what it costs is taken off what the flood costs.
 */
final class Flood implements Scenario {

    static final String CPU_EACH = "cpu-refusal";
    static final String CPU_SHARE = "cpu-share";
    static final String P99_RATIO = "p99-ratio";

    private static final Measure EACH = Measure.less(CPU_EACH, "CPU a refusal", "µs");
    private static final Measure SHARE = Measure.less(CPU_SHARE, "the flood's share of the core", "%");
    private static final Measure REFUSALS = Measure.neither("refusals", "refusals a second", "1/s");
    private static final Measure P99_QUIET = Measure.neither("p99-quiet", "a good client's p99 without the flood", "µs")
            .latency();
    private static final Measure P99_FLOOD =
            Measure.less("p99-flood", "a good client's p99 meanwhile", "µs").latency();
    private static final Measure RATIO =
            Measure.less(P99_RATIO, "a good client's p99 by that without", "").latency();
    private static final Measure LATE = Measure.neither(Part.LATE, "the good client's own delay, p99", "µs");

    /** Of the good client. */
    private static final Figures GOOD = Figures.per("request");

    private static final int GOOD_RATE = 1_000;
    private static final int GOOD_CONNECTIONS = 16;
    /** The kernel is told of who is loud only after a second or so. */
    private static final Duration TO_BE_KNOWN = Duration.ofSeconds(2);

    private static final double MICROS_A_PERCENT = 1e4;

    private final boolean byKernel;

    private Flood(boolean byKernel) {
        this.byKernel = byKernel;
    }

    /** The proxy refuses. */
    static Flood byProxy() {
        return new Flood(false);
    }

    /** The kernel refuses what the proxy tells it to. */
    static Flood byKernel() {
        return new Flood(true);
    }

    @Override
    public Subject subject() {
        return new Subject(
                byKernel ? "flood-kernel" : "flood",
                byKernel ? "flood of a banned client, refused by the kernel" : "flood of a banned client",
                "A banned client opens connections as fast as it can, 64 at once, while a good one asks 1,000 times a second."
                        + " What the proxy's processor spends on the flood, and how long the good one waits.");
    }

    @Override
    public List<Measure> measures() {
        return byKernel
                ? List.of(SHARE, RATIO, P99_FLOOD, P99_QUIET, LATE, REFUSALS)
                : List.of(EACH, SHARE, REFUSALS, RATIO, P99_FLOOD, P99_QUIET, LATE);
    }

    @Override
    public List<String> notes() {
        return List.of(
                "The flooding client shares its core with the good one and the application, so the good one waits for it"
                        + " too, whatever the proxy does.");
    }

    @Override
    public Optional<String> obstacle() {
        return byKernel && !Capabilities.mayAdministerTheNetwork()
                ? Optional.of("it needs CAP_NET_ADMIN to set a filter on the listener: run it as root")
                : Optional.empty();
    }

    @Override
    public boolean takes(Peer peer) {
        return peer.features().containsAll(features());
    }

    @Override
    public Duration toPrepare(WarmUp rule) {
        return Stage.TO_START
                .plus(rule.estimate(saturating(rule.slice())))
                .plus(together(rule.plain().dividedBy(2)));
    }

    @Override
    public Duration toMeasure(Duration round) {
        return good(round).estimate().plus(together(round));
    }

    @Override
    public Trial open(Peer peer, Stage stage) throws IOException {
        return new FloodTrial(stage.start(peer, 1, features()), stage);
    }

    private Set<Feature> features() {
        return byKernel ? Set.of(Feature.BANNED, Feature.KERNEL_FILTER) : Set.of(Feature.BANNED);
    }

    private static Load saturating(Duration duration) {
        return Loads.closed(GOOD_CONNECTIONS, duration);
    }

    /** What the good client and the flood take, which share a core while they start. */
    private Duration together(Duration duration) {
        return good(duration).estimate().plus(flood(duration).estimate()).minus(duration);
    }

    private static Load good(Duration duration) {
        return Loads.own(Kind.OPEN, duration)
                .with(Option.CONNECTIONS, GOOD_CONNECTIONS)
                .with(Option.RATE, GOOD_RATE);
    }

    private OwnLoad flood(Duration duration) {
        OwnLoad flood = Loads.own(Kind.FLOOD, duration).with(Option.SOURCE, Setup.OFFENDER);
        return byKernel ? flood.with(Option.LEAD_IN, TO_BE_KNOWN) : flood;
    }

    /** What let the flood in, or refused it elsewhere than is measured, has no figures. */
    static void checkRefused(LoadResult flood, boolean byKernel) throws IOException {
        double served = flood.figures().entrySet().stream()
                .filter(figure -> figure.getKey().startsWith("status-2"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        if (served > 0) {
            throw new IOException("the banned client was served " + Math.round(served) + " times (expected: never)");
        }
        double timedOut = flood.figures().getOrDefault("timed-out", 0.0);
        double answered = flood.figures().getOrDefault("answered", 0.0);
        if (byKernel && (timedOut == 0 || answered > 0)) {
            throw new IOException("the kernel did not refuse the flood: " + Math.round(timedOut)
                    + " connections timed out, " + Math.round(answered) + " were answered (expected: the former only)");
        }
    }

    private final class FloodTrial implements Trial {

        private final RunningPeer peer;
        private final Stage stage;
        private final Target target;

        FloodTrial(RunningPeer peer, Stage stage) {
            this.peer = peer;
            this.stage = stage;
            target = Target.plain(peer.port(), Setup.host(0));
        }

        @Override
        public boolean warmUp(WarmUp rule, IntConsumer told) throws IOException {
            boolean isWarm;
            try (RunningLoad slices = Loads.start(saturating(rule.slice()), target, stage.others())) {
                isWarm = rule.settle(() -> GOOD.cost(Loads.measure(slices, peer)), told, System::nanoTime);
            }
            try (Pair pair = new Pair(rule.plain().dividedBy(2))) {
                pair.awaitReady();
                pair.measure();
            }
            return isWarm;
        }

        @Override
        public Round measure(int number, Duration duration) throws IOException {
            Part quiet = Loads.measure(good(duration), target, stage.others(), peer);
            try (Pair pair = new Pair(duration)) {
                pair.awaitReady();
                Usage before = peer.usage();
                Results both = pair.measure();
                return round(number, quiet, Part.of(both.good(), before, peer.usage()), both.flood());
            }
        }

        private Round round(int number, Part quiet, Part loud, LoadResult flood) throws IOException {
            checkRefused(flood, byKernel);
            double refusals = flood.requests();
            double seconds = Math.max(loud.load().seconds(), flood.seconds());
            double good = quiet.used().cpu().totalMicros() / quiet.load().seconds() * seconds;
            double spent = loud.used().cpu().totalMicros() - good;
            Map<String, Double> figures = new LinkedHashMap<>();
            // Less than nothing is noise, and no figure that anybody could be measured against.
            if (refusals > 0 && spent > 0) {
                figures.put(EACH.id(), spent / refusals);
            }
            figures.put(SHARE.id(), Math.max(0, spent) / seconds / MICROS_A_PERCENT);
            figures.put(REFUSALS.id(), refusals / flood.seconds());
            figures.put(P99_QUIET.id(), p99(quiet));
            figures.put(P99_FLOOD.id(), p99(loud));
            figures.put(RATIO.id(), p99(loud) / p99(quiet));
            figures.put(LATE.id(), Math.max(Part.late(quiet.load()), Part.late(loud.load())));
            return loud.roundAtARate(number, figures, quiet);
        }

        private static double p99(Part part) {
            return part.load().latency().orElseThrow().p99();
        }

        @Override
        public void close() {
            peer.close();
        }

        /** The good client and the flood, at once: both are led in before either is measured. */
        private final class Pair implements AutoCloseable {

            private final RunningLoad good;
            private final RunningLoad flood;

            Pair(Duration duration) throws IOException {
                good = good(duration).prepare(target, stage.others());
                try {
                    flood = flood(duration).prepare(target, stage.others());
                } catch (IOException | RuntimeException e) {
                    good.close();
                    throw e;
                }
            }

            void awaitReady() throws IOException {
                good.awaitReady();
                flood.awaitReady();
            }

            Results measure() throws IOException {
                CompletableFuture<LoadResult> flooding = CompletableFuture.supplyAsync(() -> measured(flood));
                LoadResult answered = good.measure();
                return new Results(answered, joined(flooding));
            }

            @Override
            public void close() {
                try (good;
                        flood) {
                    // Both, whatever becomes of the first.
                }
            }
        }
    }

    private record Results(LoadResult good, LoadResult flood) {}

    private static LoadResult measured(RunningLoad load) {
        try {
            return load.measure();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static LoadResult joined(CompletableFuture<LoadResult> load) throws IOException {
        try {
            return load.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException fault) {
                throw fault;
            }
            throw e;
        }
    }
}
