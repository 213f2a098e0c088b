package io.portcullis.server.http1;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.portcullis.core.http.HopByHopHeaders;
import java.util.List;

/** What a head says of its connection in {@code Connection} (RFC 9110 section 7.6.1). */
public final class ConnectionOptions {

    private ConnectionOptions() {}

    /** In lower case; empty where nothing is said. */
    public static List<String> of(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.CONNECTION)) {
            return List.of();
        }
        if (headers instanceof FieldLines lines && lines.count(HttpHeaderNames.CONNECTION) == 1) {
            return HopByHopHeaders.options(lines.get(HttpHeaderNames.CONNECTION, "")); // as nearly always
        }
        return HopByHopHeaders.options(headers.getAll(HttpHeaderNames.CONNECTION));
    }

    /** Whether the sender leaves its connection open after the message (RFC 9112 section 9.3). */
    public static boolean persist(List<String> options, boolean http10) {
        return !options.contains("close") && (!http10 || options.contains("keep-alive"));
    }
}
