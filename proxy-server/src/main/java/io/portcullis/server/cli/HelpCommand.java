package io.portcullis.server.cli;

import io.portcullis.server.config.Suggestions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code help}: all about one command, or the list of them. */
@Command(
        name = "help",
        mixinStandardHelpOptions = true,
        header = "Tell all about one command.",
        description = "The same as 'portcullis COMMAND --help'; without COMMAND, the list of commands.",
        footer = {"  portcullis help ban"})
final class HelpCommand implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "which one")
    private @Nullable String command;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine all = spec.commandLine().getParent();
        CommandLine asked = command == null ? all : all.getSubcommands().get(command);
        if (asked == null) {
            String given = String.valueOf(command);
            throw new ParameterException(
                    spec.commandLine(),
                    "unknown command \"" + given + "\""
                            + Commands.didYouMean(Suggestions.nearest(
                                    given, all.getSubcommands().keySet())));
        }
        asked.usage(spec.commandLine().getOut());
        return ExitCode.DONE;
    }
}
