package io.portcullis.core.upstream;

import io.portcullis.core.config.UpstreamConfig;

/**
 * When failed tries take an endpoint out, and for how long.
 *
 * @param maxFails 0: never
 * @param failTimeout in milliseconds
 */
record FailurePolicy(int maxFails, long failTimeout) {

    static FailurePolicy of(UpstreamConfig config) {
        return new FailurePolicy(config.maxFails(), config.failTimeout().toMillis());
    }

    boolean neverOut() {
        return maxFails == 0;
    }
}
