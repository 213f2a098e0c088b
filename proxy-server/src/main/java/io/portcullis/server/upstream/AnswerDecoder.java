package io.portcullis.server.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;

/**
 * Decodes an endpoint's answers.
 *
 * <p>There is one exchange at a time on a connection, so what the answer belongs to is simply told, where Netty's client
 * codec keeps a queue of methods that an unexpected interim answer can put out of step (CVE-2026-42584).
 *
 * <p>Owned by the connection's event loop.
 */
final class AnswerDecoder extends HttpResponseDecoder {

    /** An application's cookies and policies can be long; a whole page in the head is a fault. */
    private static final int MAX_HEAD = 64 * 1024;

    private static final int MAX_LINE = 8 * 1024;
    private static final int MAX_PART = 64 * 1024;

    private boolean answersHead;
    private boolean heard;

    AnswerDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEAD)
                .setMaxChunkSize(MAX_PART)
                .setValidateHeaders(true));
    }

    /** Tells whether the next answer is to a HEAD request, and therefore has no body (RFC 9112 section 6.3). */
    void expectAnswer(boolean toHead) {
        answersHead = toHead;
        heard = false;
    }

    /** Whether any octet has come since {@link #expectAnswer}. */
    boolean hasHeard() {
        return heard;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        heard = true;
        super.channelRead(ctx, message);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        if (answersHead
                || (message instanceof HttpResponse answer && answer.status().code() == 101)) {
            return true; // Netty expects a body after a 101 without Sec-WebSocket-Accept, which no RFC knows
        }
        return super.isContentAlwaysEmpty(message);
    }

    /** Whether octets have come that are no answer yet: after an answer's end, nobody asked for them. */
    boolean hasSurplus() {
        return actualReadableBytes() > 0;
    }
}
