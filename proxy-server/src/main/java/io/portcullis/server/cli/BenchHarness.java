package io.portcullis.server.cli;

import java.io.PrintWriter;

/**
 * What {@code bench} runs: the module {@code benchmarks} provides one, found by {@link java.util.ServiceLoader}.
 *
 * <p>The proxy does not need it and is delivered without: only the launcher's {@code bench} puts it on the class path.
 */
public interface BenchHarness {

    /**
     * Measures, prints the report, and writes its files. Ends every process and removes every file that it made for
     * measuring, also where the JVM is told to end meanwhile.
     *
     * @param out for the report, or the list that was asked for
     * @param err for progress, and for what went wrong
     * @return 0: done, whatever was measured; 1: something could not be measured, which the report tells; 2: a scenario or
     *     peer of that name is not known, or the report's files could not be written
     */
    int run(BenchOptions options, PrintWriter out, PrintWriter err);
}
