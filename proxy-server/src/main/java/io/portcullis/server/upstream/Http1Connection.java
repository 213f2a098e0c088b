package io.portcullis.server.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.portcullis.server.observe.metrics.EndpointFailure;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint over HTTP/1.1, serving one exchange at a time.
 *
 * <p>Owned by its event loop, which is that of the client's connection too. An idle one keeps reading, so that an
 * endpoint that closes it, or says something unasked, is noticed before the connection is used again.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements UpstreamConnection, AnswerDecoder.Sink {

    private final Channel channel;
    private final Destination destination;
    private final ConnectionPool pool;
    private final AnswerDecoder decoder = new AnswerDecoder(this);
    private final RequestWriter writer;

    private @Nullable AnswerReceiver receiver;
    private boolean used;
    private boolean requestEnded;
    /** Whether something is being handed over that was read from the channel. */
    private boolean reading;
    /** Whether it waits for the end of that to go back to the pool. */
    private boolean released;
    /** Whether it carries a tunnel, and no HTTP any more. */
    private boolean unwrapped;

    private long idleSince;

    Http1Connection(Channel channel, Destination destination, ConnectionPool pool) {
        this.channel = channel;
        this.destination = destination;
        this.pool = pool;
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
        if (requestEnded && decoder.isEndedAndPersists() && channel.isActive() && !destination.isToldTheClient()) {
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
        unwrapped = true;
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
        decoder.discard();
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        ByteBuf received = (ByteBuf) message;
        if (receiver == null) {
            // Nobody asked (RFC 9112 section 9.3): the next client must not get this for its answer.
            received.release();
            released = false;
            close();
            return;
        }
        decoder.decode(received, ctx.alloc());
    }

    @Override
    public void head(HttpResponse head) {
        AnswerReceiver current = receiver;
        if (current != null) {
            current.head(head);
        }
    }

    @Override
    public void content(HttpContent part) {
        AnswerReceiver current = receiver;
        if (current == null) {
            part.release(); // given up in the course of its head
        } else {
            current.content(part);
        }
    }

    @Override
    public void malformed(boolean inBody, String reason) {
        fail(EndpointFailure.BAD_ANSWER, (inBody ? "sent a malformed body: " : "answered no valid HTTP: ") + reason);
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

    /** The connection is closed, or has become a tunnel: what came behind the answer is the tunnel's. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ByteBuf rest = decoder.takeRest();
        if (rest != null && unwrapped && rest.isReadable()) {
            ctx.fireChannelRead(rest);
        } else if (rest != null) {
            rest.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        decoder.inputEnded();
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
