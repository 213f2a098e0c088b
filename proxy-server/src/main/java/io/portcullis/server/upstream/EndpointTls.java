package io.portcullis.server.upstream;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.portcullis.core.config.UpstreamConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** TLS towards endpoints. */
final class EndpointTls {

    /** RFC 9113 section 3.2. Whoever does not agree is found out when the handshake is done. */
    private static final ApplicationProtocolConfig H2_ONLY = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2);

    private EndpointTls() {}

    /**
     * What stands in a certificate authority's file.
     *
     * @throws IOException if it cannot be read
     */
    static String readAuthority(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IOException("tls.ca: " + file + ": cannot be read (expected: a PEM file of certificates)", e);
        }
    }

    /**
     * Makes the context for one way of verifying.
     *
     * @param http2 whether HTTP/2 is asked for by ALPN, and nothing else
     * @throws IOException if the certificate authority's file cannot be used
     */
    static SslContext context(UpstreamConfig.Tls tls, boolean http2) throws IOException {
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
            if (http2) {
                builder.applicationProtocolConfig(H2_ONLY);
            }
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
