package io.portcullis.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.portcullis.server.admin.DoctorResource;
import io.portcullis.server.admin.Vitals;
import io.portcullis.server.admin.VitalsJson;
import io.portcullis.server.cli.doctor.Doctor;
import io.portcullis.server.cli.doctor.Finding;
import io.portcullis.server.cli.doctor.Finding.Severity;
import io.portcullis.server.cli.doctor.Host;
import io.portcullis.server.cli.doctor.Scene;
import io.portcullis.server.config.ConfigLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: what is wrong with this host, in words. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        header = "Look at this host and say what is wrong and what to do.",
        description = {
            "Asks the running process, where one answers, and looks at the machine and the configuration: whether clients"
                    + " arrive under their own addresses, ports, endpoints, certificates, limits, files, clock, memory."
                    + " Changes nothing, needs no root, and ends within five seconds.",
            "Run it as the user that Portcullis runs as: what may be read and written is said for whoever asks."
        },
        footer = {
            "  portcullis doctor",
            "  portcullis doctor --all                              what is well, too",
            "  sudo -u portcullis portcullis doctor -c /etc/portcullis/portcullis.conf",
            "  portcullis doctor --json | jq -r '.findings[] | select(.severity == \"problem\") | .what'"
        },
        exitCodeList = {"0:no problem; there may be warnings", "1:at least one problem", "2:wrong usage"})
final class DoctorCommand implements Callable<Integer> {

    private static final long ASK_SECONDS = 2;

    @Mixin
    private AdminOption adminOption = new AdminOption();

    @Mixin
    private JsonOption jsonOption = new JsonOption();

    @Option(names = "--all", description = "also tell what is well")
    private boolean all;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Finding> findings = Doctor.examine(scene());
        PrintWriter out = spec.commandLine().getOut();
        if (jsonOption.isWanted()) {
            JsonOption.print(out, json -> write(findings, json));
        } else if (Terminal.isStdout()) {
            tell(findings, out);
        } else {
            Table table = new Table("SEVERITY", "CHECK", "WHAT", "ADVICE");
            findings.stream()
                    .filter(this::isTold)
                    .forEach(finding ->
                            table.row(word(finding.severity()), finding.check(), finding.what(), finding.advice()));
            table.plain().forEach(out::println);
        }
        return count(findings, Severity.PROBLEM) > 0 ? ExitCode.NOT_SO : ExitCode.DONE;
    }

    private Scene scene() {
        Optional<Vitals> process = Optional.empty();
        String silence = "";
        try {
            process = Optional.of(ask());
        } catch (AdminFailure e) {
            silence = String.valueOf(e.getMessage());
        }
        return new Scene(
                adminOption.config().file(),
                ConfigLoader.load(adminOption.config().file()),
                process,
                silence,
                Host.local(),
                InstantSource.system());
    }

    /** Within a few seconds: a process that hangs is a finding, too. */
    private Vitals ask() throws AdminFailure {
        AdminClient client = adminOption.connect();
        CompletableFuture<Vitals> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return client.get(DoctorResource.PATH, VitalsJson::read);
            } catch (AdminFailure e) {
                throw new AskFailed(e);
            }
        });
        try {
            return answer.get(ASK_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AdminFailure(
                    ExitCode.UNREACHABLE, "the process accepts, and does not answer within " + ASK_SECONDS + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AskFailed failed) {
                throw failed.failure;
            }
            throw new AdminFailure(ExitCode.UNREACHABLE, String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminFailure(ExitCode.UNREACHABLE, "interrupted");
        }
    }

    private static final class AskFailed extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient AdminFailure failure;

        AskFailed(AdminFailure failure) {
            super(failure);
            this.failure = failure;
        }
    }

    private boolean isTold(Finding finding) {
        return all || finding.severity() != Severity.OK;
    }

    private void tell(List<Finding> findings, PrintWriter out) {
        int columns = Terminal.columns();
        Ansi ansi = spec.commandLine().getColorScheme().ansi();
        for (Finding finding : findings) {
            if (isTold(finding)) {
                String severity = word(finding.severity());
                String heading = ansi.string(
                        switch (finding.severity()) {
                            case PROBLEM -> "@|bold,red " + severity + "|@";
                            case WARN -> "@|bold,yellow " + severity + "|@";
                            case OK -> "@|green " + severity + "|@";
                        });
                out.println(heading + "  " + finding.check());
                Paragraph.lines(Printable.of(finding.what()), "  ", columns).forEach(out::println);
                if (!finding.advice().isEmpty()) {
                    Paragraph.lines("To do: " + Printable.of(finding.advice()), "  ", columns)
                            .forEach(out::println);
                }
                out.println();
            }
        }
        long well = count(findings, Severity.OK);
        out.println(Counted.of(count(findings, Severity.PROBLEM), "problem") + ", "
                + Counted.of(count(findings, Severity.WARN), "warning") + ", " + well + " well"
                + (all || well == 0 ? "" : " (--all tells those)"));
    }

    private static void write(List<Finding> findings, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("problems", count(findings, Severity.PROBLEM));
        json.writeNumberField("warnings", count(findings, Severity.WARN));
        json.writeArrayFieldStart("findings");
        for (Finding finding : findings) {
            json.writeStartObject();
            json.writeStringField("severity", word(finding.severity()));
            json.writeStringField("check", finding.check());
            json.writeStringField("what", finding.what());
            json.writeStringField("advice", finding.advice());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private static String word(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }
}
