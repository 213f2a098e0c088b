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
}
