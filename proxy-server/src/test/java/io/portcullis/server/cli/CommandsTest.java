package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        CommandLine commandLine = Commands.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(args);
    }

    @Test
    void theVersionIsOneLine() {
        assertThat(run("--version")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).matches("portcullis \\S.*\\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void helpGoesToStdoutAndTeachesTheFirstSteps() {
        assertThat(run("--help")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("Usage: portcullis", "portcullis demo", "Exit codes:", "2   wrong usage");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void wrongUsageExitsWithTwoAndLeavesStdoutToScripts() {
        assertThat(run("--no-such-option")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(run("no-such-command")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(run()).as("no command at all").isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("no-such-option", "no-such-command");
    }

    @Test
    void aMistypedCommandIsNamedWithTheOneThatMayBeMeantAndNothingPushesThatOutOfSight() {
        assertThat(run("chek")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString().lines())
                .hasSize(2)
                .first()
                .asString()
                .isEqualTo("portcullis: unknown command \"chek\" (did you mean \"check\"?)");
        assertThat(err.toString()).endsWith("\ntry: portcullis help\n");
    }

    @Test
    void aMistypedOptionLeadsToTheHelpOfItsCommand() {
        assertThat(run("check", "--confg", "x")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains("--confg").endsWith("\ntry: portcullis help check\n");
    }
}
