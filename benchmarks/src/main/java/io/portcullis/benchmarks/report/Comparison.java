package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.result.Figure;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.Measure.Better;
import io.portcullis.benchmarks.result.PeerResult;
import io.portcullis.benchmarks.result.Report;
import io.portcullis.benchmarks.result.ScenarioResult;
import java.util.List;
import java.util.Optional;

/** Portcullis beside one peer, by one measure of a scenario. */
record Comparison(ScenarioResult scenario, Measure measure, PeerResult peer) {

    /** The name under which the proxy itself takes part. */
    static final String OWN = "portcullis";

    /** What the rounds say, all of them. */
    enum Judgement {
        AHEAD("ahead"),
        BEHIND("behind"),
        /** Some rounds say the one, some the other; or neither is better; or nothing is to be believed. */
        UNDECIDED("undecided");

        private final String word;

        Judgement(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** With every peer that took part, whether or not it came to a figure. */
    static List<Comparison> of(ScenarioResult scenario, Measure measure) {
        return scenario.peers().stream()
                .filter(peer -> !peer.peer().equals(OWN))
                .map(peer -> new Comparison(scenario, measure, peer))
                .toList();
    }

    /** Everybody who stands in any scenario but Portcullis, in order of appearance. */
    static List<String> peers(Report report) {
        return report.scenarios().stream()
                .flatMap(scenario -> scenario.peers().stream())
                .map(PeerResult::peer)
                .filter(peer -> !peer.equals(OWN))
                .distinct()
                .toList();
    }

    static Optional<Figure> own(ScenarioResult scenario, Measure measure) {
        return scenario.peer(OWN).flatMap(own -> own.figure(measure));
    }

    Optional<Figure> ratio() {
        return scenario.ratio(measure, OWN, peer.peer());
    }

    /** Why one of the two figures is not to be believed. */
    Optional<String> doubt() {
        return scenario.doubt(measure, OWN).or(() -> scenario.doubt(measure, peer.peer()));
    }

    Judgement judgement() {
        Optional<Figure> ratio = ratio();
        if (ratio.isEmpty() || doubt().isPresent() || measure.better() == Better.NEITHER) {
            return Judgement.UNDECIDED;
        }
        boolean isBelow = ratio.get().greatest() < 1;
        boolean isAbove = ratio.get().least() > 1;
        if (!isBelow && !isAbove) {
            return Judgement.UNDECIDED;
        }
        return isBelow == (measure.better() == Better.LESS) ? Judgement.AHEAD : Judgement.BEHIND;
    }

    /** In place of a ratio: what there is to say. */
    String withoutRatio() {
        if (peer.failure().isPresent() && peer.rounds().isEmpty()) {
            return "failed";
        }
        Optional<Figure> own = own(scenario, measure);
        Optional<Figure> other = peer.figure(measure);
        return own.isPresent() && other.isPresent()
                ? Numbers.amount(own.get().median()) + " to "
                        + Numbers.amount(other.get().median())
                : "–";
    }
}
