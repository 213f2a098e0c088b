package io.portcullis.server.observe;

import static io.portcullis.server.observe.JsonMembers.name;
import static io.portcullis.server.observe.JsonMembers.text;

/**
 * One JSON object a line, in ASCII, always with the same fields in the same order; what is absent is null.
 *
 * <p>{@code time} (the request's first byte, RFC 3339 in UTC with milliseconds), {@code client}, {@code peer},
 * {@code virtual_host}, {@code host}, {@code method}, {@code target}, {@code protocol}, {@code status},
 * {@code bytes_received}, {@code bytes_sent}, {@code duration_us}, {@code upstream}, {@code upstream_us},
 * {@code referer}, {@code user_agent}, {@code user}, {@code request_id}, {@code refused_by}, {@code tls_version},
 * {@code tls_cipher}, {@code tls_sni}, {@code alpn}. These names are a contract:
 * fields may be added at the end, none is renamed.
 */
final class JsonFormat implements LineFormat<AccessRecord> {
    private final UtcTime time = new UtcTime();

    @Override
    public void append(AccessRecord entry, LineBuffer out) {
        out.ascii("{\"time\":\"");
        time.append(entry.startMillis(), out);
        out.ascii('"');
        text("client", entry.client().toString(), out);
        text("peer", entry.peer().toString(), out);
        text("virtual_host", entry.virtualHost(), out);
        text("host", entry.host(), out);
        text("method", entry.method(), out);
        text("target", entry.target(), out);
        text("protocol", entry.protocol(), out);
        name("status", out).number(entry.status());
        name("bytes_received", out).number(entry.bytesReceived());
        name("bytes_sent", out).number(entry.bytesSent());
        name("duration_us", out).number(entry.durationMicros());
        text("upstream", entry.upstream(), out);
        name("upstream_us", out);
        if (entry.upstream() == null) {
            out.ascii("null");
        } else {
            out.number(entry.upstreamMicros());
        }
        text("referer", entry.referer(), out);
        text("user_agent", entry.userAgent(), out);
        text("user", BasicUser.of(entry.authorization()), out);
        text("request_id", entry.requestId().isEmpty() ? null : entry.requestId(), out);
        text("refused_by", entry.refusedBy(), out);
        text("tls_version", entry.tlsVersion(), out);
        text("tls_cipher", entry.tlsCipher(), out);
        text("tls_sni", entry.tlsServerName(), out);
        text("alpn", entry.alpn(), out);
        out.ascii("}\n");
    }
}
