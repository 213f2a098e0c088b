package io.portcullis.core.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A group of endpoints that serve the same application.
 *
 * @param name for the operator: the virtual host's name and, where it is not {@code /}, the route's path
 * @param endpoints at least one
 * @param maxFails so many failed tries within {@code failTimeout} take an endpoint out for {@code failTimeout}, as
 *     nginx's {@code max_fails}; 0 never does
 * @param tls how {@code https} and {@code h2} endpoints are verified
 * @param proxyProtocol whether each connection begins with a PROXY protocol header, version 2, that tells the client;
 *     such a connection serves one client's exchange and is not kept
 */
public record UpstreamConfig(
        String name,
        List<EndpointConfig> endpoints,
        Balance balance,
        int maxFails,
        Duration failTimeout,
        Tls tls,
        boolean proxyProtocol) {

    public UpstreamConfig {
        endpoints = List.copyOf(endpoints);
    }

    /** How the next endpoint is chosen. */
    public enum Balance {
        ROUND_ROBIN
    }

    /**
     * One {@code scheme://host:port}.
     *
     * @param host a name or an address literal, IPv6 without brackets
     * @param port 1 to 65535
     */
    public record EndpointConfig(Scheme scheme, String host, int port) {
        @Override
        public String toString() {
            String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
            return scheme.text + "://" + shown + ":" + port;
        }
    }

    /** What is spoken to an endpoint. */
    public enum Scheme {
        HTTP("http", 80),
        HTTPS("https", 443),
        /** HTTP/2 over TLS, agreed on by ALPN. */
        H2("h2", 443),
        /** HTTP/2 in the clear, with prior knowledge (RFC 9113 section 3.3). */
        H2C("h2c", 80);

        public final String text;
        public final int defaultPort;

        Scheme(String text, int defaultPort) {
            this.text = text;
            this.defaultPort = defaultPort;
        }

        public boolean isEncrypted() {
            return this == HTTPS || this == H2;
        }

        public boolean isHttp2() {
            return this == H2 || this == H2C;
        }
    }

    /**
     * TLS towards {@code https} and {@code h2} endpoints.
     *
     * @param verify whether the certificate's chain and name are checked
     * @param certificateAuthority a PEM file to trust in place of the system's store
     * @param serverName the name to ask for and to verify, where it differs from the endpoint's host
     */
    public record Tls(boolean verify, Optional<Path> certificateAuthority, Optional<String> serverName) {}
}
