package io.portcullis.benchmarks.load.generator;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;

/**
 * TLS as the client of a load speaks it, by BoringSSL: any certificate is trusted, and every handshake is a full one. A
 * session would be offered again only to a peer that is named when the handler is made, and none is; the cache is off as
 * well.
 */
final class TlsClient {

    /**
     * Those that all peers know; all agree on the first. By itself BoringSSL offers X25519MLKEM768 before them: a peer that
     * knows it agrees on it, and has ML-KEM to compute beside X25519; OpenSSL before 3.5 does not know it. The second is the
     * certificate's curve, which TLS 1.2 wants to be named (RFC 8422 section 5.1).
     */
    private static final String[] GROUPS = {"X25519", "P-256"};

    private final SslContext context;

    /** @param serverName what the hello names */
    TlsClient(String serverName) {
        try {
            context = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.OPENSSL)
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null)
                    .serverName(new SNIHostName(serverName))
                    .option(OpenSslContextOption.GROUPS, GROUPS)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(
                    "TLS by BoringSSL: " + e.getMessage() + " (expected: on the class path)", e);
        }
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setSessionCacheEnabled(false);
        }
    }

    SslHandler handler(ByteBufAllocator allocator) {
        return context.newHandler(allocator);
    }
}
