package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** What a person reads who asks for help. */
class HelpTest {

    private static final Path GOLDEN = Path.of("src/test/golden/help.txt");
    /** Copied from a help, an example is run; it is not wrapped, so it must fit by itself. */
    private static final int WIDEST_EXAMPLE = 96;

    private static String helpOf(CommandLine command) {
        return command.getUsageMessage(Ansi.OFF);
    }

    private static Map<String, CommandLine> commands() {
        return new TreeMap<>(Commands.commandLine().getSubcommands());
    }

    @Test
    void everyHelpReadsAsItDid() throws IOException {
        String all = helpOf(Commands.commandLine())
                + commands().values().stream()
                        .map(command -> "\n" + "=".repeat(80) + "\n" + helpOf(command))
                        .collect(Collectors.joining());
        Golden.assertSame(GOLDEN, all);
    }

    /** If it breaks: there is a command of which the list of commands does not say what it is for. */
    @Test
    void everyCommandHasItsPlaceASummaryExamplesAndExitCodes() {
        List<String> grouped =
                HelpLayout.GROUPS.values().stream().flatMap(List::stream).toList();
        commands().forEach((name, command) -> {
            var usage = command.getCommandSpec().usageMessage();
            assertThat(grouped).as("the groups of the list of commands").contains(name);
            assertThat(usage.header()).as("the header of " + name).hasSize(1);
            assertThat(usage.header()[0])
                    .as("the header of " + name)
                    .hasSizeBetween(10, 66)
                    .endsWith(".");
            assertThat(usage.footer()).as("the examples of " + name).isNotEmpty();
            if (!Set.of("help", "completion").contains(name)) {
                assertThat(usage.exitCodeList()).as("the exit codes of " + name).containsKeys("0", "2");
            }
        });
        assertThat(helpOf(Commands.commandLine())).doesNotContain("\n" + HelpLayout.NO_GROUP + ":\n");
    }

    @Test
    void helpFitsTheTerminal() {
        for (int columns : new int[] {60, 80, 100}) {
            for (CommandLine command :
                    Commands.commandLine(columns, Ansi.OFF).getSubcommands().values()) {
                List<String> examples =
                        List.of(command.getCommandSpec().usageMessage().footer());
                assertThat(helpOf(command).lines().filter(line -> !examples.contains(line)))
                        .as(command.getCommandName() + " in " + columns + " columns")
                        .allMatch(line -> line.length() <= columns);
                assertThat(examples).allMatch(line -> line.length() <= WIDEST_EXAMPLE);
            }
        }
    }

    @Test
    void anOptionThatAsksForHelpDoesSoInEveryCommand() {
        commands().values().forEach(command -> {
            assertThat(command.getCommandSpec().findOption("--help")).isNotNull();
            assertThat(command.getCommandSpec().findOption("--version"))
                    .as("the version is the program's, not a command's")
                    .isNull();
        });
    }
}
