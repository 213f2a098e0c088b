package io.portcullis.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.portcullis.core.config.ConfigProblem;
import io.portcullis.core.config.ConfigWarning;
import io.portcullis.server.admin.AdminJson;
import io.portcullis.server.admin.ReloadJson;
import io.portcullis.server.admin.ReloadReport;
import io.portcullis.server.admin.ReloadReport.Changes;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code reload}: puts a changed configuration into force. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        header = "Put a changed configuration in force.",
        description = {
            "The running process reads its files again, and no request fails by it. Prints what has changed, and what"
                    + " needs a restart. Where there is any problem, prints each as file:line: path: what is wrong, and"
                    + " changes nothing."
        },
        footer = {
            "  portcullis check && portcullis reload      look before",
            "  portcullis reload --json                   for programs"
        },
        exitCodeList = {"0:in force", "1:refused; the old goes on", "2:wrong usage", "3:no process answers"})
final class ReloadCommand extends AdminCommand {

    private static final String PATH = "/v1/reload";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    int run(AdminClient process) throws AdminFailure {
        return process.postForOutcome(PATH, json -> {
            json.nextToken();
            ReloadReport report = ReloadJson.read(json);
            if (wantsJson()) {
                print(report);
            } else {
                tell(report);
            }
            return report.isApplied() ? ExitCode.DONE : ExitCode.NOT_SO;
        });
    }

    private void print(ReloadReport report) throws IOException {
        try (JsonGenerator json = AdminJson.writer(out())) {
            ReloadJson.write(report, json);
        }
        out().println();
    }

    private void tell(ReloadReport report) {
        PrintWriter err = spec.commandLine().getErr();
        for (ConfigProblem problem : report.problems()) {
            err.println(Printable.of(problem.toString()));
        }
        for (ConfigWarning warning : report.warnings()) {
            err.println(Printable.of(warning.toString()));
        }
        if (report.isApplied()) {
            tell(report.changes(), report.tookMillis());
        } else {
            int count = report.problems().size();
            err.println("not reloaded: " + count + (count == 1 ? " problem" : " problems")
                    + "; the configuration in force goes on");
        }
        err.flush();
    }

    private void tell(Changes changes, long tookMillis) {
        out().println("reloaded in " + tookMillis + " ms" + (changes.isNothing() ? ": nothing has changed" : ""));
        lines("listener", "opened", changes.listeners().opened());
        lines("listener", "changed", changes.listeners().changed());
        lines("listener", "closed", changes.listeners().closed());
        lines("host", "added", changes.hosts().added());
        lines("host", "changed", changes.hosts().changed());
        lines("host", "removed", changes.hosts().removed());
        lines("setting", "changed", changes.settings());
        lines("setting", "needs a restart, and is as it was", changes.needsRestart());
    }

    private void lines(String kind, String outcome, List<String> names) {
        for (String name : names) {
            out().println("  " + kind + " " + Printable.of(name) + " " + outcome);
        }
    }
}
