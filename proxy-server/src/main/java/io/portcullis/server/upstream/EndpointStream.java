package io.portcullis.server.upstream;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import io.portcullis.server.http2.Http2Fields;
import io.portcullis.server.http2.Http2MessageWriter;
import io.portcullis.server.http2.Http2Sections;
import io.portcullis.server.http2.MalformedSection;
import io.portcullis.server.observe.metrics.EndpointFailure;
import org.jspecify.annotations.Nullable;

/**
 * A stream of an HTTP/2 connection to an endpoint: carries one exchange.
 *
 * <p>How it ended is decided when its channel becomes inactive, and not when a frame says that the endpoint has reset it:
 * frames of the answer may still be waiting for a slow client, and an answer that is whole stays so (RFC 9113 section
 * 8.1). {@code Upgrade} has no meaning here and is left out, which leaves the client with the answer to a plain request
 * (RFC 9110 section 7.8).
 *
 * <p>Owned by its event loop.
 */
final class EndpointStream extends ChannelInboundHandlerAdapter implements UpstreamConnection {

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final long UNKNOWN = -1;

    private final SharedConnection connection;
    private final Http2StreamChannel channel;
    private final Http2MessageWriter writer = new Http2MessageWriter();
    /** Writes nothing before it is in the pipeline. */
    private @Nullable ChannelHandlerContext context;

    private @Nullable AnswerReceiver receiver;
    private boolean toHead;
    private boolean refusedBySize;
    private long heardBefore;
    private long sentAt;

    private boolean headSeen;
    private boolean answerEnded;
    private boolean heard;
    private long bodyLeft = UNKNOWN;

    private boolean unprocessed;
    private @Nullable String ending;

    EndpointStream(SharedConnection connection, Http2StreamChannel channel) {
        this.connection = connection;
        this.channel = channel;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    // The request

    @Override
    public void request(HttpRequest head, AnswerReceiver next) {
        receiver = next;
        toHead = HttpMethod.HEAD.equals(head.method());
        heardBefore = connection.heard();
        sentAt = connection.now();
        Http2Headers section = Http2Sections.ofRequest(head, connection.scheme());
        if (connection.isTooLarge(section)) {
            refusedBySize = true;
            channel.eventLoop().execute(this::answerTooLarge);
            return;
        }
        writer.head(section, channel.voidPromise());
    }

    /**
     * What the endpoint would answer. It has said how much it takes, and Netty sends no more; were that a fault of the
     * endpoint's, strangers could take it out with their own headers.
     */
    private void answerTooLarge() {
        AnswerReceiver current = receiver;
        if (current == null) {
            return;
        }
        HttpResponse answer =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE);
        answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        headSeen = true;
        current.head(answer);
        end(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    @Override
    public void body(HttpContent part) {
        ChannelHandlerContext ctx = context;
        if (ctx == null || refusedBySize) {
            part.release();
        } else {
            writer.content(ctx, part, channel.voidPromise());
        }
    }

    @Override
    public void flush() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            writer.flushHeld(ctx);
            ctx.flush();
        }
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        AnswerReceiver current = receiver;
        if (current != null) {
            current.writabilityChanged(channel.isWritable());
        }
    }

    // The answer

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        heard = true;
        if (receiver == null || answerEnded) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof Http2HeadersFrame section) {
            onSection(section);
        } else if (message instanceof Http2DataFrame data) {
            onData(data);
        } else {
            ReferenceCountUtil.release(message); // frames that HTTP/2 does not know are ignored (RFC 9113 section 5.5)
        }
    }

    private void onSection(Http2HeadersFrame section) {
        try {
            if (headSeen) {
                onTrailers(section);
            } else {
                onHead(Http2Fields.answer(section.headers()), section.isEndStream());
            }
        } catch (MalformedSection e) {
            malformed(e.getMessage());
        }
    }

    private void onHead(HttpResponse head, boolean whole) {
        AnswerReceiver current = receiver;
        if (current == null) {
            return;
        }
        if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            if (whole) {
                malformed("an interim answer that ends the stream"); // RFC 9113 section 8.1
            } else {
                current.head(head);
            }
            return;
        }
        headSeen = true;
        int code = head.status().code();
        bodyLeft = toHead || code == NO_CONTENT || code == NOT_MODIFIED ? 0 : Http2Fields.contentLength(head.headers());
        if (whole && bodyLeft > 0) {
            malformed("no body (expected: " + bodyLeft + " bytes by its content-length)");
            return;
        }
        current.head(head);
        if (whole) {
            end(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    private void onTrailers(Http2HeadersFrame section) throws MalformedSection {
        HttpHeaders trailers = Http2Fields.answerTrailers(section.headers());
        if (!section.isEndStream()) {
            malformed("a second head"); // RFC 9113 section 8.1
        } else if (bodyLeft > 0) {
            malformed("a body that is " + bodyLeft + " bytes short of its content-length");
        } else if (trailers.isEmpty()) {
            end(LastHttpContent.EMPTY_LAST_CONTENT);
        } else {
            end(new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, trailers));
        }
    }

    private void onData(Http2DataFrame data) {
        int length = data.content().readableBytes();
        boolean last = data.isEndStream();
        String problem = null;
        if (!headSeen) {
            problem = "a body before its head";
        } else if (bodyLeft != UNKNOWN) {
            bodyLeft -= length;
            if (bodyLeft < 0) {
                problem = "a body that is longer than the head lets it be";
            } else if (last && bodyLeft > 0) {
                problem = "a body that is " + bodyLeft + " bytes short of its content-length";
            }
        }
        if (problem != null) {
            data.release();
            malformed(problem);
        } else if (last && length == 0) {
            data.release();
            end(LastHttpContent.EMPTY_LAST_CONTENT);
        } else if (last) {
            end(new DefaultLastHttpContent(data.content(), EmptyHttpHeaders.INSTANCE));
        } else {
            pass(new DefaultHttpContent(data.content()));
        }
    }

    private void end(LastHttpContent last) {
        answerEnded = true;
        pass(last);
    }

    private void pass(HttpContent part) {
        AnswerReceiver current = receiver;
        if (current == null) {
            part.release(); // given up in the course of its head
        } else {
            current.content(part);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        AnswerReceiver current = receiver;
        if (current != null) {
            current.readComplete();
        }
    }

    @Override
    public void read(boolean wanted) {
        if (channel.isActive()) {
            channel.config().setAutoRead(wanted);
            if (wanted) {
                channel.unsafe().flush(); // the WINDOW_UPDATE, which Netty (4.2.18) writes and may leave unflushed
            }
        }
    }

    // The end

    @Override
    public boolean mayBeStale() {
        return !heard && connection.mayBeStale();
    }

    @Override
    public boolean isUnprocessed() {
        return unprocessed && !heard;
    }

    @Override
    public void release() {
        receiver = null;
        if (!channel.isActive()) {
            return;
        }
        if (answerEnded && writer.isEnded() && isAllWritten()) {
            read(true); // it ends by itself; closed now, it would be reset, for the frame is not wholly dealt with
            return;
        }
        if (!heard && connection.heard() == heardBefore) {
            connection.wasSilentSince(sentAt);
        }
        reset(Http2Error.CANCEL);
    }

    /** Whether nothing of the request waits for the endpoint's window. */
    private boolean isAllWritten() {
        return channel.bytesBeforeUnwritable() > channel.config().getWriteBufferHighWaterMark();
    }

    private void reset(Http2Error error) {
        ChannelHandlerContext ctx = context;
        if (ctx != null && Http2CodecUtil.isStreamIdValid(channel.stream().id())) {
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(error), channel.voidPromise());
        }
        channel.close();
    }

    private void malformed(String what) {
        reset(Http2Error.PROTOCOL_ERROR);
        fail(EndpointFailure.BAD_ANSWER, "answered no valid HTTP: " + what);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame reset) {
            unprocessed |= reset.errorCode() == Http2Error.REFUSED_STREAM.code();
            endsWith("reset the stream: " + name(reset.errorCode()));
        } else if (event instanceof Http2GoAwayFrame goAway) {
            unprocessed = true; // it came because this stream is beyond the last one that is dealt with
            endsWith("said GOAWAY: " + name(goAway.errorCode()));
        }
        ReferenceCountUtil.release(event);
    }

    private static String name(long code) {
        Http2Error error = Http2Error.valueOf(code);
        return error == null ? "error " + code : error.name();
    }

    /** The first word is the reason; what follows from it is not. */
    private void endsWith(String reason) {
        if (ending == null) {
            ending = reason;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2Exception) {
            endsWith("answered no valid HTTP/2: " + cause.getMessage());
        }
        // Else a write that came too late. The channel goes on until what has been received is read.
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connection.ended();
        fail(EndpointFailure.LOST, ending == null ? connection.reasonOfEnd() : ending);
    }

    private void fail(EndpointFailure how, String reason) {
        AnswerReceiver current = receiver;
        receiver = null;
        if (current != null && !answerEnded) {
            current.failed(how, reason);
        }
    }

    @Override
    public Channel unwrap() {
        throw new IllegalStateException("a stream of HTTP/2 (expected: a connection that has answered 101)");
    }
}
