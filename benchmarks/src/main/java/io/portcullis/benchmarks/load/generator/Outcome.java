package io.portcullis.benchmarks.load.generator;

/**
 * What came of a round.
 *
 * @param seconds from its first request to its last answer
 */
record Outcome(Tally tally, double seconds) {}
