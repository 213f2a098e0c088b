package io.portcullis.server.cli;

import java.io.IOException;

/**
 * Nobody can read what a command has to say any more, so it ends.
 *
 * <p>A reader that has seen enough ({@code portcullis bans | head -1}) is no fault: the command ends silently with the
 * code of a process that SIGPIPE has ended, as other commands do. Anything else, such as a full disk, is told.
 */
final class OutputLost extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** 128 and the number of SIGPIPE, which the JVM ignores. */
    private static final int SIGPIPE_EXIT = 141;

    OutputLost(IOException cause) {
        super("stdout cannot be written: " + cause.getMessage(), cause, false, false);
    }

    boolean isBrokenPipe() {
        return String.valueOf(getMessage()).endsWith("Broken pipe");
    }

    int exitCode() {
        return isBrokenPipe() ? SIGPIPE_EXIT : ExitCode.NOT_SO;
    }
}
