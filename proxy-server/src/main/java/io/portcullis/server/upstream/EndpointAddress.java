package io.portcullis.server.upstream;

import io.portcullis.core.net.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an endpoint's host is now.
 *
 * <p>Resolving blocks, so event loops only read what {@link #refresh} found last. A name that stops resolving keeps its
 * last address: the resolver is down more often than the application has moved.
 */
final class EndpointAddress {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointAddress.class);

    private final String host;
    private final int port;
    private final boolean literal;
    private volatile @Nullable InetSocketAddress current;
    private boolean failing; // guarded by refresh's one thread

    EndpointAddress(String host, int port) {
        this.host = host;
        this.port = port;
        IpAddress address = IpAddress.parse(host);
        this.literal = address != null;
        this.current = address == null ? null : new InetSocketAddress(address.toInetAddress(), port);
    }

    @Nullable
    InetSocketAddress current() {
        return current;
    }

    /** Asks the system's resolver; blocks. Called by one thread at a time. */
    void refresh() {
        if (literal) {
            return;
        }
        try {
            current = new InetSocketAddress(InetAddress.getByName(host), port);
            if (failing) {
                LOG.info("endpoint host {} resolves again", host);
                failing = false;
            }
        } catch (UnknownHostException e) {
            if (!failing) {
                LOG.warn(
                        "endpoint host {} does not resolve; {}. Check the name, or give the address",
                        host,
                        current == null ? "its requests are answered 502 until it does" : "keeping its last address");
                failing = true;
            }
        }
    }
}
