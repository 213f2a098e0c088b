package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.result.Figure;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.PeerResult;
import io.portcullis.benchmarks.result.Report;
import io.portcullis.benchmarks.result.Round;
import io.portcullis.benchmarks.result.ScenarioResult;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** All about one scenario: what is measured, every figure, every round, latencies. */
final class ScenarioSection {

    private static final double ROUND_RADIUS = 4;
    private static final double PERCENTILE_RADIUS = 3.5;

    private final Markup page;
    private final Report report;
    private final ScenarioResult scenario;

    private ScenarioSection(Markup page, Report report, ScenarioResult scenario) {
        this.page = page;
        this.report = report;
        this.scenario = scenario;
    }

    static void write(Markup page, Report report, ScenarioResult scenario) {
        page.open("section", "class", "scenario", "id", scenario.subject().id());
        new ScenarioSection(page, report, scenario).write();
        page.close();
    }

    private void write() {
        page.open("h3").text(RunText.sentence(scenario.subject().title()) + " ");
        page.element("code", scenario.subject().id()).close();
        page.element("p", scenario.subject().what());
        scenario.notMeasured().ifPresent(why -> page.element("p", "Not measured: " + why, "class", "warning"));
        scenario.peers()
                .forEach(peer -> peer.failure()
                        .ifPresent(
                                failure -> page.element("p", peer.peer() + " failed: " + failure, "class", "warning")));
        scenario.peers()
                .forEach(peer -> peer.fault()
                        .ifPresent(fault -> page.element("p", peer.peer() + ": " + fault, "class", "warning")));
        scenario.peers()
                .forEach(peer -> peer.doubt()
                        .ifPresent(
                                doubt -> page.element("p", peer.peer() + ", latencies: " + doubt, "class", "warning")));
        boolean hasRounds =
                scenario.peers().stream().anyMatch(peer -> !peer.rounds().isEmpty());
        if (hasRounds) {
            rounds();
            table();
            latencies();
        }
        notes(hasRounds);
    }

    private void rounds() {
        if (scenario.measures().isEmpty()) {
            return;
        }
        Measure measure = scenario.measures().get(0);
        double greatest = scenario.peers().stream()
                .flatMap(peer -> peer.figure(measure).stream())
                .mapToDouble(Figure::greatest)
                .max()
                .orElse(0);
        page.element("h4", RunText.sentence(Quantity.titleWithUnit(measure)) + ": every round");
        Plot.draw(page, Scale.fromZero(greatest), measure.title() + " of each peer, median and spread", plot -> {
            scenario.peers().forEach(peer -> rounds(plot, measure, peer));
            plot.axis(Numbers::amount);
        });
    }

    private static void rounds(Plot plot, Measure measure, PeerResult peer) {
        Optional<Figure> figure = peer.figure(measure);
        if (figure.isEmpty()) {
            plot.rowWithout(peer.peer(), "no figure");
            return;
        }
        plot.row(
                peer.peer(),
                side(peer),
                () -> {
                    for (Round round : peer.rounds()) {
                        OptionalDouble one = round.figure(measure);
                        if (one.isPresent()) {
                            String hint = "round " + round.number() + ": " + Numbers.amount(one.getAsDouble());
                            plot.dot("round", one.getAsDouble(), ROUND_RADIUS, hint);
                        }
                    }
                    plot.tick("median", figure.get().median());
                },
                Numbers.amount(figure.get().median()),
                Numbers.spread(figure.get()));
    }

    private static String side(PeerResult peer) {
        return peer.peer().equals(Comparison.OWN) ? "own" : "other";
    }

    private void table() {
        List<Quantity> quantities = Quantity.of(scenario);
        page.open("div", "class", "wide", "tabindex", "0", "role", "region", "aria-label", "All figures");
        page.open("table", "class", "figures").open("thead").open("tr").element("th", "peer", "scope", "col");
        quantities.forEach(quantity -> page.element("th", quantity.title(), "scope", "col"));
        page.element("th", "errors", "scope", "col").close().close().open("tbody");
        for (PeerResult peer : scenario.peers()) {
            page.open("tr", "class", side(peer)).open("th", "scope", "row").text(peer.peer());
            String version = report.run().versions().get(peer.peer());
            if (version != null) {
                page.text(" ").element("small", version);
            }
            page.close();
            quantities.forEach(quantity -> cell(quantity.figure().apply(peer)));
            page.element("td", peer.rounds().isEmpty() ? "–" : Numbers.amount((double) peer.errors()));
            page.close();
        }
        page.close().close().close();
    }

    private void cell(Optional<Figure> figure) {
        page.open("td")
                .text(figure.map(measured -> Numbers.amount(measured.median())).orElse("–"));
        String spread = figure.map(Numbers::spread).orElse("");
        if (!spread.isEmpty()) {
            page.text(" ").element("small", spread);
        }
        page.close();
    }

    private void latencies() {
        List<PeerResult> measured =
                scenario.peers().stream().filter(Quantity::hasLatency).toList();
        if (measured.isEmpty()) {
            return;
        }
        double[] medians = measured.stream()
                .flatMap(peer -> percentiles(peer).stream())
                .mapToDouble(percentile -> Math.max(1, percentile.median()))
                .sorted()
                .toArray();
        Scale scale = Scale.logarithmic(medians[0], medians[medians.length - 1]);
        page.element("h4", "Latency from when a request was due: p50, p99 (filled), p99.9 and the longest");
        Plot.draw(page, scale, "Latency: the figure told is p99 in µs", plot -> {
            measured.forEach(peer -> latency(plot, peer));
            plot.axis(Numbers::micros);
        });
    }

    private static List<Figure> percentiles(PeerResult peer) {
        return Quantity.PERCENTILES.stream()
                .flatMap(percentile -> percentile.figure().apply(peer).stream())
                .toList();
    }

    private static void latency(Plot plot, PeerResult peer) {
        List<Figure> percentiles = percentiles(peer);
        String p99 = Quantity.P99
                .figure()
                .apply(peer)
                .map(figure -> Numbers.micros(figure.median()))
                .orElse("–");
        plot.row(
                peer.peer(),
                side(peer),
                () -> {
                    double least = percentiles.get(0).median();
                    double greatest = percentiles.get(percentiles.size() - 1).median();
                    plot.span("reach", least, greatest);
                    for (int i = 0; i < percentiles.size(); i++) {
                        Quantity percentile = Quantity.PERCENTILES.get(i);
                        Figure figure = percentiles.get(i);
                        String mark = percentile.equals(Quantity.P99) ? "percentile p99" : "percentile";
                        String hint = percentile.title() + ": " + Numbers.withSpread(figure);
                        plot.dot(mark, figure.median(), PERCENTILE_RADIUS, hint);
                    }
                },
                p99,
                "");
    }

    private void notes(boolean hasRounds) {
        String generators = hasRounds ? "Load by " + generators(scenario) + "." : "";
        if (scenario.notes().isEmpty() && generators.isEmpty()) {
            return;
        }
        page.open("ul", "class", "notes");
        scenario.notes().forEach(note -> page.element("li", note));
        if (!generators.isEmpty()) {
            page.element("li", generators);
        }
        page.close();
    }

    /** {@code wrk 4.1.0}; several where peers or rounds had different ones. */
    static String generators(ScenarioResult scenario) {
        return scenario.peers().stream()
                .flatMap(peer -> peer.rounds().stream())
                .map(round -> round.work().generator())
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
