package io.portcullis.core.upstream;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the endpoint of the next try: each available one in turn.
 *
 * <p>The turn is taken among the available ones, so that the neighbour of an endpoint that is out does not get its
 * share on top of its own. For all threads; allocates nothing while all endpoints are in.
 */
final class Balancer {

    private final List<Endpoint> endpoints;
    private final FailurePolicy policy;
    private final AtomicInteger turn = new AtomicInteger();

    /** @param endpoints at least one */
    Balancer(List<Endpoint> endpoints, FailurePolicy policy) {
        this.endpoints = endpoints;
        this.policy = policy;
    }

    /**
     * The endpoint for the next try. Where all that were not tried yet are out, one of them all the same: the client
     * gets that endpoint's real error, or the first answer after a fault that hit them all.
     *
     * @return null where all were tried
     */
    @Nullable
    Endpoint next(Set<Endpoint> tried, long now) {
        if (endpoints.size() == 1) {
            Endpoint only = endpoints.get(0);
            if (tried.contains(only)) {
                return null;
            }
            // It is tried whatever its health is, but only a success after its time-out brings it back.
            only.health().claim(now, policy);
            return only;
        }
        int start = indexInTurn(tried, now);
        Endpoint out = null;
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint endpoint = endpoints.get((start + i) % endpoints.size());
            if (tried.contains(endpoint)) {
                continue;
            }
            if (policy.neverOut() || endpoint.health().claim(now, policy)) {
                return endpoint;
            }
            if (out == null) {
                out = endpoint;
            }
        }
        return out;
    }

    /** The index of the available endpoint whose turn it is; any index where none is available. */
    private int indexInTurn(Set<Endpoint> tried, long now) {
        int available = 0;
        for (int i = 0; i < endpoints.size(); i++) {
            if (isAvailable(endpoints.get(i), tried, now)) {
                available++;
            }
        }
        int taken = turn.getAndIncrement();
        if (available == 0) {
            return Math.floorMod(taken, endpoints.size());
        }
        int ahead = Math.floorMod(taken, available);
        for (int i = 0; i < endpoints.size(); i++) {
            if (isAvailable(endpoints.get(i), tried, now) && ahead-- == 0) {
                return i;
            }
        }
        return 0; // another thread changed the health of one meanwhile
    }

    private boolean isAvailable(Endpoint endpoint, Set<Endpoint> tried, long now) {
        return !tried.contains(endpoint)
                && (policy.neverOut() || endpoint.health().isAvailable(now));
    }
}
