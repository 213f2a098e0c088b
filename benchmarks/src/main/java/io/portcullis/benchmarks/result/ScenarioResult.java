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
        return measure.isLatency() ? peer(peer).flatMap(PeerResult::doubt) : Optional.empty();
    }

    /**
     * One peer's figure divided by another's: of the medians, with the least and greatest of a single round beside it.
     * Empty where one of them has no figure, or the other's is 0.
     */
    public Optional<Figure> ratio(Measure measure, String of, String to) {
        Optional<PeerResult> one = peer(of);
        Optional<PeerResult> other = peer(to);
        if (one.isEmpty() || other.isEmpty()) {
            return Optional.empty();
        }
        Optional<Figure> dividend = one.get().figure(measure);
        Optional<Figure> divisor = other.get().figure(measure);
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

    private static DoubleStream ratio(Measure measure, Round round, List<Round> others) {
        OptionalDouble dividend = round.figure(measure);
        return others.stream()
                .filter(other -> other.number() == round.number())
                .flatMapToDouble(other -> other.figure(measure).stream())
                .filter(divisor -> divisor != 0 && dividend.isPresent())
                .map(divisor -> dividend.orElseThrow() / divisor);
    }
}
