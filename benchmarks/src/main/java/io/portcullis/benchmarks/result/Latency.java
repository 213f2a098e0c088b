package io.portcullis.benchmarks.result;

/**
 * How long answers took, in microseconds, from the time at which the request was meant to be sent: a load that waits for a
 * slow answer before it sends the next request would leave out just those that had to wait ("coordinated omission"), so
 * there is a latency only where the load has a fixed rate.
 *
 * @param loadWasLate whether the load itself sent so late that these are its own times as much as the peer's
 */
public record Latency(double p50, double p99, double p999, double max, boolean loadWasLate) {}
