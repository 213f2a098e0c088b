package io.portcullis.server.cli;

import io.portcullis.server.config.Suggestions;
import io.portcullis.server.observe.OperatorLog;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code portcullis}: takes the command line apart and leaves the work to one class a command. */
@Command(
        name = "portcullis",
        mixinStandardHelpOptions = true,
        versionProvider = Commands.Version.class,
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            DemoCommand.class,
            StatusCommand.class,
            BansCommand.class,
            BanCommand.class,
            UnbanCommand.class,
            WhyCommand.class,
            UpgradeCommand.class,
            ReloadCommand.class,
            DoctorCommand.class,
            BenchCommand.class,
            CompletionCommand.class,
            PrepareCommand.class,
            HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        header = "A reverse proxy that bans by what the applications answer.",
        description =
                "It routes virtual hosts to container ports, counts each client's offences, and refuses whoever is"
                        + " banned.",
        exitCodeOnInvalidInput = ExitCode.WRONG_USAGE,
        exitCodeOnExecutionException = ExitCode.NOT_SO,
        exitCodeList = {
            ExitCode.DONE + ":done",
            ExitCode.NOT_SO + ":not so: an invalid configuration, no such ban, an exempt address",
            ExitCode.WRONG_USAGE + ":wrong usage",
            ExitCode.UNREACHABLE + ":the running process cannot be reached"
        },
        footer = {
            "  portcullis demo                        see it work: sample sites, an attacker",
            "  portcullis check -c FILE               is this configuration right?",
            "  portcullis run -c FILE                 in the foreground, until SIGTERM",
            "  portcullis reload                      put a changed configuration into force",
            "  portcullis status                      how is it, and what is wrong?",
            "  portcullis bans                        who is banned, by which jail",
            "  portcullis why 192.0.2.7               what that client did",
            "  portcullis unban 192.0.2.7             let it in again, at once",
            "  portcullis upgrade                     to what is installed now, losing nothing",
            "",
            "'portcullis help COMMAND' tells all about one command. Lists are tables on a",
            "terminal; piped, they have one record a line, tabs, and no heading; --json gives",
            "programs one document. More: docs/command-line.md, man portcullis."
        })
final class Commands {
    private Commands() {}

    /**
     * Does what the words ask for.
     *
     * @return the exit code of the process
     */
    static int execute(String[] args, PrintWriter out) {
        CommandLine commandLine = commandLine(Terminal.columns(), Terminal.hasColours() ? Help.Ansi.ON : Help.Ansi.OFF)
                .setOut(out);
        int exitCode;
        try {
            exitCode = commandLine.execute(args);
            out.flush();
        } catch (OutputLost e) {
            exitCode = tell(e, commandLine.getErr());
        }
        if (mayHaveLogged(commandLine.getParseResult())) {
            OperatorLog.stop();
        }
        return exitCode;
    }

    /** Who only speaks to another process has no log; to load it in order to stop it would double the command's time. */
    private static boolean mayHaveLogged(@Nullable ParseResult parsed) {
        return parsed == null
                || !parsed.hasSubcommand()
                || !(parsed.subcommand().commandSpec().userObject() instanceof AdminCommand);
    }

    /** As a program sees it: plain text of the usual width. */
    static CommandLine commandLine() {
        return commandLine(Terminal.USUAL_COLUMNS, Help.Ansi.OFF);
    }

    static CommandLine commandLine(int columns, Help.Ansi ansi) {
        CommandLine commandLine = new CommandLine(new Commands())
                .setParameterExceptionHandler(Commands::wrongUsage)
                .setExecutionExceptionHandler(Commands::failed);
        HelpLayout.apply(commandLine, columns, ansi);
        return commandLine;
    }

    private static int failed(Exception failure, CommandLine command, @Nullable ParseResult parsed) throws Exception {
        if (failure instanceof OutputLost lost) {
            return tell(lost, command.getErr());
        }
        throw failure;
    }

    private static int tell(OutputLost lost, PrintWriter err) {
        if (!lost.isBrokenPipe()) {
            err.println("portcullis: " + lost.getMessage());
            err.flush();
        }
        return lost.exitCode();
    }

    /** Says what is wrong, and what may be meant; all of the usage would push that out of sight. */
    private static int wrongUsage(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        if (args.length == 0) {
            command.usage(err);
            err.flush();
            return ExitCode.WRONG_USAGE;
        }
        err.println("portcullis: " + Printable.of(message(wrong)));
        boolean isCommand = command.getParent() != null && !(command.getCommand() instanceof HelpCommand);
        err.println("try: portcullis help" + (isCommand ? " " + command.getCommandName() : ""));
        err.flush();
        return ExitCode.WRONG_USAGE;
    }

    private static String message(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(wrong.getMessage());
        }
        String given = unmatched.getUnmatched().get(0);
        CommandSpec command = wrong.getCommandLine().getCommandSpec();
        if (given.startsWith("-")) {
            Set<String> options = command.optionsMap().keySet();
            return "unknown option \"" + given + "\"" + didYouMean(Suggestions.nearest(given, options));
        }
        Set<String> commands = command.subcommands().keySet();
        return commands.isEmpty()
                ? "unexpected argument \"" + given + "\""
                : "unknown command \"" + given + "\"" + didYouMean(Suggestions.nearest(given, commands));
    }

    static String didYouMean(String nearest) {
        return nearest.isEmpty() ? "" : " (did you mean \"" + nearest + "\"?)";
    }

    /** The version of the jar, as Maven wrote it in the manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Commands.class.getPackage().getImplementationVersion();
            return new String[] {"portcullis " + Objects.requireNonNullElse(version, "(not packaged)")};
        }
    }
}
