package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.load.Load;
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

/** A scenario that is one load, with figures that follow from it. */
final class LoadScenario implements Scenario {

    private final Subject subject;
    private final Function<Duration, Load> load;
    private final Figures figures;
    private final EnumSet<Feature> needed = EnumSet.noneOf(Feature.class);
    private final EnumSet<Feature> wanted = EnumSet.noneOf(Feature.class);
    private List<String> notes = List.of();
    private Optional<String> obstacle = Optional.empty();
    private int hosts = 1;

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
    public Trial open(Peer peer, Stage stage) throws IOException {
        RunningPeer running = stage.start(peer, hosts, Set.copyOf(wanted));
        return new LoadTrial(running, target(running), stage.others());
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
        public void warmUp(Duration duration) throws IOException {
            Loads.run(load.apply(duration), target, cores);
        }

        @Override
        public Round measure(int number, Duration duration) throws IOException {
            return Loads.measure(load.apply(duration), target, cores, peer).round(number, figures);
        }

        @Override
        public void close() {
            peer.close();
        }
    }
}
