package io.portcullis.server.exchange;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.portcullis.core.config.JailConfig.On;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on a stream of an HTTP/2 connection. Whatever becomes of it, the connection's other streams go on.
 *
 * <p>Owned by the connection's event loop.
 */
public final class Http2Stream extends ClientStream {

    /** What makes the stream's frames into messages, and after that of nothing but octets. */
    public interface Codec {
        /** What still comes of the request is thrown away. */
        void discard();

        /** From now on octets are passed both ways; those that came early are passed on at once. */
        void becomeTunnel();

        /** Ends the stream at once, unless both sides have ended it already; what was not sent yet is lost. */
        void reset(Http2Error reason);
    }

    private final Http2Conversation conversation;
    private final Timeout timeout;

    private @Nullable Codec codec;
    /** The exchange that is over, and whose last octets the client has not taken yet. */
    private @Nullable Exchange closing;

    private boolean lastAnswer;
    private long leftForClient = -1;

    Http2Stream(Http2Conversation conversation, Channel channel) {
        super(conversation.connection(), channel);
        this.conversation = conversation;
        this.timeout = new Timeout(worker().deadlines);
    }

    /** Tells what makes its messages, before the first one is made. */
    public void attach(Codec messages) {
        codec = messages;
    }

    /** Stops reading while nobody knows yet whether what comes next is wanted. */
    public void holdReading(boolean held) {
        reading.holdForDecoder(held);
    }

    /** A key for the handshake of a WebSocket that HTTP/2 has opened without one (RFC 8441 section 5.1). */
    public String newWebSocketKey() {
        byte[] nonce = new byte[16];
        worker().random.nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }

    /** The client has broken a rule of HTTP/2 on this stream, which is being reset for it. */
    public void violated(String problem) {
        Exchange current = exchange();
        if (current == null || !current.isAdmitted()) {
            conversation.violated(problem);
        } else {
            current.offends(On.PROTOCOL_ERROR, 0);
        }
    }

    /** Each stream may be for another host. */
    @Override
    boolean isShared() {
        return true;
    }

    @Override
    void endAndGoOn() {
        awaitEnd(end());
    }

    @Override
    void endAndClose(ChannelFuture lastWrite) {
        awaitEnd(end());
        // Where the answer is whole, the rest of the request is not needed (RFC 9113 section 8.1).
        lastWrite.addListener(done -> reset(done.isSuccess() ? Http2Error.NO_ERROR : Http2Error.CANCEL));
    }

    /** The stream ends when all has been written, for which its windows may leave no room. */
    private void awaitEnd(@Nullable Exchange ended) {
        closing = ended;
        Codec messages = codec;
        if (messages != null) {
            messages.discard();
        }
        holdReading(false);
        if (ended != null && ended.isLast()) {
            expectLastAnswer();
        } else if (!lastAnswer) {
            timeout.set(connection.rules().timeouts().idle().toNanos());
        }
    }

    @Override
    void endAndReset() {
        end();
        reset(Http2Error.CANCEL);
    }

    @Override
    void endCut(boolean endsByClosing) {
        end();
        reset(Http2Error.INTERNAL_ERROR);
    }

    @Override
    void endTunnel() {
        endAndClose(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    }

    private void reset(Http2Error reason) {
        Codec messages = codec;
        if (messages != null && channel.isActive()) {
            messages.reset(reason);
        }
    }

    @Override
    void becomeTunnel(ChannelHandler tunnel) {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addBefore("proxy", "tunnel", tunnel);
        pipeline.remove("gate");
        Codec octets = codec;
        if (octets != null) {
            octets.becomeTunnel();
        }
        holdReading(false);
    }

    @Override
    void inputEnded() {
        ExchangeDriver current = driver();
        if (current != null) {
            current.inputEnded();
        }
    }

    @Override
    void stopReading() {
        holdReading(true);
    }

    @Override
    void expectWithin(long nanos) {
        if (!lastAnswer) {
            timeout.set(nanos);
        }
    }

    @Override
    void expectLastAnswer() {
        lastAnswer = true;
        timeout.set(LAST_ANSWER_NANOS);
    }

    @Override
    void lost() {
        super.lost();
        timeout.remove();
        conversation.closed(this);
    }

    private final class Timeout extends Deadlines.Deadline {
        Timeout(Deadlines deadlines) {
            super(deadlines);
        }

        @Override
        protected void expired() {
            ExchangeDriver current = driver();
            Exchange stalled = closing;
            if (current != null && !lastAnswer) {
                current.timedOut();
                return;
            }
            if (stalled != null && !lastAnswer) {
                long left = channel.bytesBeforeWritable();
                if (left > 0 && left != leftForClient) {
                    leftForClient = left; // slow, but it takes some
                    awaitEnd(stalled);
                    return;
                }
                stalled.offends(On.TIMEOUT, 0); // the client has left its windows shut
            }
            reset(Http2Error.CANCEL);
        }
    }
}
