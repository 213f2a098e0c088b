package io.portcullis.server.upstream;

import io.portcullis.core.upstream.Endpoint;
import io.portcullis.core.upstream.Upstream;
import java.util.List;

/**
 * An upstream and how each of its endpoints is reached.
 *
 * @param destinations in the order of {@link Upstream#endpoints()}
 */
public record ReachableUpstream(Upstream upstream, List<Destination> destinations) {

    public ReachableUpstream {
        destinations = List.copyOf(destinations);
    }

    /** The destination of one of its endpoints; by identity. */
    public Destination destination(Endpoint endpoint) {
        for (int i = 0; i < destinations.size(); i++) {
            if (destinations.get(i).endpoint() == endpoint) {
                return destinations.get(i);
            }
        }
        throw new IllegalArgumentException("endpoint: " + endpoint + " (expected: one of "
                + upstream.config().name() + ")");
    }
}
