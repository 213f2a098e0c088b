package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.result.Figure;
import io.portcullis.benchmarks.result.GoalResult;
import io.portcullis.benchmarks.result.GoalResult.Outcome;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.Measure.Better;
import io.portcullis.benchmarks.result.PeerResult;
import io.portcullis.benchmarks.result.Report;
import io.portcullis.benchmarks.result.ScenarioResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The report for a terminal of 80 columns: ratios, then figures, then the machine that these belong to, and the goals at the
 * end.
 */
public final class TextReport {

    private static final String INDENT = "  ";
    /** The column in which a goal begins: the longest outcome is "not measured". */
    private static final int OUTCOME = 14;

    private final StringBuilder text = new StringBuilder();
    private final Report report;

    private TextReport(Report report) {
        this.report = report;
    }

    public static String of(Report report) {
        return new TextReport(report).write();
    }

    private String write() {
        ratios();
        heading("FIGURES", "Medians of all rounds, with the least and the greatest.");
        report.scenarios().forEach(this::scenario);
        heading("MACHINE", "");
        machine();
        goals();
        RunText.cautions(report).forEach(caution -> line(INDENT + "! " + caution));
        return text.toString();
    }

    private void heading(String heading, String explanation) {
        line(explanation.isEmpty() ? heading : heading + "  " + explanation);
        line("");
    }

    private void ratios() {
        heading("RATIOS", "Portcullis / peer, by medians; the least and the greatest of a round.");
        PeerTable table = new PeerTable();
        for (ScenarioResult scenario : report.scenarios()) {
            List<String> peers = scenario.peers().stream()
                    .map(PeerResult::peer)
                    .filter(peer -> !peer.equals(Comparison.OWN))
                    .toList();
            if (scenario.notMeasured().isPresent() || peers.isEmpty()) {
                String why = scenario.notMeasured().isPresent() ? "not measured" : "no peer took part";
                table.section(scenario.subject().id(), List.of(why));
                continue;
            }
            PeerTable.Section section = table.section(scenario.subject().id(), peers);
            for (Measure measure : scenario.measures()) {
                if (measure.better() != Better.NEITHER) {
                    List<PeerTable.Cell> cells = Comparison.of(scenario, measure).stream()
                            .map(TextReport::ratio)
                            .toList();
                    section.row(
                            measure.title() + (measure.better() == Better.LESS ? ", <\u00A01" : ", >\u00A01"), cells);
                }
            }
        }
        table.lines().forEach(this::line);
        line("");
        line(INDENT + "< 1, > 1: what is better.  ▲ ahead in every round  ▼ behind in every round");
        line(INDENT + "= rounds disagree: take them for equal  ? not to be believed: see FIGURES");
        line("");
    }

    private static PeerTable.Cell ratio(Comparison comparison) {
        return comparison
                .ratio()
                .map(ratio -> new PeerTable.Cell(
                        sign(comparison) + " ", Numbers.ratio(ratio.median()), Numbers.ratioSpread(ratio)))
                .orElseGet(() -> new PeerTable.Cell("  ", comparison.withoutRatio(), ""));
    }

    private static String sign(Comparison comparison) {
        if (comparison.doubt().isPresent()) {
            return "?";
        }
        return switch (comparison.judgement()) {
            case AHEAD -> "▲";
            case BEHIND -> "▼";
            case UNDECIDED -> "=";
        };
    }

    private void scenario(ScenarioResult scenario) {
        line(scenario.subject().id() + ": " + scenario.subject().title());
        scenario.notMeasured().ifPresent(why -> line(INDENT + "not measured: " + why));
        List<PeerResult> measured = scenario.peers().stream()
                .filter(peer -> !peer.rounds().isEmpty())
                .toList();
        if (!measured.isEmpty()) {
            figures(scenario, measured);
            line(INDENT + "load by " + ScenarioSection.generators(scenario));
            scenario.notes().forEach(note -> line(INDENT + note));
        }
        for (PeerResult peer : scenario.peers()) {
            peer.failure().ifPresent(failure -> line(INDENT + peer.peer() + " failed: " + failure));
            peer.fault().ifPresent(fault -> line(INDENT + "? " + peer.peer() + ": " + fault));
            peer.doubt().ifPresent(doubt -> line(INDENT + "? " + peer.peer() + ", latencies: " + doubt));
        }
        line("");
    }

    private void figures(ScenarioResult scenario, List<PeerResult> measured) {
        PeerTable table = new PeerTable();
        PeerTable.Section section =
                table.section("", measured.stream().map(PeerResult::peer).toList());
        for (Quantity quantity : Quantity.of(scenario)) {
            section.row(
                    quantity.title(),
                    measured.stream()
                            .map(peer -> figure(quantity.figure().apply(peer)))
                            .toList());
        }
        if (measured.stream().anyMatch(peer -> peer.errors() > 0)) {
            section.row(
                    "errors",
                    measured.stream()
                            .map(peer -> new PeerTable.Cell("", Numbers.amount((double) peer.errors()), ""))
                            .toList());
        }
        table.lines().forEach(this::line);
    }

    private static PeerTable.Cell figure(Optional<Figure> figure) {
        return figure.map(all -> new PeerTable.Cell("", Numbers.amount(all.median()), Numbers.spread(all)))
                .orElseGet(() -> new PeerTable.Cell("", "–", ""));
    }

    private void machine() {
        line(INDENT + RunText.summary(report));
        TextTable table = new TextTable(INDENT);
        table.row(List.of("jdk", report.machine().jdk()));
        for (Map.Entry<String, String> version : report.run().versions().entrySet()) {
            table.row(List.of(version.getKey(), version.getValue()));
        }
        table.lines().forEach(this::line);
        line("");
    }

    private void goals() {
        if (report.goals().isEmpty()) {
            return;
        }
        heading("GOALS", GoalCount.of(report.goals()) + ".");
        List<GoalResult> asked = report.goals().stream()
                .filter(goal -> report.scenario(goal.scenario()).isPresent())
                .toList();
        for (GoalResult goal : asked) {
            String outcome = HtmlReport.word(goal.outcome());
            line(INDENT + outcome + " ".repeat(OUTCOME - outcome.length()) + goal.goal());
            line(INDENT + " ".repeat(OUTCOME) + "wanted: " + goal.wanted() + "; "
                    + (goal.outcome() == Outcome.NOT_MEASURED ? "" : "measured: ") + goal.measured());
        }
        String others = report.goals().stream()
                .filter(goal -> !asked.contains(goal))
                .map(GoalResult::scenario)
                .distinct()
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            line(INDENT + "not asked for: " + others);
        }
        line("");
    }

    private void line(String line) {
        for (String each : TextLines.wrapped(TextTable.printable(line), TextLines.COLUMNS)) {
            text.append(each).append('\n');
        }
    }
}
