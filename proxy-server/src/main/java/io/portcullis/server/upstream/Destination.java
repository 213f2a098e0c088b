package io.portcullis.server.upstream;

import io.netty.handler.ssl.SslContext;
import io.portcullis.core.upstream.Endpoint;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint and how this process reaches it. Connections are pooled by destination, so that two upstreams that verify
 * the same endpoint differently never share one.
 *
 * <p>Thread-safe. Compared by identity; lives across reloads.
 */
public final class Destination {

    private final Endpoint endpoint;
    private final @Nullable SslContext tls;
    private final String tlsName;
    private final EndpointAddress address;

    Destination(Endpoint endpoint, @Nullable SslContext tls, String tlsName, EndpointAddress address) {
        this.endpoint = endpoint;
        this.tls = tls;
        this.tlsName = tlsName;
        this.address = address;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** Whether it is spoken to in HTTP/2, and in nothing else. */
    boolean isHttp2() {
        return endpoint.config().scheme().isHttp2();
    }

    /** Null where the connection is plain. */
    @Nullable
    SslContext tls() {
        return tls;
    }

    /** The name that the endpoint's certificate is verified against. */
    String tlsName() {
        return tlsName;
    }

    /** Null while its name does not resolve. */
    @Nullable
    InetSocketAddress address() {
        return address.current();
    }
}
