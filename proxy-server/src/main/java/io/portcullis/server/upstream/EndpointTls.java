package io.portcullis.server.upstream;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.portcullis.core.config.UpstreamConfig;
import java.io.IOException;
import javax.net.ssl.SSLException;

/** TLS towards endpoints. */
final class EndpointTls {

    private EndpointTls() {}

    /**
     * Makes the context for one way of verifying.
     *
     * @throws IOException if the certificate authority's file cannot be used
     */
    static SslContext context(UpstreamConfig.Tls tls) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient();
        try {
            if (tls.certificateAuthority().isPresent()) {
                builder.trustManager(tls.certificateAuthority().get().toFile());
            }
            if (!tls.verify()) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            }
            // Without this the chain would be checked and the name would not (RFC 9110 section 4.3.4).
            builder.endpointIdentificationAlgorithm(tls.verify() ? "HTTPS" : null);
            return builder.build();
        } catch (IllegalArgumentException | SSLException e) {
            throw new IOException(
                    "tls.ca: "
                            + tls.certificateAuthority().map(Object::toString).orElse("the system's store") + ": "
                            + e.getMessage() + " (expected: a PEM file of certificates)",
                    e);
        }
    }
}
