package io.portcullis.server.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: a script by which a shell completes commands and options at the tab key. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        header = "Print a script for bash or zsh that completes commands.",
        description = "The Debian package installs it for bash.",
        footer = {
            "  source <(portcullis completion bash)        for this shell; in ~/.bashrc for all",
            "  source <(portcullis completion zsh)         the same in ~/.zshrc",
            "  portcullis completion bash > /usr/share/bash-completion/completions/portcullis"
        },
        exitCodeList = {"0:printed", "2:wrong usage"})
final class CompletionCommand implements Callable<Integer> {

    private static final String PROGRAM = "portcullis";

    /** What SHELL may be. */
    static final class Shells implements Iterable<String> {
        private static final List<String> NAMES = List.of("bash", "zsh");

        @Override
        public java.util.Iterator<String> iterator() {
            return NAMES.iterator();
        }
    }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh", completionCandidates = Shells.class)
    private String shell = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!Shells.NAMES.contains(shell)) {
            throw new ParameterException(spec.commandLine(), "SHELL: " + shell + " (expected: bash or zsh)");
        }
        // One script serves both: it loads zsh's bashcompinit by itself.
        CommandLine all = spec.commandLine().getParent();
        spec.commandLine().getOut().print(AutoComplete.bash(PROGRAM, all));
        return ExitCode.DONE;
    }
}
