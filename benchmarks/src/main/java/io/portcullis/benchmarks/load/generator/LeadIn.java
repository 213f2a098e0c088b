package io.portcullis.benchmarks.load.generator;

/**
 * The same load before the part that counts. Each load is a new process, whose JVM runs bytecode at first: a load that is
 * slow by itself has the proxy idle between requests, which then cost it more each, and is late at a rate that it should
 * keep. So it is led in, and only then says that it is ready; what it does until then counts nowhere, neither here nor in what
 * the proxy used.
 */
final class LeadIn {

    /**
     * Beside nginx an open loop of 15,000 requests a second was late by 2.3 ms (99th percentile) after one second of itself,
     * and by 0.1 ms after two, four or eight; a closed loop took its last processor's time a request after two.
     */
    static final String OPTION = "lead-in 2";

    /** It is made of so many slices, and goes on as long as each does that much more than the one before. */
    static final int SLICES = 4;

    static final double STILL_WARMING = 1.1;

    static final int MOST_SLICES = 8;

    private LeadIn() {}
}
