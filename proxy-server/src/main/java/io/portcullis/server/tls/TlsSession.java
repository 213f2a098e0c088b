package io.portcullis.server.tls;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What a completed handshake agreed on, for the access log and for judging what else the connection may carry.
 *
 * @param version such as {@code TLSv1.3}
 * @param cipher the suite's IANA name, such as {@code TLS_AES_128_GCM_SHA256}, whichever library it is
 * @param serverName what the client asked for by SNI, as {@link io.portcullis.core.http.HostName} gives it; null without
 * @param applicationProtocol by ALPN: {@code h2} or {@code http/1.1}; null where the client spoke no ALPN that is known
 * @param certificate what was shown to the client
 */
public record TlsSession(
        String version,
        String cipher,
        @Nullable String serverName,
        @Nullable String applicationProtocol,
        ServedCertificate certificate) {

    /**
     * Asks an engine whose handshake is complete.
     *
     * @param serverName as the client's hello said it
     * @param certificate what the engine was made from
     */
    public static TlsSession of(SSLEngine engine, @Nullable String serverName, ServedCertificate certificate) {
        SSLSession session = engine.getSession();
        String applicationProtocol = engine.getApplicationProtocol();
        return new TlsSession(
                session.getProtocol(),
                session.getCipherSuite(),
                serverName,
                applicationProtocol == null || applicationProtocol.isEmpty() ? null : applicationProtocol,
                certificate);
    }
}
