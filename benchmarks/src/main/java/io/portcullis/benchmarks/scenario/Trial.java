package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.result.Round;
import java.io.IOException;
import java.time.Duration;

/** One proxy in one scenario: warmed up once, then measured round by round, by one thread. */
public interface Trial extends AutoCloseable {

    /** Puts it under load for so long, as every other: a compiler that works at run time has to be done before. */
    void warmUp(Duration duration) throws IOException;

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
