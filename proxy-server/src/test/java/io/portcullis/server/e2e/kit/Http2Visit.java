package io.portcullis.server.e2e.kit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request to an {@link Http2Application}, frame by frame: what came of it, and what is answered. */
public final class Http2Visit extends ChannelInboundHandlerAdapter {

    private final Http2Application application;
    private final int connection;
    private final Http2StreamChannel channel;
    private final StringBuilder received = new StringBuilder();
    private final CompletableFuture<String> body = new CompletableFuture<>();
    private final CompletableFuture<Http2Headers> trailers = new CompletableFuture<>();
    private final CompletableFuture<Http2Error> reset = new CompletableFuture<>();
    private @Nullable Http2Headers head;
    private boolean headIsWhole;

    Http2Visit(Http2Application application, int connection, Http2StreamChannel channel) {
        this.application = application;
        this.connection = connection;
        this.channel = channel;
    }

    /** Its connection's number, from 1. */
    public int connection() {
        return connection;
    }

    public Http2Headers head() {
        Http2Headers came = head;
        if (came == null) {
            throw new IllegalStateException("no head yet");
        }
        return came;
    }

    /** The value of one field, or null. */
    public @Nullable String value(String name) {
        CharSequence value = head().get(name);
        return value == null ? null : value.toString();
    }

    /** Whether the head ended the stream. */
    public boolean headIsWhole() {
        return headIsWhole;
    }

    /** The whole body, when it has come. */
    public CompletableFuture<String> body() {
        return body;
    }

    /** The trailers, empty ones where there are none, when the request has ended. */
    public CompletableFuture<Http2Headers> trailers() {
        return trailers;
    }

    /** With what the proxy has reset the stream. */
    public CompletableFuture<Http2Error> reset() {
        return reset;
    }

    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    public Http2StreamChannel channel() {
        return channel;
    }

    /** An answer without trailers. */
    public void answer(int status, String text) {
        head(status, text.isEmpty());
        if (!text.isEmpty()) {
            data(text, true);
        }
    }

    /** Answers with these fields, by turns name and value, pseudo-headers among them; nothing is checked. */
    public void head(boolean last, String... fields) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        channel.writeAndFlush(new DefaultHttp2HeadersFrame(headers, last));
    }

    public void head(int status, boolean last) {
        head(last, ":status", Integer.toString(status));
    }

    public void data(String text, boolean last) {
        channel.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, ISO_8859_1), last));
    }

    public void resetWith(Http2Error error) {
        channel.writeAndFlush(new DefaultHttp2ResetFrame(error));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        boolean last = false;
        if (message instanceof Http2HeadersFrame section) {
            last = section.isEndStream();
            if (head == null) {
                head = section.headers();
                headIsWhole = last;
                application.visited(this);
            } else {
                trailers.complete(section.headers());
            }
        } else if (message instanceof Http2DataFrame data) {
            last = data.isEndStream();
            received.append(data.content().toString(ISO_8859_1));
        }
        ReferenceCountUtil.release(message);
        if (last) {
            trailers.complete(new DefaultHttp2Headers());
            body.complete(received.toString());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame frame) {
            reset.complete(Http2Error.valueOf(frame.errorCode()));
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
