package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.load.Load;
import io.portcullis.benchmarks.load.RunningLoad;
import io.portcullis.benchmarks.load.Target;
import io.portcullis.benchmarks.load.generator.Kind;
import io.portcullis.benchmarks.load.generator.Option;
import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.peer.Peers;
import io.portcullis.benchmarks.peer.RunningPeer;
import io.portcullis.benchmarks.peer.Setup;
import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult.Subject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/**
 * How long answers take at a rate that is no trouble: half of what nginx can do at most, for all proxies alike. The rate is
 * found while they are warmed up; where there is no nginx, the slowest one's half is taken.
 */
final class HalfRate implements Scenario {

    private static final int CONNECTIONS = 64;

    /** Of the load that saturates. */
    private static final Figures CLOSED = Figures.per("request");

    private final Figures figures = Figures.latency();
    /** Requests a second of each proxy when it had all that it could take. */
    private final Map<String, Double> saturated = new ConcurrentHashMap<>();

    @Override
    public Subject subject() {
        return new Subject(
                "half-rate",
                "latency at half of nginx's saturated rate",
                "Requests for 100 octets over 64 connections at a fixed rate, the same for all: half of what nginx answered at"
                        + " most. A latency counts from when the request was meant to be sent.");
    }

    @Override
    public List<Measure> measures() {
        return figures.measures();
    }

    @Override
    public boolean takes(Peer peer) {
        return !peer.onlyBans();
    }

    @Override
    public Duration toPrepare(WarmUp rule) {
        return Stage.TO_START.plus(rule.estimate(saturating(rule.slice())));
    }

    @Override
    public Duration toMeasure(Duration round) {
        return atRate(1, round).estimate();
    }

    @Override
    public Trial open(Peer peer, Stage stage) throws IOException {
        return new HalfRateTrial(stage.start(peer, 1, Set.of()), stage.others());
    }

    private static Load saturating(Duration duration) {
        return Loads.closed(CONNECTIONS, duration);
    }

    private static Load atRate(int rate, Duration duration) {
        return Loads.own(Kind.OPEN, duration)
                .with(Option.CONNECTIONS, CONNECTIONS)
                .with(Option.RATE, rate);
    }

    /** Requests a second. */
    private int rate() {
        double most = saturated.containsKey(Peers.NGINX)
                ? saturated.getOrDefault(Peers.NGINX, 0.0)
                : saturated.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .min()
                        .orElse(0);
        return (int) Math.max(1, most / 2);
    }

    private final class HalfRateTrial implements Trial {

        private final RunningPeer peer;
        private final Target target;
        private final CoreSet cores;

        HalfRateTrial(RunningPeer peer, CoreSet cores) {
            this.peer = peer;
            this.cores = cores;
            target = Target.plain(peer.port(), Setup.host(0));
        }

        @Override
        public boolean warmUp(WarmUp rule, IntConsumer told) throws IOException {
            try (RunningLoad slices = Loads.start(saturating(rule.slice()), target, cores)) {
                return rule.settle(() -> saturate(slices), told, System::nanoTime);
            }
        }

        /** The last slice's rate stays: that is the warm proxy's. */
        private double saturate(RunningLoad slice) throws IOException {
            Part most = Loads.measure(slice, peer);
            saturated.put(peer.name(), most.load().perSecond());
            return CLOSED.cost(most);
        }

        @Override
        public Round measure(int number, Duration duration) throws IOException {
            return Loads.measure(atRate(rate(), duration), target, cores, peer).round(number, figures);
        }

        @Override
        public void close() {
            peer.close();
        }
    }
}
