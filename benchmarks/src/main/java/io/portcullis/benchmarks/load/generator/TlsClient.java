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
 * TLS 1.3 as the client of a load speaks it, by BoringSSL: any certificate is trusted, and every handshake is a full one. A
 * session would be offered again only to a peer that is named when the handler is made, and none is; the cache is off as
 * well.
 */
final class TlsClient {

    /**
     * The one that all peers are to be asked for. By itself BoringSSL offers X25519MLKEM768 first: a peer that knows it
     * agrees on it, and has ML-KEM to compute beside X25519; OpenSSL before 3.5 does not know it. TLS 1.2 would want the
     * certificate's curve among the groups as well (RFC 8422 section 5.1).
     */
    private static final String KEY_EXCHANGE = "X25519";

    private final SslContext context;

    /** @param serverName what the hello names */
    TlsClient(String serverName) {
        try {
            context = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.OPENSSL)
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null)
                    .serverName(new SNIHostName(serverName))
                    .protocols("TLSv1.3")
                    .option(OpenSslContextOption.GROUPS, new String[] {KEY_EXCHANGE})
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
