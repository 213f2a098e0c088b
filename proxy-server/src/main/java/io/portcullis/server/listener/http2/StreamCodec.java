package io.portcullis.server.listener.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.server.exchange.Fault;
import io.portcullis.server.exchange.Http2Conversation;
import io.portcullis.server.exchange.Http2Stream;
import io.portcullis.server.http2.Http2Fields;
import io.portcullis.server.http2.MalformedSection;

/**
 * One stream's frames as a request, and its answer as frames: what comes out is what {@code RequestDecoder} makes of
 * HTTP/1.1, so that nobody behind it has to know the version.
 *
 * <p>A request that breaks a rule is handed on with the {@link Fault} in its decoder result, as over HTTP/1.1. One that
 * is malformed (RFC 9113 section 8.1.1) is told to the jails and to the access log as 400, and to the client as a reset.
 *
 * <p>Owned by the connection's event loop.
 */
public final class StreamCodec extends ChannelDuplexHandler implements Http2Stream.Codec {

    private enum State {
        HEAD,
        BODY,
        /** The request is whole. */
        ENDED,
        /** DATA is octets of a WebSocket, both ways (RFC 8441). */
        TUNNEL,
        /** Nothing more is wanted. */
        DISCARDING
    }

    private final LimitsConfig limits;
    private final AnswerFrames answer = new AnswerFrames();
    private final Http2Stream stream;
    private final Channel channel;

    private State state = State.HEAD;
    private boolean inputEnded;
    private boolean malformed;
    private boolean over;
    private long length = -1;
    private long received;

    public StreamCodec(Http2Conversation conversation, Channel channel, LimitsConfig limits) {
        this.limits = limits;
        this.channel = channel;
        this.stream = conversation.open(channel);
        stream.attach(this);
    }

    public Http2Stream stream() {
        return stream;
    }

    // The request

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http2DataFrame data) {
            inputEnded |= data.isEndStream();
            data(ctx, data);
        } else if (frame instanceof Http2HeadersFrame headers) {
            inputEnded |= headers.isEndStream();
            if (state == State.HEAD) {
                head(ctx, headers);
            } else if (state == State.BODY) {
                trailers(ctx, headers);
            } else if (state == State.TUNNEL) {
                ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
        } else {
            ReferenceCountUtil.release(frame);
        }
    }

    private void head(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
        DefaultHttpRequest request;
        try {
            request = Http2Fields.request(frame.headers(), frame.isEndStream());
        } catch (MalformedSection section) {
            malformed = !section.isTooLarge();
            failHead(ctx, unread(), Fault.ofClient(section.isTooLarge() ? 431 : 400, section.getMessage()));
            return;
        }
        answer.answers(request.method());
        String protocol = Http2Fields.protocol(frame.headers());
        if (protocol != null) {
            openTunnel(ctx, request, protocol);
            return;
        }
        length = Http2Fields.contentLength(request.headers());
        if (limits.maxBodySize() > 0 && length > limits.maxBodySize()) {
            failHead(ctx, request, tooLarge());
            return;
        }
        state = frame.isEndStream() ? State.ENDED : State.BODY;
        ctx.fireChannelRead(request);
        if (frame.isEndStream()) {
            ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    /** An extended CONNECT becomes the handshake that HTTP/1.1 has for it; what is sent meanwhile waits unread. */
    private void openTunnel(ChannelHandlerContext ctx, DefaultHttpRequest request, String protocol) {
        if (!protocol.equals("websocket") || inputEnded) {
            failHead(ctx, request, Fault.ofClient(501, "no tunnels of this kind (expected: websocket)"));
            return;
        }
        answer.answersExtendedConnect();
        ExtendedConnect.intoHandshake(request, stream.newWebSocketKey());
        state = State.ENDED;
        stream.holdReading(true);
        ctx.fireChannelRead(request);
        ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private void data(ChannelHandlerContext ctx, Http2DataFrame frame) {
        if (state == State.TUNNEL) {
            ctx.fireChannelRead(frame.content());
            if (frame.isEndStream()) {
                ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
            return;
        }
        if (state != State.BODY) {
            frame.release();
            return;
        }
        int octets = frame.content().readableBytes();
        received += octets;
        if (length >= 0 && (received > length || (frame.isEndStream() && received != length))) {
            frame.release();
            failMalformedBody(ctx, "content-length is not the length of the body"); // RFC 9113 section 8.1.1
        } else if (limits.maxBodySize() > 0 && received > limits.maxBodySize()) {
            frame.release();
            failBody(ctx, tooLarge());
        } else if (frame.isEndStream()) {
            state = State.ENDED;
            ctx.fireChannelRead(new DefaultLastHttpContent(frame.content()));
        } else if (octets > 0) {
            ctx.fireChannelRead(new DefaultHttpContent(frame.content()));
        } else {
            frame.release();
        }
    }

    private void trailers(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
        HttpHeaders trailers;
        try {
            trailers = Http2Fields.requestTrailers(frame.headers());
        } catch (MalformedSection section) {
            if (section.isTooLarge()) {
                failBody(ctx, Fault.ofClient(431, section.getMessage()));
            } else {
                failMalformedBody(ctx, section.getMessage());
            }
            return;
        }
        if (length >= 0 && received != length) {
            failMalformedBody(ctx, "content-length is not the length of the body");
            return;
        }
        state = State.ENDED;
        DefaultLastHttpContent last = new DefaultLastHttpContent(
                Unpooled.EMPTY_BUFFER,
                DefaultHttpHeadersFactory.trailersFactory().withValidation(false));
        last.trailingHeaders().set(trailers);
        ctx.fireChannelRead(last);
    }

    private Fault tooLarge() {
        return Fault.ofClient(413, "request body larger than " + limits.maxBodySize() + " bytes");
    }

    private static DefaultHttpRequest unread() {
        HttpHeaders none =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        return new DefaultHttpRequest(Http2Fields.HTTP_2, HttpMethod.GET, "-", none, false);
    }

    private void failHead(ChannelHandlerContext ctx, DefaultHttpRequest request, Fault fault) {
        state = State.DISCARDING;
        request.setDecoderResult(DecoderResult.failure(fault));
        ctx.fireChannelRead(request);
    }

    private void failMalformedBody(ChannelHandlerContext ctx, String problem) {
        malformed = true;
        failBody(ctx, Fault.ofClient(400, problem));
        if (channel.isActive() && !over && stream.isIdle()) {
            reset(Http2Error.PROTOCOL_ERROR); // the answer was given before the request ended
        }
    }

    private void failBody(ChannelHandlerContext ctx, Fault fault) {
        state = State.DISCARDING;
        DefaultLastHttpContent last = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        last.setDecoderResult(DecoderResult.failure(fault));
        ctx.fireChannelRead(last);
    }

    /** The client's RST_STREAM comes as an event, and the stream closes after it; priorities are nobody's concern. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2Frame) {
            ReferenceCountUtil.release(event);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /**
     * A frame that the stream's state does not allow: Netty resets the stream after this, with the error that it is. Where
     * such an error is only the cause of what was thrown, a write has come too late for a client that has left, which it
     * may at any time.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof Http2Exception)) {
            ctx.fireExceptionCaught(cause);
        } else if (cause instanceof HeaderListSizeException head && !head.duringDecode()) {
            reset(Http2Error.INTERNAL_ERROR); // the application says more than the client takes, which is no offence
        } else if (!over) {
            over = true;
            state = State.DISCARDING;
            stream.violated(String.valueOf(cause.getMessage()));
        }
    }

    @Override
    public void discard() {
        if (state != State.TUNNEL) {
            state = State.DISCARDING;
        }
    }

    @Override
    public void becomeTunnel() {
        state = State.TUNNEL;
    }

    // The answer

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof Http2Frame) {
            ctx.write(message, promise);
        } else if (message instanceof ByteBuf octets) {
            if (octets.isReadable()) {
                ctx.write(new DefaultHttp2DataFrame(octets, false), promise);
            } else {
                octets.release();
                promise.trySuccess();
            }
        } else if (malformed) {
            ReferenceCountUtil.release(message);
            promise.trySuccess();
            reset(Http2Error.PROTOCOL_ERROR);
        } else if (message instanceof HttpResponse head) {
            answer.head(ctx, head, promise);
        } else {
            answer.content(ctx, (HttpContent) message, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        answer.flushHeld(ctx);
        ctx.flush();
    }

    @Override
    public void reset(Http2Error error) {
        boolean whole = inputEnded && answer.isEnded();
        if (over || !channel.isActive() || (whole && error == Http2Error.NO_ERROR)) {
            return;
        }
        over = true;
        state = State.DISCARDING;
        Http2Error told = malformed ? Http2Error.PROTOCOL_ERROR : error;
        channel.writeAndFlush(new DefaultHttp2ResetFrame(told));
        channel.close();
    }
}
