package io.portcullis.benchmarks.load;

import io.portcullis.benchmarks.process.CoreSet;
import java.io.IOException;
import java.time.Duration;

/** A way to make requests, and to measure what becomes of them: one of them serves every peer alike. */
public interface Load {

    /** What makes it, with its version: {@code wrk 4.1.0}, {@code own, open loop}. */
    String generator() throws IOException;

    /** How long it takes from its start to its end, about, with what is before and after its measurement. */
    Duration estimate();

    /**
     * Starts whatever has to stand before the measurement. Nothing is measured yet.
     *
     * @param cores where the load's process is kept
     * @throws IOException when it can't be started, with the reason
     */
    RunningLoad prepare(Target target, CoreSet cores) throws IOException;
}
