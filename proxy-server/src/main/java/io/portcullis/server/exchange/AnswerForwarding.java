package io.portcullis.server.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.portcullis.core.http.HopByHopHeaders;
import io.portcullis.server.http1.ConnectionOptions;
import org.jspecify.annotations.Nullable;

/** Makes the answer that the client gets out of the endpoint's. */
final class AnswerForwarding {

    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");

    /** The application's own is left as it is: it may know better for its part of the names. */
    static final AsciiString HSTS = AsciiString.cached("strict-transport-security");

    private AnswerForwarding() {}

    /** Why an endpoint's head cannot be passed on, or null. What would be read differently by others is not. */
    static @Nullable String problem(HttpResponse answer) {
        int code = answer.status().code();
        return code < 100 || code > 599 ? "answered with status " + code + " (expected: 100 to 599)" : null;
    }

    /** An interim or switching answer loses what is for one hop only; the caller adds what it means anew. */
    static void removeHopByHop(HttpHeaders headers) {
        for (String named : ConnectionOptions.of(headers)) {
            if (HopByHopHeaders.mayBeNamed(named)) {
                headers.remove(named);
            }
        }
        headers.remove(HttpHeaderNames.CONNECTION);
        headers.remove(HttpHeaderNames.UPGRADE);
        headers.remove(KEEP_ALIVE);
        headers.remove(PROXY_CONNECTION);
        headers.remove(HttpHeaderNames.PROXY_AUTHENTICATE);
    }

    /**
     * Rewrites a final head for the client.
     *
     * @param goesOn whether this side could leave the connection open
     * @return whether it stays open: the body's end must be told by the head, or in chunks. HTTP/2 has frames for that
     */
    static boolean rewrite(HttpResponse answer, Exchange exchange, boolean goesOn) {
        HttpHeaders headers = answer.headers();
        removeHopByHop(headers);
        boolean staysOpen = goesOn;
        boolean bodyless = exchange.isHead()
                || answer.status().code() == 204
                || answer.status().code() == 304;
        if (exchange.isHttp2()) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        } else if (!bodyless && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            if (exchange.isHttp10()) {
                headers.remove(HttpHeaderNames.TRANSFER_ENCODING); // RFC 9112 section 6.1: it ends with the connection
                staysOpen = false;
            } else {
                headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
        }
        answer.setProtocolVersion(HttpVersion.HTTP_1_1);
        String hsts = exchange.hsts();
        if (hsts != null && !headers.contains(HSTS)) {
            headers.set(HSTS, hsts);
        }
        tellWhetherItGoesOn(headers, exchange, staysOpen);
        return staysOpen;
    }

    /** Tells an HTTP/1 client whether its connection stays open. */
    static void tellWhetherItGoesOn(HttpHeaders headers, Exchange exchange, boolean goesOn) {
        if (exchange.isHttp2()) {
            return; // RFC 9113 section 8.2.2
        }
        if (!goesOn) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (exchange.isHttp10()) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }
}
