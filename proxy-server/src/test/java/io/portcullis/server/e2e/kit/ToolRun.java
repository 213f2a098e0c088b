package io.portcullis.server.e2e.kit;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of others that has run to its end.
 *
 * @param output what it wrote to its standard and its error output
 */
public record ToolRun(int exitCode, String output) {

    /**
     * Runs a program with nothing to read.
     *
     * @param limit after which it is killed, and the test fails
     */
    public static ToolRun of(Duration limit, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        OutputLines lines = new OutputLines(process.getInputStream(), command.get(0));
        try {
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            lines.awaitEnd();
            if (!ended) {
                throw new AssertionError(
                        "still running after " + limit + ": " + String.join(" ", command) + "\n" + lines);
            }
            return new ToolRun(process.exitValue(), lines.toString());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
