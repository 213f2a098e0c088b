package io.portcullis.benchmarks.load.generator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.portcullis.benchmarks.http.MessageReader.Progress;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a load: sends a request, reads its answer, and tells its owner. Of the event loop.
 *
 * <p>The request's buffer is the connection's own view of octets that all of them share. It may be used again as soon as
 * its answer is whole, since by then it has been sent.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    /** Whose connection it is. Each is called on the event loop. */
    interface Owner {
        /** It stands, with TLS where that is asked for. */
        void ready(Connection connection);

        /** The answer to its request is whole. */
        void answered(Connection connection);

        /** It is gone, once for each connection; {@link #stage} is still what it was in. Not called after {@link #close}. */
        void lost(Connection connection, Fault fault);
    }

    /** What a connection is doing. */
    enum Stage {
        CONNECTING,
        FREE,
        BUSY,
        GONE
    }

    private final Owner owner;
    private final int slot;
    private final boolean tls;
    private final Requests requests;
    private final ByteBuf request;
    private AnswerReader reader = new HttpAnswerReader();
    private Stage stage = Stage.CONNECTING;
    private @Nullable Channel channel;
    private @Nullable Fault fault;
    private long since;
    private long bodyLeft;

    /** @param slot its number among its owner's connections */
    Connection(Owner owner, int slot, boolean tls, Requests requests) {
        this.owner = owner;
        this.slot = slot;
        this.tls = tls;
        this.requests = requests;
        this.request = requests.view();
        this.since = System.nanoTime();
    }

    int slot() {
        return slot;
    }

    Stage stage() {
        return stage;
    }

    AnswerReader answer() {
        return reader;
    }

    /** From when on its answer is waited for, or before its first request: since when it is connecting. Nanoseconds. */
    long since() {
        return since;
    }

    /** Sends the next request of {@link Requests}, whose answer is waited for from {@code from} on. */
    void send(long from) {
        requests.next(request);
        bodyLeft = requests.bodyOctets();
        send(request.retain(), from);
    }

    /** Sends these octets, which are no more the caller's. */
    void send(ByteBuf octets, long from) {
        Channel open = open();
        since = from;
        stage = Stage.BUSY;
        if (bodyLeft == 0) {
            open.writeAndFlush(octets, open.voidPromise());
        } else {
            open.write(octets, open.voidPromise());
            sendBody(open);
        }
    }

    /** From now on other answers are expected: the protocol was switched. */
    void read(AnswerReader other) {
        reader = other;
    }

    /** Whether another request may be sent after the answer that is whole. */
    boolean isReusable() {
        return reader.keepsAlive() && bodyLeft == 0;
    }

    void close() {
        leave();
        if (channel != null) {
            channel.close();
        }
    }

    /** Closes by a reset: nothing of the connection is left to wait for. */
    void abort() {
        if (channel instanceof SocketChannel socket && socket.isOpen()) {
            socket.config().setSoLinger(0);
        }
        close();
    }

    /** Gives up waiting. */
    void timeOut() {
        fault = Fault.TIMEOUT;
        lose();
        abort();
    }

    void connectFailed(Throwable cause) {
        fault = fault == null ? Fault.of(cause) : fault;
        lose();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!tls) {
            stand();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && stage == Stage.CONNECTING) {
            if (handshake.isSuccess()) {
                stand();
            } else if (fault == null) {
                fault = Fault.of(handshake.cause());
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && stage != Stage.GONE) {
                switch (stage == Stage.BUSY ? reader.read(in) : Progress.MALFORMED) {
                    case MORE -> {
                        return;
                    }
                    case WHOLE -> free();
                    case MALFORMED -> {
                        fault = Fault.MALFORMED;
                        context.close();
                        return;
                    }
                }
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (bodyLeft > 0) {
            sendBody(context.channel());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (stage == Stage.BUSY && fault == null && reader.end() == Progress.WHOLE) {
            free();
        }
        lose();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (fault == null) {
            fault = Fault.of(cause);
        }
        context.close();
    }

    private void stand() {
        stage = Stage.FREE;
        owner.ready(this);
    }

    private void free() {
        stage = Stage.FREE;
        owner.answered(this);
    }

    private void sendBody(Channel open) {
        while (bodyLeft > 0 && open.isWritable()) {
            ByteBuf part = requests.bodyPart(bodyLeft);
            bodyLeft -= part.readableBytes();
            open.write(part, open.voidPromise());
        }
        open.flush();
    }

    private void lose() {
        if (stage != Stage.GONE) {
            Fault why = fault == null ? Fault.CLOSED : fault;
            owner.lost(this, why);
            leave();
        }
    }

    private void leave() {
        if (stage != Stage.GONE) {
            stage = Stage.GONE;
            request.release();
        }
    }

    private Channel open() {
        if (channel == null) {
            throw new IllegalStateException("sent before it was connected");
        }
        return channel;
    }
}
