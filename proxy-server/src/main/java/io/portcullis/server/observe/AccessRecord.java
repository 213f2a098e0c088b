package io.portcullis.server.observe;

import io.portcullis.core.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the access log tells of one exchange.
 *
 * <p>It has more than five components because a line has that many fields; {@link Builder} names each where it is
 * set, so that no two are mixed up. Texts are held as the client sent them: escaping is the format's work, on the
 * log's thread.
 *
 * @param startMillis when the request's first byte was read, in milliseconds since the epoch
 * @param client who the client really is
 * @param peer the other end of the connection
 * @param virtualHost the virtual host's name; {@code -} where there was none
 * @param host the Host field as sent, or null
 * @param method null where no request line could be read; so are target and protocol
 * @param target as sent, with the query
 * @param protocol such as {@code HTTP/1.1}
 * @param referer the field as sent, or null
 * @param userAgent the field as sent, or null
 * @param authorization the field as sent, or null; of it only the user's name is ever written
 * @param requestId empty where the exchange ended before it had one
 * @param status the answer's; 444 where the connection was dropped without one, as nginx has it
 * @param bytesReceived of the request's body
 * @param bytesSent of the answer's body
 * @param durationMicros from the first byte read to the last byte written, in microseconds
 * @param upstream the endpoint that answered, or null
 * @param upstreamMicros from the request being sent to the answer's end, in microseconds; -1 without an endpoint
 * @param refusedBy the jail that refused the exchange, {@code denylist}, or null
 * @param tlsVersion such as {@code TLSv1.3}; null where the connection is plain, as are the others of TLS
 * @param tlsCipher the suite's IANA name
 * @param tlsServerName what the client asked for by SNI, or null
 * @param alpn the protocol agreed on by ALPN, or null
 */
public record AccessRecord(
        long startMillis,
        IpAddress client,
        IpAddress peer,
        String virtualHost,
        @Nullable String host,
        @Nullable String method,
        @Nullable String target,
        @Nullable String protocol,
        @Nullable String referer,
        @Nullable String userAgent,
        @Nullable String authorization,
        String requestId,
        int status,
        long bytesReceived,
        long bytesSent,
        long durationMicros,
        @Nullable String upstream,
        long upstreamMicros,
        @Nullable String refusedBy,
        @Nullable String tlsVersion,
        @Nullable String tlsCipher,
        @Nullable String tlsServerName,
        @Nullable String alpn)
        implements LogEntry {

    /** Starts a record. Everything not set afterwards is absent or zero. */
    public static Builder builder(long startMillis, IpAddress client, IpAddress peer) {
        return new Builder(startMillis, client, peer);
    }

    @Override
    public int length() {
        return length(host)
                + length(method)
                + length(target)
                + length(referer)
                + length(userAgent)
                + length(authorization)
                + length(tlsServerName)
                + requestId.length();
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** Short, and without the password that {@link #authorization} may hold. */
    @Override
    public String toString() {
        return "AccessRecord[" + client + " " + method + " " + target + " " + status + "]";
    }

    /** Collects a record's fields as they become known. Used by one thread. */
    public static final class Builder {
        private final long startMillis;
        private final IpAddress client;
        private final IpAddress peer;
        private String virtualHost = "-";
        private @Nullable String host;
        private @Nullable String method;
        private @Nullable String target;
        private @Nullable String protocol;
        private @Nullable String referer;
        private @Nullable String userAgent;
        private @Nullable String authorization;
        private String requestId = "";
        private int status;
        private long bytesReceived;
        private long bytesSent;
        private long durationMicros;
        private @Nullable String upstream;
        private long upstreamMicros = -1;
        private @Nullable String refusedBy;
        private @Nullable String tlsVersion;
        private @Nullable String tlsCipher;
        private @Nullable String tlsServerName;
        private @Nullable String alpn;

        private Builder(long startMillis, IpAddress client, IpAddress peer) {
            this.startMillis = startMillis;
            this.client = client;
            this.peer = peer;
        }

        public Builder virtualHost(String name) {
            virtualHost = name;
            return this;
        }

        public Builder requestLine(String method, String target, String protocol) {
            this.method = method;
            this.target = target;
            this.protocol = protocol;
            return this;
        }

        public Builder host(@Nullable String field) {
            host = field;
            return this;
        }

        public Builder referer(@Nullable String field) {
            referer = field;
            return this;
        }

        public Builder userAgent(@Nullable String field) {
            userAgent = field;
            return this;
        }

        /** The whole field: the user's name is taken out of it on the log's thread, the password never written. */
        public Builder authorization(@Nullable String field) {
            authorization = field;
            return this;
        }

        public Builder requestId(String id) {
            requestId = id;
            return this;
        }

        public Builder status(int status) {
            this.status = status;
            return this;
        }

        public Builder bytesReceived(long bytes) {
            bytesReceived = bytes;
            return this;
        }

        public Builder bytesSent(long bytes) {
            bytesSent = bytes;
            return this;
        }

        public Builder durationMicros(long micros) {
            durationMicros = micros;
            return this;
        }

        public Builder upstream(String endpoint, long micros) {
            upstream = endpoint;
            upstreamMicros = micros;
            return this;
        }

        public Builder refusedBy(@Nullable String jail) {
            refusedBy = jail;
            return this;
        }

        public Builder tls(String version, String cipher) {
            tlsVersion = version;
            tlsCipher = cipher;
            return this;
        }

        public Builder tlsServerName(@Nullable String name) {
            tlsServerName = name;
            return this;
        }

        public Builder alpn(@Nullable String protocol) {
            alpn = protocol;
            return this;
        }

        public AccessRecord build() {
            return new AccessRecord(
                    startMillis,
                    client,
                    peer,
                    virtualHost,
                    host,
                    method,
                    target,
                    protocol,
                    referer,
                    userAgent,
                    authorization,
                    requestId,
                    status,
                    bytesReceived,
                    bytesSent,
                    durationMicros,
                    upstream,
                    upstreamMicros,
                    refusedBy,
                    tlsVersion,
                    tlsCipher,
                    tlsServerName,
                    alpn);
        }
    }
}
