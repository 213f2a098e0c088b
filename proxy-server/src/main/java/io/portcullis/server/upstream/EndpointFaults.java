package io.portcullis.server.upstream;

import io.netty.handler.codec.DecoderException;
import io.portcullis.core.upstream.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what was thrown on an endpoint's connection where it is a fault of ours, and not of the endpoint or of the way there. */
final class EndpointFaults {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointFaults.class);

    private EndpointFaults() {}

    static void tell(Endpoint endpoint, Throwable cause) {
        boolean theirs = cause instanceof IOException
                || cause instanceof UncheckedIOException // from epoll's natives
                || cause instanceof DecoderException; // no HTTP, or records that TLS does not take
        if (!theirs) {
            LOG.error("internal fault; the connection to {} is closed. Please report this", endpoint, cause);
        }
    }
}
