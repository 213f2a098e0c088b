package io.portcullis.benchmarks.result;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * What a scenario found.
 *
 * @param measures the first is what the scenario is about
 * @param notes what a reader has to know to judge the figures
 * @param notMeasured why the scenario has no figures at all: left out, or failed before its first round
 */
public record ScenarioResult(
        Subject subject,
        List<Measure> measures,
        List<PeerResult> peers,
        List<String> notes,
        Optional<String> notMeasured) {

    /**
     * What a scenario is about.
     *
     * @param what a sentence or two: what is done, and what the first figure is
     */
    public record Subject(String id, String title, String what) {}

    public ScenarioResult {
        measures = List.copyOf(measures);
        peers = List.copyOf(peers);
        notes = List.copyOf(notes);
    }

    public Optional<PeerResult> peer(String name) {
        return peers.stream().filter(peer -> peer.peer().equals(name)).findFirst();
    }

    public Optional<Measure> measure(String id) {
        return measures.stream().filter(measure -> measure.id().equals(id)).findFirst();
    }

    /** Why the peer's figure is not to be believed, if it is not. */
    public Optional<String> doubt(Measure measure, String peer) {
        return peer(peer)
                .flatMap(result -> result.fault().or(() -> measure.isLatency() ? result.doubt() : Optional.empty()));
    }

    /**
     * One peer's figure divided by another's: of the medians of the rounds in which both have it, with the least and greatest of a single round beside it.
     * Empty where one of them has no figure, or the other's is 0.
     */
    public Optional<Figure> ratio(Measure measure, String of, String to) {
        Optional<PeerResult> one = peer(of);
        Optional<PeerResult> other = peer(to);
        if (one.isEmpty() || other.isEmpty()) {
            return Optional.empty();
        }
        Optional<Figure> dividend = paired(measure, one.get(), other.get());
        Optional<Figure> divisor = paired(measure, other.get(), one.get());
        double[] single = one.get().rounds().stream()
                .flatMapToDouble(round -> ratio(measure, round, other.get().rounds()))
                .toArray();
        if (dividend.isEmpty() || divisor.isEmpty() || divisor.get().median() == 0 || single.length == 0) {
            return Optional.empty();
        }
        Figure rounds = Figure.of(single);
        return Optional.of(
                new Figure(dividend.get().median() / divisor.get().median(), rounds.least(), rounds.greatest()));
    }

    /** Of the rounds in which the other has the figure, too: else the medians are of other rounds than the ratios. */
    private static Optional<Figure> paired(Measure measure, PeerResult one, PeerResult other) {
        double[] figures = one.rounds().stream()
                .filter(round -> other.rounds().stream()
                        .anyMatch(its -> its.number() == round.number()
                                && its.figure(measure).isPresent()))
                .flatMapToDouble(round -> round.figure(measure).stream())
                .toArray();
        return figures.length == 0 ? Optional.empty() : Optional.of(Figure.of(figures));
    }

    private static DoubleStream ratio(Measure measure, Round round, List<Round> others) {
        OptionalDouble dividend = round.figure(measure);
        return others.stream()
                .filter(other -> other.number() == round.number())
                .flatMapToDouble(other -> other.figure(measure).stream())
                .filter(divisor -> divisor != 0 && dividend.isPresent())
                .map(divisor -> dividend.orElseThrow() / divisor);
    }
}
