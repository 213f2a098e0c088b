package io.portcullis.core.config;

import io.portcullis.core.net.IpAddress;
import java.util.Optional;

/**
 * An address and port that accepts connections.
 *
 * @param name the key under {@code listeners}
 * @param address the local address; the unspecified one ({@code 0.0.0.0}, {@code ::}) means all
 * @param port 0 to 65535; 0 lets the system choose
 * @param proxyProtocol whether each connection begins with a PROXY protocol header; believed from trusted proxies only
 * @param http2 whether HTTP/2 is spoken beside HTTP/1.1: chosen by ALPN where there is TLS, else by its preface
 * @param tls empty where connections are plain
 */
public record ListenerConfig(
        String name, IpAddress address, int port, boolean proxyProtocol, boolean http2, Optional<Tls> tls) {

    /**
     * TLS towards clients.
     *
     * @param defaultCertificate for virtual hosts without one of their own, and for clients that name no host or an
     *     unknown one; without it, these are served with the default host's, or refused with {@code unrecognized_name}
     */
    public record Tls(Optional<CertificateConfig> defaultCertificate) {}

    /** A plain one that speaks HTTP/1.1 alone. */
    public static ListenerConfig plain(String name, IpAddress address, int port) {
        return new ListenerConfig(name, address, port, false, false, Optional.empty());
    }
}
