package io.portcullis.server.listener.http2;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;

/** A WebSocket opened over HTTP/2 (RFC 8441 section 5), as the handshake of HTTP/1.1 that applications speak. */
final class ExtendedConnect {

    private ExtendedConnect() {}

    /** @param key which the application answers, and nobody checks: HTTP/2 has no use for it */
    static void intoHandshake(HttpRequest request, String key) {
        request.setMethod(HttpMethod.GET);
        request.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key);
    }

    static void outOfHandshake(HttpHeaders headers) {
        headers.remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
    }
}
