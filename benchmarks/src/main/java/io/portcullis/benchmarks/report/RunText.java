package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.result.MachineDescription;
import io.portcullis.benchmarks.result.MachineDescription.Processor;
import io.portcullis.benchmarks.result.Report;
import io.portcullis.benchmarks.result.Report.Options;
import io.portcullis.benchmarks.result.ScenarioResult;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The run and the machine in words, the same in every form of the report. */
final class RunText {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final double GIB = 1024.0 * 1024 * 1024;
    private static final int SECONDS_A_MINUTE = 60;

    private RunText() {}

    static String summary(Report report) {
        MachineDescription machine = report.machine();
        Options options = report.run().options();
        return "Measured " + MINUTE.format(report.run().started()) + " UTC in "
                + duration(report.run().took()) + ", in up to " + options.rounds() + " rounds of "
                + Numbers.amount(options.seconds()) + " s, on " + processor(machine.processor()) + ", "
                + gibibytes(machine.memoryBytes()) + ", " + machine.kernel() + "; " + options.cores() + ".";
    }

    /** What makes this report worth less than another. */
    static List<String> cautions(Report report) {
        List<String> cautions = new ArrayList<>();
        if (report.run().options().quick()) {
            cautions.add("A quick run: few and short rounds. It shows what is far apart, not what is close.");
        }
        report.run().warnings().stream().map(RunText::sentence).forEach(cautions::add);
        List<String> missing = report.scenarios().stream()
                .filter(scenario -> scenario.notMeasured().isPresent())
                .map(ScenarioResult::subject)
                .map(ScenarioResult.Subject::id)
                .toList();
        if (!missing.isEmpty()) {
            cautions.add("Not measured: " + String.join(", ", missing) + ".");
        }
        List<String> late = report.scenarios().stream()
                .filter(scenario ->
                        scenario.peers().stream().anyMatch(peer -> peer.doubt().isPresent()))
                .map(scenario -> scenario.subject().id())
                .toList();
        if (!late.isEmpty()) {
            cautions.add("The load itself was late, so that its latencies are not to be believed: "
                    + String.join(", ", late) + ". It needs a core that nobody else is busy on: end what else runs, and"
                    + " run these again.");
        }
        return cautions;
    }

    /** Begins as a sentence does; what is a name, such as p99, stays one. */
    static String sentence(String text) {
        boolean isName = text.length() < 2 || !Character.isLetter(text.charAt(1));
        return isName && !text.startsWith("a ") ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    static String processor(Processor processor) {
        return processor.model() + ", " + processor.cores() + (processor.cores() == 1 ? " core" : " cores")
                + processor.governor().map(governor -> ", governor " + governor).orElse("");
    }

    static String gibibytes(long bytes) {
        return Numbers.amount(bytes / GIB) + " GiB";
    }

    static String duration(Duration took) {
        long seconds = took.toSeconds();
        return seconds < 2 * SECONDS_A_MINUTE
                ? seconds + " s"
                : Math.round((double) seconds / SECONDS_A_MINUTE) + " min";
    }
}
