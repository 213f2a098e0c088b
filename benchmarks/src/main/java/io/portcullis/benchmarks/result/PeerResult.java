package io.portcullis.benchmarks.result;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a scenario found of one peer.
 *
 * @param failure why there are no rounds, or fewer than wanted
 */
public record PeerResult(String peer, List<Round> rounds, Optional<String> failure) {

    private static final double MOST_ERRORS = 0.001;

    public PeerResult {
        rounds = List.copyOf(rounds);
    }

    /** Empty where no round has the figure. */
    public Optional<Figure> figure(Measure measure) {
        double[] figures = rounds.stream()
                .flatMapToDouble(round -> round.figure(measure).stream())
                .toArray();
        return figures.length == 0 ? Optional.empty() : Optional.of(Figure.of(figures));
    }

    /** Why its latencies are not to be believed: in so many rounds the load was late that the median is one of these. */
    public Optional<String> doubt() {
        long timed = rounds.stream().flatMap(round -> round.latency().stream()).count();
        long late = rounds.stream()
                .flatMap(round -> round.latency().stream())
                .filter(Latency::loadWasLate)
                .count();
        return late > 0 && 2 * late >= timed
                ? Optional.of("the load itself was late: not to be believed")
                : Optional.empty();
    }

    /** Why nothing of it is to be believed: too many of its requests failed, and those may have cost it less, or more. */
    public Optional<String> fault() {
        long answered =
                rounds.stream().mapToLong(round -> round.work().requests()).sum();
        double share = (double) errors() / Math.max(1, answered + errors());
        return share > MOST_ERRORS
                ? Optional.of(
                        String.format(Locale.ROOT, "%.1f %% of its requests failed: not to be believed", 100 * share))
                : Optional.empty();
    }

    public long errors() {
        return rounds.stream().mapToLong(round -> round.work().errors()).sum();
    }
}
