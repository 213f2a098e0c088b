package io.portcullis.server.cli;

import io.portcullis.server.observe.OperatorLog;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code portcullis}: takes the command line apart and leaves the work to one class a command. */
@Command(
        name = "portcullis",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            DemoCommand.class,
            BansCommand.class,
            BanCommand.class,
            UnbanCommand.class,
            WhyCommand.class,
            UpgradeCommand.class,
            HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "",
            "A reverse proxy that bans by what the applications answer: it routes virtual hosts to"
                    + " container ports, counts each client's offences, and refuses whoever is banned.",
            ""
        },
        commandListHeading = "%nCommands:%n",
        exitCodeOnInvalidInput = ExitCode.WRONG_USAGE,
        exitCodeOnExecutionException = ExitCode.NOT_SO,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.DONE + ":done",
            ExitCode.NOT_SO + ":not so: an invalid configuration, no such ban, an exempt address",
            ExitCode.WRONG_USAGE + ":wrong usage",
            ExitCode.UNREACHABLE + ":the running process cannot be reached"
        },
        footerHeading = "%nStart here:%n",
        footer = {
            "  portcullis demo                 see it work, with sample sites and an attacker",
            "  portcullis check -c FILE        is this configuration right?",
            "  portcullis run -c FILE          run in the foreground, until SIGTERM",
            "  portcullis bans                 who is banned, by which jail, until when",
            "  portcullis why ADDRESS          what is held against a client, and what led to its bans",
            "  portcullis ban ADDRESS          ban by hand, for 10m on all hosts unless told otherwise",
            "  portcullis unban ADDRESS        let a client in again, at once",
            "  portcullis upgrade              put what is installed now in the place of what runs, losing nothing",
            "  portcullis help COMMAND         all about one command"
        })
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        CommandLine commandLine = commandLine();
        int exitCode = commandLine.execute(args);
        if (mayHaveLogged(commandLine.getParseResult())) {
            OperatorLog.stop();
        }
        System.exit(exitCode);
    }

    /** Who only speaks to another process has no log; to load it in order to stop it would double the command's time. */
    private static boolean mayHaveLogged(@Nullable ParseResult parsed) {
        return parsed == null
                || !parsed.hasSubcommand()
                || !(parsed.subcommand().commandSpec().userObject() instanceof AdminCommand);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setParameterExceptionHandler(Main::wrongUsage);
    }

    /** Says what is wrong, and what may be meant; all of the usage would push that out of sight. */
    private static int wrongUsage(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("portcullis: " + wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, err);
        CommandLine parent = command.getParent();
        err.println("try: portcullis help" + (parent == null ? "" : " " + command.getCommandName()));
        err.flush();
        return ExitCode.WRONG_USAGE;
    }

    /** The version of the jar, as Maven wrote it in the manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"portcullis " + Objects.requireNonNullElse(version, "(not packaged)")};
        }
    }
}
