package io.portcullis.benchmarks.load;

import java.io.IOException;

/**
 * A load that was started: first {@link #awaitReady}, then {@link #measure}, as often as wanted, by one thread. Several loads may run
 * side by side, each with its thread.
 */
public interface RunningLoad extends AutoCloseable {

    /**
     * Waits until its connections stand and it is as fast as it gets; bounded. Whoever measures the processor begins after it:
     * until {@link #measure} nothing is sent.
     */
    void awaitReady() throws IOException;

    /** Runs the load for its time, which is bounded, and says what became of it. */
    LoadResult measure() throws IOException;

    /** Ends the process, whatever it does. */
    @Override
    void close();
}
