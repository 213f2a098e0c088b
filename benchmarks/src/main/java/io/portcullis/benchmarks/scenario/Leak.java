package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.load.Load;
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
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * What still reaches the application of a client that has had its five answers of 403. The application counts. Each round
 * has a client of its own, from 127.0.0.2 on.
 */
final class Leak implements Scenario {

    static final String LEAKED = "leaked";

    private static final String PATH = "/forbidden";
    private static final Measure AFTER =
            Measure.less(LEAKED, "requests that reached the application after the threshold", "");
    private static final Measure TIME = Measure.less("refused-after", "the client's first request to the last", "ms");
    /** With the client's start; about. */
    private static final Duration TO_BE_REFUSED = Duration.ofMillis(1_500);
    /** For a client that is never refused. */
    private static final int MOST = 20_000;

    private final int connections;

    Leak(int connections) {
        this.connections = connections;
    }

    @Override
    public Subject subject() {
        String how = connections == 1 ? "one request after the other" : connections + " connections at once";
        return new Subject(
                connections == 1 ? "leak" : "leak-" + connections,
                "requests after the threshold, " + how,
                "A client asks for what is forbidden until it is refused, " + how
                        + ". A jail bans at the fifth answer of 403:"
                        + " what reached the application beyond those five.");
    }

    @Override
    public List<Measure> measures() {
        return List.of(AFTER, TIME);
    }

    @Override
    public boolean takes(Peer peer) {
        return peer.features().contains(Feature.JAIL);
    }

    @Override
    public Duration toPrepare(WarmUp rule) {
        return Stage.TO_START.plus(ordinary(rule.plain()).estimate());
    }

    @Override
    public Duration toMeasure(Duration round) {
        return TO_BE_REFUSED;
    }

    @Override
    public Trial open(Peer peer, Stage stage) throws IOException {
        return new LeakTrial(stage.start(peer, 1, Set.of(Feature.JAIL)), stage);
    }

    /** The load of clients that ask for nothing forbidden. */
    private Load ordinary(Duration duration) {
        return Loads.closed(Math.max(2, connections), duration);
    }

    private final class LeakTrial implements Trial {

        private final RunningPeer peer;
        private final Stage stage;
        private final Target target;

        LeakTrial(RunningPeer peer, Stage stage) {
            this.peer = peer;
            this.stage = stage;
            target = Target.plain(peer.port(), Setup.host(0));
        }

        @Override
        public boolean warmUp(WarmUp rule, IntConsumer told) throws IOException {
            Loads.run(ordinary(rule.plain()), target, stage.others());
            return true;
        }

        @Override
        public Round measure(int number, Duration duration) throws IOException {
            Load load = OwnLoad.of(Kind.LEAK)
                    .with(Option.CONNECTIONS, connections)
                    .with(Option.REQUESTS, MOST)
                    .with(Option.SOURCE, "127.0.0." + (number + 1));
            long reached = stage.application().count(PATH);
            Part part = Loads.measure(load, target, stage.others(), peer);
            reached = stage.application().count(PATH) - reached;
            if (part.load().figures().getOrDefault("refused", 0.0) == 0) {
                throw new IOException("the client was not refused after " + reached
                        + " answers of 403 (expected: after " + Setup.MAX_RETRY + ", or some more)");
            }
            Map<String, Double> figures = Map.of(
                    AFTER.id(),
                    (double) Math.max(0, reached - Setup.MAX_RETRY),
                    TIME.id(),
                    part.load().seconds() * 1e3);
            return part.round(number, figures);
        }

        @Override
        public void close() {
            peer.close();
        }
    }
}
