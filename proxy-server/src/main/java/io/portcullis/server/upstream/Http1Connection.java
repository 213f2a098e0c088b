package io.portcullis.server.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.portcullis.server.observe.metrics.EndpointFailure;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint over HTTP/1.1, serving one exchange at a time.
 *
 * <p>Owned by its event loop, which is that of the client's connection too. An idle one keeps reading, so that an
 * endpoint that closes it, or says something unasked, is noticed before the connection is used again.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements UpstreamConnection {

    private final Channel channel;
    private final Destination destination;
    private final ConnectionPool pool;
    private final AnswerDecoder decoder;
    private final RequestWriter writer;

    private @Nullable AnswerReceiver receiver;
    private boolean used;
    private boolean requestEnded;
    private boolean answerEnded;
    private boolean keepAlive;
    private boolean interim;
    /** Whether something is being handed over that was read from the channel. */
    private boolean reading;
    /** Whether it waits for the end of that to go back to the pool. */
    private boolean released;

    private long idleSince;

    Http1Connection(Channel channel, Destination destination, ConnectionPool pool, AnswerDecoder decoder) {
        this.channel = channel;
        this.destination = destination;
        this.pool = pool;
        this.decoder = decoder;
        this.writer = new RequestWriter(channel);
    }

    Destination destination() {
        return destination;
    }

    @Override
    public boolean mayBeStale() {
        return used && !decoder.hasHeard();
    }

    /** HTTP/1.1 has no word for it. */
    @Override
    public boolean isUnprocessed() {
        return false;
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void request(HttpRequest head, AnswerReceiver next) {
        receiver = next;
        requestEnded = false;
        answerEnded = false;
        interim = false;
        keepAlive = true;
        decoder.expectAnswer(HttpMethod.HEAD.equals(head.method()));
        writer.head(head);
    }

    @Override
    public void body(HttpContent part) {
        if (part instanceof LastHttpContent) {
            requestEnded = true;
        }
        writer.part(part);
    }

    @Override
    public void flush() {
        writer.flush();
    }

    @Override
    public void read(boolean wanted) {
        if (channel.isActive()) {
            channel.config().setAutoRead(wanted);
        }
    }

    /** Kept for the next exchange where both messages are whole, else closed. */
    @Override
    public void release() {
        receiver = null;
        used = true;
        if (requestEnded && answerEnded && keepAlive && channel.isActive() && !destination.isToldTheClient()) {
            read(true);
            // Not yet, while what was read with the answer's end has not been looked through: were the next exchange
            // to take the connection now, it could be given an answer that this one did not ask for.
            released = true;
            if (!reading) {
                keep();
            }
        } else {
            close();
        }
    }

    private void keep() {
        released = false;
        if (isClean()) {
            pool.keep(this);
        } else {
            close();
        }
    }

    /** Whether it can carry an exchange: idle all the time, and the endpoint has said nothing unasked. */
    boolean isClean() {
        return channel.isActive() && !decoder.hasSurplus();
    }

    @Override
    public Channel unwrap() {
        receiver = null;
        writer.discard();
        return channel;
    }

    long idleSince() {
        return idleSince;
    }

    void idleSince(long nanos) {
        idleSince = nanos;
    }

    void close() {
        writer.discard();
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        AnswerReceiver current = receiver;
        if (current == null || answerEnded) {
            // Nobody asked (RFC 9112 section 9.3): the next client must not get this for its answer.
            ReferenceCountUtil.release(message);
            released = false;
            close();
            return;
        }
        if (message instanceof HttpResponse head) {
            onHead(current, head);
        } else if (message instanceof HttpContent content) {
            onContent(current, content);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void onHead(AnswerReceiver current, HttpResponse head) {
        if (head.decoderResult().isFailure()) {
            fail(
                    EndpointFailure.BAD_ANSWER,
                    "answered no valid HTTP: " + head.decoderResult().cause().getMessage());
            return;
        }
        interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && head.status().code() != 101;
        if (!interim) {
            keepAlive = HttpUtil.isKeepAlive(head);
        }
        current.head(head);
    }

    private void onContent(AnswerReceiver current, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            content.release();
            fail(EndpointFailure.BAD_ANSWER, "sent a malformed body");
            return;
        }
        if (content instanceof LastHttpContent) {
            if (interim) {
                content.release(); // the decoder ends each interim answer so
                return;
            }
            answerEnded = true;
        }
        current.content(content);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        if (released) {
            keep();
        }
        AnswerReceiver current = receiver;
        if (current != null) {
            current.readComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        AnswerReceiver current = receiver;
        if (current != null) {
            current.writabilityChanged(channel.isWritable());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        pool.forget(this);
        fail(EndpointFailure.LOST, "closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        EndpointFaults.tell(destination.endpoint(), cause);
        fail(EndpointFailure.LOST, String.valueOf(cause.getMessage()));
    }

    private void fail(EndpointFailure how, String reason) {
        AnswerReceiver current = receiver;
        receiver = null;
        if (current != null) {
            current.failed(how, reason);
        }
        close();
    }
}
