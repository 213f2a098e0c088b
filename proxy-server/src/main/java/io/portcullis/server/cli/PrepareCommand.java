package io.portcullis.server.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code prepare}: has the JVM write down the classes it takes to start. The launcher does it, as it is about how the JVM
 * is started; here it is told of, and refused to whoever starts the JVM himself.
 */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        header = "Make the archive from which the JVM starts in half the time.",
        description = {
            "For the newest JDK here: plays the demo once, and has the JVM keep what it has read and learned for the next"
                    + " start. Takes some seconds, and some 45 MB beside the program's jars.",
            "The package does it by itself, and so does a first build. Do it after an update of the JDK: an archive that"
                    + " does not fit is passed over, and all works as before, but for the start."
        },
        footer = {"  sudo portcullis prepare"},
        exitCodeList = {"0:made", "1:not made; the reason is told", "2:wrong usage"})
final class PrepareCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        err.println("portcullis: this is done by the launcher (expected: bin/portcullis prepare, and no java command)");
        err.flush();
        return ExitCode.NOT_SO;
    }
}
