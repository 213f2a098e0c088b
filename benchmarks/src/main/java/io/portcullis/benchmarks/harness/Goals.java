package io.portcullis.benchmarks.harness;

import io.portcullis.benchmarks.peer.Peers;
import io.portcullis.benchmarks.result.Figure;
import io.portcullis.benchmarks.result.GoalResult;
import io.portcullis.benchmarks.result.GoalResult.Outcome;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.ScenarioResult;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What Portcullis is to reach, and whether it does. */
final class Goals {

    private static final List<Goal> ALL = List.of(
            atMostOf("small-64-jails", "cpu", "CPU a request, ten jails active", 0.85, Peers.NGINX),
            atMostOf("small-64-jails", "cpu", "CPU a request, ten jails active", 0.85, Peers.HAPROXY),
            atMostOf("half-rate", "p99", "p99 at half of nginx's saturated rate", 1, Peers.NGINX),
            atMostOf("download-1m", "cpu-gib", "CPU a GiB, answers of 1 MiB", 1, Peers.NGINX),
            atMostOf("connect", "cpu", "CPU a request, a new connection each", 1, Peers.NGINX),
            new Goal(
                    "tls-handshake",
                    "handshakes",
                    "TLS handshakes a second of the proxy's CPU, ECDSA",
                    new AtLeastOf(1, Peers.NGINX)),
            atMostOf("http2", "cpu", "CPU a request, HTTP/2 with 50 streams", 1, Peers.NGINX),
            new Goal("idle", "idle-kib", "memory an idle connection", new AtMost(8, "KiB", false)),
            new Goal("leak", "leaked", "requests after the threshold, one after the other", new AtMost(0, "", true)),
            new Goal("leak-32", "leaked", "requests after the threshold, 32 connections", new AtMost(32, "", true)),
            atMostOf("flood", "cpu-refusal", "CPU a refusal", 1, Peers.HAPROXY),
            // A tick of the kernel's clock in a second is a percent: less than that is nothing.
            new Goal("flood-kernel", "cpu-share", "share of the core for a flood", new AtMost(1, "%", false)),
            new Goal("flood-kernel", "p99-ratio", "a good client's p99 by that without", new AtMost(1.2, "", false)),
            new Goal("start", "start", "start to first answer", new AtMost(500, "ms", false)),
            new Goal("small-64-jails", "memory", "resident memory after small answers", new AtMost(150, "MiB", false)));

    private Goals() {}

    static List<GoalResult> judge(List<ScenarioResult> scenarios) {
        return ALL.stream().map(goal -> goal.judge(scenarios)).toList();
    }

    private static Goal atMostOf(String scenario, String measure, String title, double factor, String peer) {
        return new Goal(scenario, measure, title, new AtMostOf(factor, peer));
    }

    private record Goal(String scenario, String measure, String title, Bound bound) {

        GoalResult judge(List<ScenarioResult> scenarios) {
            Finding finding = scenarios.stream()
                    .filter(result -> result.subject().id().equals(scenario))
                    .findFirst()
                    .map(this::finding)
                    .orElseGet(() -> Finding.none("not among the scenarios of this run"));
            return new GoalResult(scenario, title, bound.wanted(), finding.text(), finding.outcome());
        }

        private Finding finding(ScenarioResult result) {
            if (result.notMeasured().isPresent()) {
                return Finding.none(result.notMeasured().get());
            }
            Measure wanted = result.measure(measure)
                    .orElseThrow(() -> new IllegalStateException(scenario + " has no measure " + measure));
            return bound.judge(result, wanted);
        }
    }

    /** What was found, in words, and what that means. */
    private record Finding(String text, Outcome outcome) {

        static Finding none(String why) {
            return new Finding(why, Outcome.NOT_MEASURED);
        }

        static Finding of(String text, boolean met) {
            return new Finding(text, met ? Outcome.MET : Outcome.MISSED);
        }
    }

    private sealed interface Bound {

        String wanted();

        Finding judge(ScenarioResult result, Measure measure);
    }

    private record AtMostOf(double factor, String peer) implements Bound {

        @Override
        public String wanted() {
            return "at most " + of(factor, peer);
        }

        @Override
        public Finding judge(ScenarioResult result, Measure measure) {
            return ratio(result, measure, peer, ratio -> ratio.median() <= factor);
        }
    }

    private record AtLeastOf(double factor, String peer) implements Bound {

        @Override
        public String wanted() {
            return "at least " + of(factor, peer);
        }

        @Override
        public Finding judge(ScenarioResult result, Measure measure) {
            return ratio(result, measure, peer, ratio -> ratio.median() >= factor);
        }
    }

    /** @param always in the worst round, too, and not only in the median */
    private record AtMost(double most, String unit, boolean always) implements Bound {

        @Override
        public String wanted() {
            return "at most " + number(most) + (unit.isEmpty() ? "" : " " + unit) + (always ? ", in every round" : "");
        }

        @Override
        public Finding judge(ScenarioResult result, Measure measure) {
            Optional<String> doubt = result.doubt(measure, Peers.PORTCULLIS);
            if (doubt.isPresent()) {
                return Finding.none(doubt.get());
            }
            Optional<Figure> figure = result.peer(Peers.PORTCULLIS).flatMap(portcullis -> portcullis.figure(measure));
            return figure.map(found -> Finding.of(
                            text(found) + (unit.isEmpty() ? "" : " " + unit),
                            (always ? found.greatest() : found.median()) <= most))
                    .orElseGet(() -> Finding.none("portcullis has no figure"));
        }
    }

    private interface Test {
        boolean passes(Figure ratio);
    }

    private static Finding ratio(ScenarioResult result, Measure measure, String peer, Test test) {
        for (String each : List.of(Peers.PORTCULLIS, peer)) {
            Optional<String> doubt = result.doubt(measure, each);
            if (doubt.isPresent()) {
                return Finding.none(each + ": " + doubt.get());
            }
        }
        return result.ratio(measure, Peers.PORTCULLIS, peer)
                .map(ratio -> Finding.of(text(ratio) + " of " + peer + "'s", test.passes(ratio)))
                .orElseGet(() -> Finding.none("not measured beside " + peer));
    }

    private static String of(double factor, String peer) {
        return (factor == 1 ? "" : number(factor) + " of ") + peer + "'s";
    }

    private static String text(Figure figure) {
        return number(figure.median()) + " (" + number(figure.least()) + " to " + number(figure.greatest()) + ")";
    }

    private static String number(double number) {
        return number == Math.rint(number) || Math.abs(number) >= 100
                ? String.valueOf(Math.round(number))
                : String.format(Locale.ROOT, "%.2f", number);
    }
}
