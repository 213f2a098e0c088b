package io.portcullis.server.observe;

import io.portcullis.core.net.IpAddress;
import java.time.Instant;
import java.util.Objects;
import java.util.TimeZone;

/** Access records for tests. */
final class Records {
    static final long START = Instant.parse("2026-11-22T18:00:00.007Z").toEpochMilli();
    static final IpAddress CLIENT = address("192.0.2.7");
    static final IpAddress PEER = address("2001:db8::1");

    static final LocalTimes UTC = new LocalTimes(TimeZone.getTimeZone("UTC"));

    private Records() {}

    static IpAddress address(String text) {
        return Objects.requireNonNull(IpAddress.parse(text), text);
    }

    static AccessRecord.Builder get(String target) {
        return AccessRecord.builder(START, CLIENT, PEER)
                .virtualHost("shop")
                .requestLine("GET", target, "HTTP/1.1")
                .status(200)
                .bytesSent(548);
    }

    /** A record with the same text in every field that is one, whoever chooses it. */
    static AccessRecord everywhere(String text) {
        return AccessRecord.builder(START, CLIENT, PEER)
                .virtualHost(text)
                .requestLine(text, text, text)
                .host(text)
                .referer(text)
                .userAgent(text)
                .authorization(text)
                .requestId(text)
                .upstream(text, 1)
                .refusedBy(text)
                .tls(text, text)
                .tlsServerName(text)
                .alpn(text)
                .build();
    }

    static <E extends LogEntry> String line(LineFormat<E> format, E entry) {
        LineBuffer out = new LineBuffer(16);
        format.append(entry, out);
        return out.toString();
    }
}
