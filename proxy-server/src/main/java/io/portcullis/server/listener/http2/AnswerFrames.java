package io.portcullis.server.listener.http2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.ReferenceCountUtil;
import io.portcullis.server.http2.Http2MessageWriter;
import io.portcullis.server.http2.Http2Sections;

/**
 * The answer of one stream, as its request lets it be: without a body to HEAD, and a tunnel to an extended CONNECT.
 *
 * <p>Owned by the connection's event loop.
 */
final class AnswerFrames {

    private final Http2MessageWriter writer = new Http2MessageWriter();
    private boolean toHead;
    private boolean toConnect;
    private boolean bodyless;

    void answers(HttpMethod method) {
        toHead = HttpMethod.HEAD.equals(method);
    }

    void answersExtendedConnect() {
        toConnect = true;
    }

    boolean isEnded() {
        return writer.isEnded();
    }

    void head(ChannelHandlerContext ctx, HttpResponse answer, ChannelPromise promise) {
        HttpResponseStatus status = answer.status();
        int code = status.code();
        if (code == 101 && toConnect) {
            ExtendedConnect.outOfHandshake(answer.headers());
            writer.head(Http2Sections.ofAnswer(HttpResponseStatus.OK, answer.headers()), promise);
            return;
        }
        if (code < 200) {
            writer.interim(ctx, Http2Sections.ofAnswer(status, answer.headers()), promise);
            ReferenceCountUtil.release(answer);
            return;
        }
        // To the client a 2xx would be the open tunnel (RFC 8441 section 4), in which the body is not what it expects.
        boolean wrong = toConnect && code < 300;
        bodyless = wrong || toHead || code == 204 || code == 304;
        Http2Headers section =
                Http2Sections.ofAnswer(wrong ? HttpResponseStatus.BAD_GATEWAY : status, answer.headers());
        if (answer instanceof LastHttpContent whole) {
            writer.head(section, ctx.newPromise());
            content(ctx, whole, promise);
        } else {
            writer.head(section, promise);
        }
    }

    void content(ChannelHandlerContext ctx, HttpContent part, ChannelPromise promise) {
        if (!bodyless) {
            writer.content(ctx, part, promise);
            return;
        }
        boolean last = part instanceof LastHttpContent;
        part.release();
        if (last) {
            writer.content(ctx, LastHttpContent.EMPTY_LAST_CONTENT, promise);
        } else {
            promise.trySuccess();
        }
    }

    void flushHeld(ChannelHandlerContext ctx) {
        writer.flushHeld(ctx);
    }
}
