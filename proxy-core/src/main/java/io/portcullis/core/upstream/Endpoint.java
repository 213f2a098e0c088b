package io.portcullis.core.upstream;

import io.portcullis.core.config.UpstreamConfig.EndpointConfig;

/**
 * One {@code scheme://host:port} and its health. There is one object for each as long as the configuration names it, so
 * what is kept for an endpoint (its health, its pooled connections) outlives a reload; compared by identity.
 */
public final class Endpoint {

    private final EndpointConfig config;
    private final String name;
    private final EndpointHealth health = new EndpointHealth();

    Endpoint(EndpointConfig config) {
        this.config = config;
        this.name = config.toString();
    }

    public EndpointConfig config() {
        return config;
    }

    public EndpointHealth health() {
        return health;
    }

    @Override
    public String toString() {
        return name; // each exchange's log line has it
    }
}
