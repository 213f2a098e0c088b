package io.portcullis.server.exchange;

import io.portcullis.core.net.ClientKey;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many connections each client has, over all event loops. Counts those that were opened while there was a bound, and
 * none of a trusted proxy. Thread-safe.
 */
public final class ClientPlaces {

    private final ConcurrentHashMap<ClientKey, Integer> taken = new ConcurrentHashMap<>();

    /** @return how many the client has by now */
    int take(ClientKey client) {
        return taken.merge(client, 1, Integer::sum);
    }

    void giveBack(ClientKey client) {
        taken.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }

    /** The clients that are counted now. */
    int clients() {
        return taken.size();
    }
}
