package io.portcullis.core.ban;

import io.portcullis.core.net.ClientKey;
import java.util.stream.Stream;

/**
 * A lock for each client; a fixed number that they share by hash, rather than one in each {@link TrackedClient}: those
 * come and go with the bound on their number, and two of the same client would be two locks.
 *
 * <p>No thread holds the locks of two clients, since there is no order in which it could take them.
 */
final class ClientLocks {

    /** Many times the event loops there may be, so that two of them seldom meet; a power of two. */
    private static final int LOCKS = 1024;

    private final Object[] locks = Stream.generate(Object::new).limit(LOCKS).toArray();

    Object of(ClientKey client) {
        int hash = client.hashCode();
        return locks[(hash ^ hash >>> 16) & (LOCKS - 1)];
    }
}
