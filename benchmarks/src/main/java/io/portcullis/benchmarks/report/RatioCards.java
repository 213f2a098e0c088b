package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.report.Comparison.Judgement;
import io.portcullis.benchmarks.result.Figure;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.Measure.Better;
import io.portcullis.benchmarks.result.ScenarioResult;
import java.util.List;
import java.util.Optional;

/** The overview: a card a scenario, in it a bar a peer from 1 to the ratio, all on one scale. */
final class RatioCards {

    private final Markup page;
    private final Scale scale;

    private RatioCards(Markup page, Scale scale) {
        this.page = page;
        this.scale = scale;
    }

    static void write(Markup page, List<ScenarioResult> scenarios) {
        List<Double> ratios = scenarios.stream()
                .filter(RatioCards::isMeasured)
                .flatMap(scenario -> Comparison.of(scenario, scenario.measures().get(0)).stream())
                .flatMap(comparison -> comparison.ratio().stream())
                .map(Figure::median)
                .toList();
        RatioCards cards = new RatioCards(page, Scale.ofRatios(ratios));
        page.open("div", "class", "cards");
        scenarios.forEach(cards::card);
        page.close();
    }

    private static boolean isMeasured(ScenarioResult scenario) {
        return scenario.notMeasured().isEmpty() && !scenario.measures().isEmpty();
    }

    private void card(ScenarioResult scenario) {
        page.open("article", "class", "card").open("h3");
        page.element(
                        "a",
                        scenario.subject().title(),
                        "href",
                        "#" + scenario.subject().id())
                .close();
        if (isMeasured(scenario)) {
            measured(scenario, scenario.measures().get(0));
        } else {
            page.element("p", "Not measured: " + scenario.notMeasured().orElse("it has no figures"), "class", "muted");
        }
        page.close();
    }

    private void measured(ScenarioResult scenario, Measure measure) {
        String direction = switch (measure.better()) {
            case LESS -> ", less is better";
            case MORE -> ", more is better";
            case NEITHER -> "";
        };
        page.open("p", "class", "muted").text(RunText.sentence(measure.title()) + direction + "; Portcullis ");
        String unit = Quantity.unit(measure);
        String own = Comparison.own(scenario, measure)
                .map(figure -> Numbers.amount(figure.median()) + (unit.isEmpty() ? "" : "\u00A0" + unit))
                .orElse("failed");
        page.element("b", own).close();
        List<Comparison> comparisons = Comparison.of(scenario, measure);
        if (comparisons.isEmpty()) {
            page.element("p", "no peer took part", "class", "muted");
            return;
        }
        String caption = "Portcullis divided by each peer: " + measure.title();
        Plot.draw(page, scale, caption, plot -> {
            comparisons.forEach(comparison -> row(plot, comparison));
            plot.axis(Numbers::amount);
        });
    }

    private void row(Plot plot, Comparison comparison) {
        String peer = comparison.peer().peer();
        Optional<Figure> ratio = comparison.ratio();
        if (ratio.isEmpty()) {
            plot.rowWithout(peer, comparison.withoutRatio());
            return;
        }
        Figure figure = ratio.get();
        Judgement judgement = comparison.judgement();
        plot.row(
                peer,
                judgement.word(),
                () -> {
                    ahead(plot, comparison.measure().better());
                    plot.area("bar", 1, figure.median(), true);
                    plot.span("whisker", figure.least(), figure.greatest());
                    plot.rule("one", 1);
                    plot.tickOrArrow("median", figure.median());
                },
                Numbers.ratio(figure.median()),
                Numbers.ratioSpread(figure));
    }

    /** The side on which Portcullis is ahead. */
    private void ahead(Plot plot, Better better) {
        switch (better) {
            case LESS -> plot.area("good", scale.from(), 1, false);
            case MORE -> plot.area("good", 1, scale.to(), false);
            case NEITHER -> {}
        }
    }
}
