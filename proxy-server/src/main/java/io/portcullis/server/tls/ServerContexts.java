package io.portcullis.server.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Makes the contexts that handshakes begin from: TLS 1.2 and 1.3 with forward secrecy and authenticated encryption
 * only (Mozilla's intermediate profile, without its finite-field suites). There is no renegotiation, no compression and
 * no 0-RTT, whose requests could be replayed.
 *
 * <p>A client that offers none of the application protocols by ALPN is served HTTP/1.1 without ALPN.
 */
final class ServerContexts {

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final String[] GROUPS = {"X25519MLKEM768", "X25519", "P-256", "P-384"};

    /** Of the JDK, for all clients of a certificate; its sessions are in the clients' tickets. */
    private static final int CACHED_SESSIONS = 1_000;

    private static final long SESSION_SECONDS = 86_400;

    /**
     * Where the key is handed over in, inside the process. The default, PKCS#12, derives a key from the empty password by
     * ten thousand rounds to write it, and once more to read it: a quarter of a second in a JVM that has just begun.
     */
    private static final String KEY_STORE = "JKS";

    private ServerContexts() {}

    /**
     * A context of BoringSSL. Its sessions are in the clients' tickets only, so there is no cache here.
     *
     * @param tickets the keys of tickets
     * @param sessionScope what sessions must share to be resumed, at most 32 octets
     */
    static SslContext boringSsl(LoadedCertificate certificate, boolean http2, TicketKeys tickets, byte[] sessionScope)
            throws SSLException {
        SslContext context = common(certificate, http2)
                .sslProvider(SslProvider.OPENSSL)
                .option(OpenSslContextOption.GROUPS, GROUPS)
                .build();
        OpenSslServerSessionContext sessions = (OpenSslServerSessionContext) context.sessionContext();
        sessions.setSessionCacheEnabled(false);
        sessions.setSessionIdContext(sessionScope);
        sessions.setTicketKeys(tickets.all());
        return context;
    }

    /** A context of the JDK, which makes and rotates the keys of its tickets itself. */
    static SslContext jdk(LoadedCertificate certificate, boolean http2) throws SSLException {
        SslContext context = common(certificate, http2)
                .sslProvider(SslProvider.JDK)
                .sessionCacheSize(CACHED_SESSIONS)
                .build();
        return new JdkContext(context);
    }

    private static SslContextBuilder common(LoadedCertificate certificate, boolean http2) {
        return SslContextBuilder.forServer(certificate.key(), certificate.chain())
                .keyStoreType(KEY_STORE)
                .trustManager(NoClientCertificates.INSTANCE)
                .protocols(PROTOCOLS)
                .ciphers(CIPHERS)
                .sessionTimeout(SESSION_SECONDS)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        http2
                                ? List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)
                                : List.of(ApplicationProtocolNames.HTTP_1_1)));
    }
}
