package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.result.Round;
import java.io.IOException;
import java.time.Duration;
import java.util.function.IntConsumer;

/** One proxy in one scenario: warmed up once, then measured round by round, by one thread. */
public interface Trial extends AutoCloseable {

    /**
     * Puts it under load until it is warm, by the same rule as every other.
     *
     * @param told the number of each slice of the load, from 1, where there are such
     * @return false where it was still getting faster when the time for it was over
     */
    boolean warmUp(WarmUp rule, IntConsumer told) throws IOException;

    /**
     * Measures once.
     *
     * @param number of the round, from 1
     * @param duration of the measurement, where that has one of its own choice
     */
    Round measure(int number, Duration duration) throws IOException;

    /** Ends the proxy. */
    @Override
    void close();
}
