package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.peer.RunningPeer;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult.Subject;
import io.portcullis.benchmarks.result.Usage;
import io.portcullis.benchmarks.result.Work;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/** How long it is from the start of the process to the first answer of the application through it. */
final class StartUp implements Scenario {

    private static final Measure START = Measure.less("start", "start to first answer", "ms");
    private static final Measure CPU = Measure.less("start-cpu", "CPU for it", "ms");
    private static final Measure MEMORY = Measure.less(Figures.MEMORY, "resident memory then", "MiB");
    private static final double MIB = 1 << 20;

    /** Also how those start that may do so in several ways. */
    private final List<String> notes = new ArrayList<>(
            List.of("The proxies have all cores: there is no load here that they would have to be kept apart"
                    + " from, and an operator waits for a start on the whole machine."));

    @Override
    public Subject subject() {
        return new Subject(
                "start",
                "start to first answer",
                "The time from when the process is started until the first 200 of the application comes through it, asked for"
                        + " every two milliseconds.");
    }

    @Override
    public List<Measure> measures() {
        return List.of(START, CPU, MEMORY);
    }

    @Override
    public boolean takes(Peer peer) {
        return !peer.onlyBans();
    }

    @Override
    public List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public Duration toPrepare(WarmUp rule) {
        return Stage.TO_START;
    }

    @Override
    public Duration toMeasure(Duration round) {
        return Stage.TO_START;
    }

    @Override
    public Trial open(Peer peer, Stage stage) throws IOException {
        peer.startsBy().ifPresent(notes::add);
        return new StartTrial(peer, stage);
    }

    private record StartTrial(Peer peer, Stage stage) implements Trial {

        /** Once, so that no round has to read its files from the disk. */
        @Override
        public boolean warmUp(WarmUp rule, IntConsumer told) throws IOException {
            stage.startOnAllCores(peer).close();
            return true;
        }

        @Override
        public Round measure(int number, Duration duration) throws IOException {
            try (RunningPeer running = stage.startOnAllCores(peer)) {
                Usage used = running.usage();
                double seconds = running.toFirstAnswer().toNanos() / 1e9;
                Map<String, Double> figures = Map.of(
                        START.id(), seconds * 1e3,
                        CPU.id(), used.cpu().totalMicros() / 1e3,
                        MEMORY.id(), used.memory().rssBytes() / MIB);
                return new Round(number, new Work(seconds, 1, 0, "own, first answer"), used, Optional.empty(), figures);
            }
        }

        @Override
        public void close() {}
    }
}
