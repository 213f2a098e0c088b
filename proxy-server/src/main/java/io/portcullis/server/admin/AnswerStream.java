package io.portcullis.server.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer on its way to the client: in one piece where it is short, else in chunks, the next of which is
 * made when the last has left. So a slow reader costs one chunk, and the thread that waits for it; one who takes nothing
 * for {@link #CHUNK_SECONDS} is cut.
 *
 * <p>Used by one thread, which is no event loop's.
 */
final class AnswerStream extends OutputStream {

    static final int CHUNK = 16 * 1024;

    private static final long CHUNK_SECONDS = 10;

    private final Channel channel;
    private final AdminAnswer answer;
    private final byte[] buffer = new byte[CHUNK];
    private int length;
    private boolean hasBegun;

    AnswerStream(Channel channel, AdminAnswer answer) {
        this.channel = channel;
        this.answer = answer;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int done = 0;
        while (done < count) {
            if (length == CHUNK) {
                sendChunk();
            }
            int part = Math.min(count - done, CHUNK - length);
            System.arraycopy(bytes, offset + done, buffer, length, part);
            length += part;
            done += part;
        }
    }

    /**
     * Sends what there is, for an answer that goes on as long as somebody listens. A client that ended its half has left:
     * whoever waits for more has no reason to, and otherwise it would keep its place until something is sent.
     */
    @Override
    public void flush() throws IOException {
        if (!channel.isOpen() || (channel instanceof DuplexChannel duplex && duplex.isInputShutdown())) {
            throw new IOException("the client is gone");
        }
        if (length > 0) {
            sendChunk();
        }
    }

    private void sendChunk() throws IOException {
        if (!hasBegun) {
            hasBegun = true;
            HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(answer));
            setFields(head, answer);
            HttpUtil.setTransferEncodingChunked(head, true);
            send(head);
        }
        send(new DefaultHttpContent(Unpooled.wrappedBuffer(taken())));
    }

    /** Sends what is left. Without it the answer is cut, and the client can tell. */
    void complete() throws IOException {
        if (hasBegun) {
            if (length > 0) {
                sendChunk();
            }
            send(LastHttpContent.EMPTY_LAST_CONTENT);
        } else {
            byte[] body = taken();
            DefaultFullHttpResponse whole =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status(answer), Unpooled.wrappedBuffer(body));
            setFields(whole, answer);
            HttpUtil.setContentLength(whole, body.length);
            send(whole);
        }
        AdminConnection.end(channel);
    }

    private byte[] taken() {
        byte[] bytes = Arrays.copyOf(buffer, length);
        length = 0;
        return bytes;
    }

    private void send(HttpObject part) throws IOException {
        ChannelFuture sent = channel.writeAndFlush(part);
        try {
            if (!sent.await(CHUNK_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the client has not read for " + CHUNK_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (!sent.isSuccess()) {
            throw new IOException("the client is gone", sent.cause());
        }
    }

    static HttpResponseStatus status(AdminAnswer answer) {
        return HttpResponseStatus.valueOf(answer.status());
    }

    static void setFields(HttpResponse head, AdminAnswer answer) {
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (answer.status() == HttpResponseStatus.UNAUTHORIZED.code()) {
            head.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"portcullis admin\"");
        }
    }
}
