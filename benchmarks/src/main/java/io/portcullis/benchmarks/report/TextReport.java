package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.report.Comparison.Judgement;
import io.portcullis.benchmarks.result.GoalResult;
import io.portcullis.benchmarks.result.Measure;
import io.portcullis.benchmarks.result.Measure.Better;
import io.portcullis.benchmarks.result.PeerResult;
import io.portcullis.benchmarks.result.Report;
import io.portcullis.benchmarks.result.ScenarioResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The report for a terminal: ratios, then figures, then the machine that these belong to, and the goals at the end. */
public final class TextReport {

    private static final String INDENT = "  ";

    private final StringBuilder text = new StringBuilder();
    private final Report report;
    private final List<String> peers;

    private TextReport(Report report) {
        this.report = report;
        this.peers = Comparison.peers(report);
    }

    public static String of(Report report) {
        return new TextReport(report).write();
    }

    private String write() {
        ratios();
        heading("FIGURES", "Medians of all rounds, in brackets the least and the greatest.");
        report.scenarios().forEach(this::scenario);
        heading("MACHINE", "");
        machine();
        goals();
        RunText.cautions(report).forEach(caution -> line("! " + caution));
        return text.toString();
    }

    private void heading(String heading, String explanation) {
        line(explanation.isEmpty() ? heading : heading + "  " + explanation);
        line("");
    }

    private void ratios() {
        heading("RATIOS", "Portcullis / peer: medians, in brackets the least and the greatest of a single round.");
        TextTable table = new TextTable(INDENT);
        List<String> headings = new ArrayList<>(List.of("SCENARIO", "MEASURE", "BETTER"));
        headings.addAll(peers);
        table.row(headings);
        for (ScenarioResult scenario : report.scenarios()) {
            String name = scenario.subject().id();
            if (scenario.notMeasured().isPresent()) {
                table.row(row(List.of(name, "not measured", ""), peer -> ""));
            }
            for (Measure measure : scenario.measures()) {
                if (measure.better() != Better.NEITHER && scenario.notMeasured().isEmpty()) {
                    List<String> first =
                            List.of(name, measure.title(), measure.better() == Better.LESS ? "< 1" : "> 1");
                    table.row(row(first, peer -> ratio(scenario, measure, peer)));
                    name = "";
                }
            }
        }
        table.lines().forEach(this::line);
        line("");
        line(INDENT + "▲ ahead in every round  ▼ behind in every round  = rounds disagree: take them for equal");
        line("");
    }

    /** What there is to say about a peer. */
    private interface Cell {
        String of(String peer);
    }

    private List<String> row(List<String> first, Cell cell) {
        List<String> cells = new ArrayList<>(first);
        peers.forEach(peer -> cells.add(cell.of(peer)));
        return cells;
    }

    private static String ratio(ScenarioResult scenario, Measure measure, String peer) {
        return Comparison.of(scenario, measure).stream()
                .filter(comparison -> comparison.peer().peer().equals(peer))
                .findFirst()
                .map(comparison -> comparison
                        .ratio()
                        .map(ratio -> sign(comparison.judgement()) + " " + Numbers.ratioWithSpread(ratio))
                        .orElseGet(() -> "  " + comparison.withoutRatio()))
                .orElse("");
    }

    private static String sign(Judgement judgement) {
        return switch (judgement) {
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
        }
        for (PeerResult peer : scenario.peers()) {
            peer.failure().ifPresent(failure -> line(INDENT + peer.peer() + " failed: " + failure));
        }
        line("");
    }

    /** A column a peer: as many as are installed, while a scenario may tell of a dozen figures. */
    private void figures(ScenarioResult scenario, List<PeerResult> measured) {
        TextTable table = new TextTable(INDENT);
        List<String> headings = new ArrayList<>(List.of(""));
        measured.forEach(peer -> headings.add(peer.peer()));
        table.row(headings);
        for (Quantity quantity : Quantity.of(scenario)) {
            List<String> cells = new ArrayList<>(List.of(quantity.title()));
            measured.forEach(peer -> cells.add(
                    quantity.figure().apply(peer).map(Numbers::withSpread).orElse("–")));
            table.row(cells);
        }
        if (measured.stream().anyMatch(peer -> peer.errors() > 0)) {
            List<String> cells = new ArrayList<>(List.of("errors"));
            measured.forEach(peer -> cells.add(Numbers.amount((double) peer.errors())));
            table.row(cells);
        }
        table.lines().forEach(this::line);
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
        TextTable table = new TextTable(INDENT);
        for (GoalResult goal : report.goals()) {
            table.row(List.of(HtmlReport.word(goal.outcome()), goal.goal(), goal.wanted(), goal.measured()));
        }
        table.lines().forEach(this::line);
        line("");
    }

    private void line(String line) {
        text.append(TextTable.printable(line)).append('\n');
    }
}
