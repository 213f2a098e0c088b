package io.portcullis.benchmarks.harness;

import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.result.PeerResult;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult;
import io.portcullis.benchmarks.scenario.Scenario;
import io.portcullis.benchmarks.scenario.Trial;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One scenario: all proxies are up at once, each is warmed up, then they are measured in rounds, each of which begins with
 * another one. Who fails is out, and says why; the others go on.
 */
final class Contest {

    private final Scenario scenario;
    private final Effort effort;
    private final Progress progress;
    private final Predicate<Duration> isTimeFor;
    private final LongSupplier nanoTime;
    /** By the proxy's name: whoever restarts such a proxy has it that long before it is what was measured. */
    private final Map<String, Duration> warmUps = new LinkedHashMap<>();
    /** What came up meanwhile, beside the scenario's own. */
    private final List<String> notes = new ArrayList<>();

    /**
     * @param isTimeFor whether a further round may begin that takes so long
     * @param nanoTime as {@link System#nanoTime}
     */
    Contest(Scenario scenario, Effort effort, Progress progress, Predicate<Duration> isTimeFor, LongSupplier nanoTime) {
        this.scenario = scenario;
        this.effort = effort;
        this.progress = progress;
        this.isTimeFor = isTimeFor;
        this.nanoTime = nanoTime;
    }

    /** Sets up a proxy for the scenario. */
    interface Opening {
        Trial open(Peer peer) throws IOException;
    }

    /** Ends all proxies, whatever happens. */
    ScenarioResult run(List<Peer> peers, Opening opening) {
        List<Entrant> entrants = peers.stream().map(Entrant::new).toList();
        try {
            entrants.forEach(entrant -> entrant.attempt("start", () -> entrant.open(opening)));
            entrants.forEach(entrant -> entrant.attempt("warm-up", () -> entrant.warmUp()));
            playRounds(entrants);
        } finally {
            entrants.forEach(Entrant::close);
        }
        return new ScenarioResult(
                scenario.subject(),
                scenario.measures(),
                entrants.stream().map(Entrant::result).toList(),
                Stream.of(scenario.notes(), notes, warmUpNote())
                        .flatMap(List::stream)
                        .toList(),
                Optional.empty());
    }

    /** There is one in any case; how long the longest took says what the next one needs. */
    private void playRounds(List<Entrant> entrants) {
        Duration longest = Duration.ZERO;
        for (int round = 1; round <= effort.rounds(); round++) {
            if (round > 1 && !isTimeFor.test(longest)) {
                notes.add("No time was left for more than " + (round - 1) + " of " + effort.rounds() + " rounds."
                        + (round == 2 ? " A single one does not show how far rounds lie apart." : ""));
                return;
            }
            long began = nanoTime.getAsLong();
            play(entrants, round);
            Duration took = Duration.ofNanos(nanoTime.getAsLong() - began);
            longest = took.compareTo(longest) > 0 ? took : longest;
        }
    }

    private void play(List<Entrant> entrants, int round) {
        for (Entrant entrant : Rotation.of(entrants, round)) {
            entrant.attempt("round " + round + " of " + effort.rounds(), () -> entrant.measure(round));
        }
    }

    /** Nothing where nobody's took a second: the scenario has none to speak of. */
    private List<String> warmUpNote() {
        return warmUps.values().stream().noneMatch(took -> seconds(took) > 0)
                ? List.of()
                : List.of(warmUps.entrySet().stream()
                        .map(warmUp -> warmUp.getKey() + " " + seconds(warmUp.getValue()) + " s")
                        .collect(Collectors.joining(", ", "Warm-up: ", ".")));
    }

    private static long seconds(Duration took) {
        return Math.round(took.toMillis() / 1e3);
    }

    /** A step that may fail. */
    private interface Step {
        void take() throws IOException;
    }

    /** A proxy in this scenario. */
    private final class Entrant {

        private final Peer peer;
        private final List<Round> rounds = new ArrayList<>();
        private @Nullable Trial trial;
        private @Nullable String failure;

        Entrant(Peer peer) {
            this.peer = peer;
        }

        void attempt(String what, Step step) {
            if (failure != null) {
                return;
            }
            if (Thread.currentThread().isInterrupted()) {
                failure = what + ": not begun, for the time was over";
                return;
            }
            progress.step(what, peer.name());
            try {
                step.take();
            } catch (IOException | RuntimeException e) {
                failure = what + ": " + (e.getMessage() == null ? e.toString() : e.getMessage());
                progress.say(scenario.subject().id() + ": " + peer.name() + " failed: " + failure);
                close();
            }
        }

        void open(Opening opening) throws IOException {
            trial = opening.open(peer);
        }

        void warmUp() throws IOException {
            long began = nanoTime.getAsLong();
            boolean isWarm = running()
                    .warmUp(effort.warmUp(), slice -> progress.step("warm-up", peer.name() + ", slice " + slice));
            warmUps.put(peer.name(), Duration.ofNanos(nanoTime.getAsLong() - began));
            if (!isWarm) {
                notes.add(peer.name() + " was still getting faster when the time for its warm-up was over.");
            }
        }

        void measure(int number) throws IOException {
            rounds.add(running().measure(number, effort.round()));
        }

        void close() {
            if (trial != null) {
                trial.close();
                trial = null;
            }
        }

        PeerResult result() {
            return new PeerResult(peer.name(), rounds, Optional.ofNullable(failure));
        }

        private Trial running() {
            if (trial == null) {
                throw new IllegalStateException(peer.name() + " was not opened");
            }
            return trial;
        }
    }
}
