package io.portcullis.server.upstream;

import io.netty.handler.ssl.SslContext;
import io.portcullis.core.upstream.Endpoint;
import io.portcullis.server.observe.metrics.EndpointMeter;
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
    private final EndpointAddress address;
    private final Greeting greeting;
    private final EndpointMeter meter;

    /**
     * How each connection begins.
     *
     * @param tls null where it is plain
     * @param told whether with whom it is for
     */
    record Greeting(@Nullable SslContext tls, String tlsName, boolean told) {}

    /** @param meter of all destinations of the endpoint */
    Destination(Endpoint endpoint, EndpointAddress address, Greeting greeting, EndpointMeter meter) {
        this.endpoint = endpoint;
        this.address = address;
        this.greeting = greeting;
        this.meter = meter;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** What is counted of its endpoint. */
    public EndpointMeter meter() {
        return meter;
    }

    /** Whether it is spoken to in HTTP/2, and in nothing else. */
    boolean isHttp2() {
        return endpoint.config().scheme().isHttp2();
    }

    /** Whether each connection begins with a PROXY header, and so is for one client alone. */
    public boolean isToldTheClient() {
        return greeting.told();
    }

    /** Null where the connection is plain. */
    @Nullable
    SslContext tls() {
        return greeting.tls();
    }

    /** The name that the endpoint's certificate is verified against. */
    String tlsName() {
        return greeting.tlsName();
    }

    /** Null while its name does not resolve. */
    @Nullable
    InetSocketAddress address() {
        return address.current();
    }
}
