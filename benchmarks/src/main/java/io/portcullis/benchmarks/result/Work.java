package io.portcullis.benchmarks.result;

/**
 * What the load did to a peer in a round.
 *
 * @param seconds how long it measured
 * @param requests those that were answered as they should be; connections, where a connection is what is measured
 * @param errors those that were not
 * @param generator what made the load, with its version: {@code wrk 4.1.0}
 */
public record Work(double seconds, long requests, long errors, String generator) {

    public double perSecond() {
        return requests / seconds;
    }
}
