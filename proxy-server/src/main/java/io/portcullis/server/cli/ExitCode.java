package io.portcullis.server.cli;

/** What a command's exit code says, the same for every command. */
final class ExitCode {
    static final int DONE = 0;
    /** The thing asked about is not so: an invalid configuration, no such ban. */
    static final int NOT_SO = 1;

    static final int WRONG_USAGE = 2;
    /** There is no running process to speak to. */
    static final int UNREACHABLE = 3;

    private ExitCode() {}
}
