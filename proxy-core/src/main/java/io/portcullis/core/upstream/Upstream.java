package io.portcullis.core.upstream;

import io.portcullis.core.config.UpstreamConfig;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A group of endpoints that serve the same application, and who of them is next. For all threads.
 *
 * <p>Whoever tries an endpoint says how it ended, {@link #failed} or {@link #succeeded}, unless the client ended it.
 * All times are milliseconds of one clock.
 */
public final class Upstream {

    private final UpstreamConfig config;
    private final List<Endpoint> endpoints;
    private final FailurePolicy policy;
    private final Balancer balancer;

    Upstream(UpstreamConfig config, List<Endpoint> endpoints) {
        this(config, List.copyOf(endpoints), FailurePolicy.of(config));
    }

    private Upstream(UpstreamConfig config, List<Endpoint> endpoints, FailurePolicy policy) {
        this(config, endpoints, policy, new Balancer(endpoints, policy));
    }

    private Upstream(UpstreamConfig config, List<Endpoint> endpoints, FailurePolicy policy, Balancer balancer) {
        this.config = config;
        this.endpoints = endpoints;
        this.policy = policy;
        this.balancer = balancer;
    }

    /** The same with its turn, for the next configuration's object, which is equal. */
    Upstream under(UpstreamConfig equal) {
        return new Upstream(equal, endpoints, policy, balancer);
    }

    public UpstreamConfig config() {
        return config;
    }

    /** In the order of the configuration, at least one. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    /**
     * The endpoint for an exchange's next try. One that is out is given only where nothing better is left: the client
     * then gets its real error, or the first answer after a fault that hit them all.
     *
     * @param tried those that this exchange has tried; {@code Set.of()} for its first try
     * @return null where all were tried
     */
    public @Nullable Endpoint next(Set<Endpoint> tried, long now) {
        return balancer.next(tried, now);
    }

    /**
     * A try failed: no connection, no answer in time, or an answer that is none. What its client caused is no failure.
     *
     * @return whether this took the endpoint out, for the log
     */
    public boolean failed(Endpoint endpoint, long now) {
        return endpoint.health().failed(now, policy);
    }

    /**
     * An answer's head arrived.
     *
     * @return whether this brought the endpoint back, for the log
     */
    public boolean succeeded(Endpoint endpoint) {
        return endpoint.health().succeeded();
    }
}
