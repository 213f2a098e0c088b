package io.portcullis.server.cli;

import io.portcullis.server.observe.OperatorLog;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where the program begins. A {@code run} goes straight to its work, and everything else by {@link Commands}: the library
 * that takes command lines apart is of a class format that no archive of the JVM takes, and to read and verify it would be
 * a third of a proxy's start. So nothing of it may be named here.
 */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        OperatorLog.name();
        PrintWriter out = StandardOutput.writer();
        Optional<RunArguments> toRun = RunArguments.of(args);
        System.exit(toRun.isPresent() ? run(toRun.get(), out) : Commands.execute(args, out));
    }

    /** As a service has it run; a fault is told as {@link Commands} tells it. */
    static int run(RunArguments arguments, PrintWriter out) {
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode;
        try {
            exitCode = new Run(arguments, out, err).run();
        } catch (RuntimeException e) {
            e.printStackTrace(err);
            exitCode = ExitCode.NOT_SO;
        }
        OperatorLog.stop();
        return exitCode;
    }
}
