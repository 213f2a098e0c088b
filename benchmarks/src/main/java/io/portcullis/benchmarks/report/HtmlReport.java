package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.result.GoalResult;
import io.portcullis.benchmarks.result.GoalResult.Outcome;
import io.portcullis.benchmarks.result.MachineDescription;
import io.portcullis.benchmarks.result.Report;
import io.portcullis.benchmarks.result.Report.Options;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The report as one page that needs nothing else: no script, no font, no picture from anywhere.
 *
 * <p>What matters first: goals, ratios; then a section a scenario; at the end what everybody may object to, which is the
 * machine and how the peers were configured.
 */
public final class HtmlReport {

    private static final String STYLE = "report.css";

    private final Markup page = new Markup();
    private final Report report;
    private final List<PeerConfiguration> configurations;

    private HtmlReport(Report report, List<PeerConfiguration> configurations) {
        this.report = report;
        this.configurations = configurations;
    }

    /** @param configurations what the peers ran with, in the order in which they are to be shown */
    public static String of(Report report, List<PeerConfiguration> configurations) {
        return new HtmlReport(report, configurations).write();
    }

    private String write() {
        String title = "Portcullis" + beside();
        page.doctype().open("html", "lang", "en").open("head");
        page.empty("meta", "charset", "utf-8");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty("meta", "name", "color-scheme", "content", "light dark");
        page.element("title", title).style(style()).close();
        page.open("body");
        head(title);
        page.open("main");
        goals();
        ratios();
        page.open("section", "class", "scenarios").element("h2", "Every scenario", "id", "scenarios");
        report.scenarios().forEach(scenario -> ScenarioSection.write(page, report, scenario));
        page.close();
        machine();
        configurations();
        page.close().close().close();
        return page.toString();
    }

    private String beside() {
        List<String> peers = Comparison.peers(report);
        if (peers.isEmpty()) {
            return " by itself";
        }
        int last = peers.size() - 1;
        return " beside "
                + (last == 0 ? peers.get(0) : String.join(", ", peers.subList(0, last)) + " and " + peers.get(last));
    }

    private void head(String title) {
        page.open("header").element("h1", title);
        page.element("p", RunText.summary(report), "class", "muted");
        page.open("nav", "aria-label", "Sections");
        if (!report.goals().isEmpty()) {
            page.element("a", "Goals", "href", "#goals").text(" ");
        }
        page.element("a", "Ratios", "href", "#ratios").text(" ");
        page.element("a", "Every scenario", "href", "#scenarios").text(" ");
        page.element("a", "Machine and run", "href", "#run");
        if (!configurations.isEmpty()) {
            page.text(" ").element("a", "Configurations", "href", "#configurations");
        }
        page.close();
        List<String> cautions = RunText.cautions(report);
        if (!cautions.isEmpty()) {
            page.open("ul", "class", "warning");
            cautions.forEach(caution -> page.element("li", caution));
            page.close();
        }
        page.close();
    }

    private void goals() {
        if (report.goals().isEmpty()) {
            return;
        }
        page.open("section").element("h2", "Goals: " + GoalCount.of(report.goals()), "id", "goals");
        List<GoalResult> measured = report.goals().stream()
                .filter(goal -> goal.outcome() != Outcome.NOT_MEASURED)
                .toList();
        List<GoalResult> others = report.goals().stream()
                .filter(goal -> goal.outcome() == Outcome.NOT_MEASURED)
                .toList();
        if (!measured.isEmpty()) {
            goals(measured);
        }
        if (!others.isEmpty()) {
            // A run of one scenario leaves most goals open: they are told, and not in the way.
            page.open("details").element("summary", "Not measured in this run: " + others.size());
            goals(others);
            page.close();
        }
        page.close();
    }

    private void goals(List<GoalResult> goals) {
        page.open("ul", "class", "goals");
        for (GoalResult goal : goals) {
            page.open("li", "class", word(goal.outcome()).replace(' ', '-'));
            page.element("span", mark(goal.outcome()) + " " + word(goal.outcome()), "class", "outcome");
            page.open("div");
            goalName(goal);
            page.element("p", "wanted: " + goal.wanted(), "class", "muted").close();
            page.element("span", goal.measured(), "class", "measured").close();
        }
        page.close();
    }

    private void goalName(GoalResult goal) {
        boolean isRun = report.scenarios().stream()
                .anyMatch(scenario -> scenario.subject().id().equals(goal.scenario()));
        if (isRun) {
            page.element("a", RunText.sentence(goal.goal()), "href", "#" + goal.scenario());
        } else {
            page.text(RunText.sentence(goal.goal()));
        }
    }

    static String word(Outcome outcome) {
        return switch (outcome) {
            case MET -> "met";
            case MISSED -> "missed";
            case NOT_MEASURED -> "not measured";
        };
    }

    private static String mark(Outcome outcome) {
        return switch (outcome) {
            case MET -> "✓";
            case MISSED -> "✗";
            case NOT_MEASURED -> "○";
        };
    }

    private void ratios() {
        page.open("section").element("h2", "Ratios: Portcullis divided by each peer", "id", "ratios");
        page.open("p")
                .text(
                        "1 is the same. A bar reaches from 1 to the ratio of the medians, on one logarithmic scale for all;"
                                + " the thin line reaches from the least to the greatest ratio of two rounds that were measured one"
                                + " right after the other. In the tinted half Portcullis is ahead. A bar is ")
                .element("span", "green", "class", "key ahead")
                .text(" where every round was ahead, ")
                .element("span", "orange", "class", "key behind")
                .text(" where every round was behind, and ")
                .element("span", "grey", "class", "key undecided")
                .text(" where rounds disagree: then take them for equal.")
                .close();
        RatioCards.write(page, report.scenarios());
        page.close();
    }

    private void machine() {
        MachineDescription machine = report.machine();
        Options options = report.run().options();
        page.open("section").element("h2", "Machine and run", "id", "run");
        page.element(
                "p",
                "Absolute figures are this machine's and this hour's. Load, application and proxies share it, and talk over"
                        + " loopback: no network card has a part in any figure.");
        page.open("dl");
        fact("processor", RunText.processor(machine.processor()));
        fact("memory", RunText.gibibytes(machine.memoryBytes()));
        fact("kernel", machine.kernel());
        fact("JDK", machine.jdk());
        fact("load average before the run", Numbers.amount(machine.loadAverage()));
        fact("cores", options.cores());
        fact(
                "rounds",
                options.rounds() + " of " + Numbers.amount(options.seconds()) + " s"
                        + (options.quick() ? ", a quick run" : ""));
        fact("started", report.run().started().toString());
        fact("took", RunText.duration(report.run().took()));
        report.run().versions().forEach(this::fact);
        page.close().close();
    }

    private void fact(String name, String text) {
        page.element("dt", name).element("dd", text);
    }

    private void configurations() {
        if (configurations.isEmpty()) {
            return;
        }
        page.open("section").element("h2", "How the peers were configured", "id", "configurations");
        page.element(
                "p",
                "As each one's documentation recommends for connections to the application that are kept alive, with one"
                        + " worker each. Whoever knows a better line is asked to say so: the files are in benchmarks/peers"
                        + " of the source. @NAME@ is filled in by the harness; a line that begins with @word? stands only"
                        + " where a scenario asks for that, one with @!word? only where none does.");
        for (PeerConfiguration configuration : configurations) {
            page.open("details")
                    .element("summary", configuration.peer() + ": " + configuration.name())
                    .open("pre")
                    .element("code", configuration.text())
                    .close()
                    .close();
        }
        page.close();
    }

    private static String style() {
        try (InputStream file = Objects.requireNonNull(HtmlReport.class.getResourceAsStream(STYLE), STYLE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it is in our own jar
        }
    }
}
