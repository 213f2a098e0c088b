package io.portcullis.server.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * How the help of every command looks: what it does, usage, options, exit codes, examples.
 *
 * <p>A command says in its annotation: in {@code header} one line, which is also the list of commands'; in
 * {@code description} a paragraph each; in {@code exitCodeList} its own; in {@code footer} the examples, which are never
 * wrapped, so that they can be copied.
 */
final class HelpLayout {

    /** The list of commands, in the order of one who comes to know the program. */
    static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put("Run it", List.of("demo", "run", "reload", "upgrade"));
        GROUPS.put("Look at it", List.of("status", "bans", "why"));
        GROUPS.put("Ban and unban by hand", List.of("ban", "unban"));
        GROUPS.put("Find faults", List.of("check", "doctor"));
        GROUPS.put("Measure it", List.of("bench"));
        GROUPS.put("Get along", List.of("prepare", "completion", "help"));
    }

    /** For a command that nobody has put anywhere yet. */
    static final String NO_GROUP = "More";

    private static final int NAME_COLUMN = 14;

    private HelpLayout() {}

    /** @param columns no line but an example's is longer */
    static void apply(CommandLine root, int columns, Ansi ansi) {
        CommandLine.Help.ColorScheme colours = new Help.ColorScheme.Builder(ansi)
                .commands(Ansi.Style.bold)
                .options(Ansi.Style.bold)
                .parameters(Ansi.Style.bold) // underlined, a label would begin with an underlined blank
                .optionParams(Ansi.Style.underline)
                .build();
        root.setColorScheme(colours);
        ownHelpOption(root.getCommandSpec());
        root.getCommandSpec()
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("print the version")
                        .build());
        layOut(root.getCommandSpec(), columns);
        root.getCommandSpec().usageMessage().sectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, groups());
        for (CommandLine command : root.getSubcommands().values()) {
            ownHelpOption(command.getCommandSpec());
            layOut(command.getCommandSpec(), columns);
        }
    }

    /** {@code --version} is the program's, and no command's. */
    private static void ownHelpOption(CommandSpec command) {
        command.mixinStandardHelpOptions(false);
        command.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("print this help")
                .build());
    }

    private static void layOut(CommandSpec command, int columns) {
        UsageMessageSpec usage = command.usageMessage();
        usage.width(columns)
                .abbreviateSynopsis(true)
                .synopsisHeading((usage.header().length == 0 ? "" : "%n") + "@|bold Usage:|@ ")
                .descriptionHeading(usage.description().length == 0 ? "" : "%n")
                .parameterListHeading(command.positionalParameters().isEmpty() ? "" : "%n@|bold Arguments:|@%n")
                .optionListHeading("%n@|bold Options:|@%n")
                .exitCodeListHeading(usage.exitCodeList().isEmpty() ? "" : "%n@|bold Exit codes:|@%n")
                .footerHeading(usage.footer().length == 0 ? "" : "%n@|bold Examples:|@%n")
                .commandListHeading("");
        usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpLayout::footer);
    }

    private static String footer(Help help) {
        StringBuilder text = new StringBuilder();
        for (String line : help.commandSpec().usageMessage().footer()) {
            text.append(line).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static IHelpSectionRenderer groups() {
        return help -> {
            Map<String, List<String>> groups = new LinkedHashMap<>(GROUPS);
            TreeSet<String> left = new TreeSet<>(help.subcommands().keySet());
            GROUPS.values().forEach(left::removeAll);
            groups.put(NO_GROUP, new ArrayList<>(left));
            StringBuilder text = new StringBuilder();
            groups.forEach((title, names) -> text.append(group(help, title, names)));
            return text.toString();
        };
    }

    private static String group(Help help, String title, List<String> names) {
        int width = help.commandSpec().usageMessage().width();
        TextTable table = TextTable.forColumns(
                help.colorScheme(),
                new Column(NAME_COLUMN, 2, Column.Overflow.SPAN),
                new Column(width - NAME_COLUMN, 0, Column.Overflow.WRAP));
        boolean isEmpty = true;
        for (String name : names) {
            Help command = help.subcommands().get(name);
            if (command != null) {
                isEmpty = false;
                table.addRowValues(
                        help.colorScheme().commandText(name), help.colorScheme().text(summary(command)));
            }
        }
        if (isEmpty) {
            return "";
        }
        String heading = help.colorScheme().text("@|bold " + title + ":|@").toString();
        return System.lineSeparator() + heading + System.lineSeparator() + table;
    }

    private static String summary(Help command) {
        UsageMessageSpec usage = command.commandSpec().usageMessage();
        String[] lines = usage.header().length > 0 ? usage.header() : usage.description();
        return lines.length == 0 ? "" : lines[0];
    }
}
