package io.portcullis.server.exchange;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/**
 * Encodes answers to an HTTP/1 client. It is told which exchange it encodes for, because an answer to HEAD has the
 * head of an answer with a body, and none (RFC 9112 section 6.3).
 *
 * <p>Owned by the connection's event loop.
 */
public final class AnswerEncoder extends HttpResponseEncoder {

    private boolean answersHead;

    void answersHead(boolean head) {
        answersHead = head;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse answer) {
        return answersHead || super.isContentAlwaysEmpty(answer);
    }
}
