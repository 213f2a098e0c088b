package io.portcullis.benchmarks.load;

import java.util.OptionalDouble;

/**
 * How long answers took, in microseconds. Of an open loop: from the time at which the request was meant to be sent; of a
 * closed one: from when it was sent, which leaves out those that a slow answer kept from being sent.
 *
 * @param p999 where the generator tells it
 */
public record Percentiles(double p50, double p90, double p99, OptionalDouble p999, double max) {}
