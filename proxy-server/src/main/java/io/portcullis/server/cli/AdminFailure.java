package io.portcullis.server.cli;

/** Why a running process did not do what a command asked for, and the command's exit code. */
final class AdminFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final int exitCode;

    AdminFailure(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
