package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.load.Load;
import io.portcullis.benchmarks.load.LoadResult;
import io.portcullis.benchmarks.load.RunningLoad;
import io.portcullis.benchmarks.load.Target;
import io.portcullis.benchmarks.peer.Feature;
import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.peer.RunningPeer;
import io.portcullis.benchmarks.peer.Setup;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult.Subject;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** A scenario that is one load, with figures that follow from it. */
final class LoadScenario implements Scenario {

    private static final double LEAST_BANS = 0.95;

    private final Subject subject;
    private final Function<Duration, Load> load;
    private final Figures figures;
    private final EnumSet<Feature> needed = EnumSet.noneOf(Feature.class);
    private final EnumSet<Feature> wanted = EnumSet.noneOf(Feature.class);
    private List<String> notes = List.of();
    private Optional<String> obstacle = Optional.empty();
    private int hosts = 1;
    private boolean bans;

    LoadScenario(Subject subject, Function<Duration, Load> load, Figures figures) {
        this.subject = subject;
        this.load = load;
        this.figures = figures;
    }

    /** A proxy without the feature is left out. */
    LoadScenario needing(Feature feature) {
        needed.add(feature);
        wanted.add(feature);
        return this;
    }

    /** A proxy without the feature is measured without it. */
    LoadScenario with(Feature feature) {
        wanted.add(feature);
        return this;
    }

    /**
     * Each request is to make a ban, and a round that did not make them fails. Its warm-up has a time of its own: what it
     * costs depends on how many are banned already.
     */
    LoadScenario banning() {
        bans = true;
        return this;
    }

    LoadScenario hosts(int count) {
        hosts = count;
        return this;
    }

    LoadScenario noting(String... words) {
        notes = List.of(words);
        return this;
    }

    LoadScenario obstructedBy(Optional<String> reason) {
        obstacle = reason;
        return this;
    }

    @Override
    public Subject subject() {
        return subject;
    }

    @Override
    public List<Measure> measures() {
        return figures.measures();
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    @Override
    public Optional<String> obstacle() {
        return obstacle;
    }

    @Override
    public boolean takes(Peer peer) {
        return !peer.onlyBans() && peer.features().containsAll(needed);
    }

    @Override
    public Duration toPrepare(WarmUp rule) {
        return Stage.TO_START.plus(
                bans ? load.apply(rule.plain()).estimate() : rule.estimate(load.apply(rule.slice())));
    }

    @Override
    public Duration toMeasure(Duration round) {
        return load.apply(round).estimate();
    }

    @Override
    public Trial open(Peer peer, Stage stage) throws IOException {
        RunningPeer running = stage.start(peer, hosts, Set.copyOf(wanted));
        return new LoadTrial(running, target(running), stage.others());
    }

    /** Some may be on their way yet; addresses that come again are banned once. */
    static void checkBans(LoadResult storm, long more) throws IOException {
        if (more < LEAST_BANS * storm.requests()) {
            throw new IOException(
                    more + " bans more in force after " + storm.requests() + " requests (expected: one for each)");
        }
    }

    private Target target(RunningPeer peer) {
        String host = hosts == 1 ? Setup.host(0) : Setup.anyHost();
        return needed.contains(Feature.TLS) ? Target.tls(peer.tlsPort(), host) : Target.plain(peer.port(), host);
    }

    private final class LoadTrial implements Trial {

        private final RunningPeer peer;
        private final Target target;
        private final CoreSet cores;

        LoadTrial(RunningPeer peer, Target target, CoreSet cores) {
            this.peer = peer;
            this.target = target;
            this.cores = cores;
        }

        @Override
        public boolean warmUp(WarmUp rule, IntConsumer told) throws IOException {
            if (bans) {
                Loads.run(load.apply(rule.plain()), target, cores);
                return true;
            }
            try (RunningLoad slices = Loads.start(load.apply(rule.slice()), target, cores)) {
                return rule.settle(() -> figures.cost(Loads.measure(slices, peer)), told, System::nanoTime);
            }
        }

        @Override
        public Round measure(int number, Duration duration) throws IOException {
            try (RunningLoad running = Loads.start(load.apply(duration), target, cores)) {
                // Those of the lead-in are none of the round's.
                long before = bans ? peer.bansInForce() : 0;
                Part part = Loads.measure(running, peer);
                if (bans) {
                    checkBans(part.load(), peer.bansInForce() - before);
                }
                return part.round(number, figures);
            }
        }

        @Override
        public void close() {
            peer.close();
        }
    }
}
