package io.portcullis.server.exchange;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Verdict;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of an HTTP/1.1 connection, one after the other, and what is waited for between them.
 *
 * <p>Owned by the connection's event loop.
 */
public final class Http1Stream extends ClientStream implements Conversation {

    /** How long a client may take to read a last answer and to close, before the connection is reset; nginx's number. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** What the connection is waiting for. */
    private enum Phase {
        FIRST_HEAD,
        HEAD,
        IDLE,
        EXCHANGE,
        CLOSING
    }

    private final AnswerEncoder encoder;

    private RequestSource source = RequestSource.NONE;
    private Phase phase = Phase.FIRST_HEAD;
    private @Nullable String lastVirtualHost;
    private boolean answersPending;
    private boolean outputEnded;

    /** @param encoder of the connection, which is told what it encodes for */
    public Http1Stream(ClientConnection connection, AnswerEncoder encoder) {
        super(connection, connection.channel());
        this.encoder = encoder;
    }

    /** Tells where its requests come from, before the first one does. */
    public void attach(RequestSource requests) {
        source = requests;
    }

    @Override
    boolean isShared() {
        return peer().isTrustedProxy();
    }

    // Requests

    /** The first octet of a head has come; the rest has to follow in time. */
    public void headBegins() {
        if (phase == Phase.IDLE) {
            phase = Phase.HEAD;
            connection.expectWithin(connection.rules().timeouts().head().toNanos());
        }
    }

    @Override
    void begin(Exchange next) {
        super.begin(next);
        encoder.answersHead(next.isHead());
        phase = Phase.EXCHANGE;
        connection.expectNothing();
    }

    @Override
    void admitted(Exchange admitted) {
        super.admitted(admitted);
        lastVirtualHost = admitted.virtualHostName();
    }

    private void nextRequest() {
        source.nextRequest();
        ExchangeDriver next = driver();
        if (next != null) {
            if (reading.isEnded()) {
                next.inputEnded(); // the event of it came in the exchange before
            }
            return;
        }
        boolean noneWillCome = reading.isEnded() && source.needsMore();
        if (phase != Phase.CLOSING && (noneWillCome || (phase == Phase.IDLE && worker().endsIdle()))) {
            closeGently(written(), LINGER_NANOS);
        }
    }

    @Override
    void writable() {
        if (answersPending) {
            answersPending = false;
            nextRequest();
        }
    }

    /** Stops reading while a pipelined request waits. */
    public void holdReading(boolean held) {
        reading.holdForDecoder(held);
    }

    @Override
    void stopReading() {
        source.discard();
        holdReading(true);
    }

    // The ways an exchange ends

    @Override
    void endAndGoOn() {
        end();
        if (phase == Phase.CLOSING) {
            return;
        }
        phase = Phase.IDLE;
        connection.expectWithin(connection.rules().timeouts().idle().toNanos());
        reading.holdForBody(false);
        // A client that pipelines and does not read would otherwise have its answers pile up here.
        answersPending = !channel.isWritable();
        if (!answersPending) {
            nextRequest();
        }
    }

    @Override
    void endAndClose(ChannelFuture lastWrite) {
        Exchange ended = end();
        boolean nothingUnread = !source.hasPending() && ended != null && ended.isRequestEnded() && !ended.isUpgraded();
        boolean banned = ended != null && ended.isLast();
        long idleNanos = connection.rules().timeouts().idle().toNanos();
        if (nothingUnread && !banned) {
            phase = Phase.CLOSING;
            connection.expectWithin(idleNanos);
            lastWrite.addListener(done -> channel.close());
        } else {
            closeGently(lastWrite, banned ? LAST_ANSWER_NANOS : idleNanos);
        }
    }

    @Override
    void endAndReset() {
        end();
        connection.reset();
    }

    @Override
    void endCut(boolean endsByClosing) {
        if (endsByClosing) {
            endAndReset();
        } else {
            endAndClose(written());
        }
    }

    @Override
    void endTunnel() {
        endAndClose(written());
    }

    /** Sends what has been written, and is done when the kernel has taken it. */
    private ChannelFuture written() {
        return channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }

    /** Between exchanges: the last answer may still be on its way to the kernel, and no other begins. */
    private void closeIdle() {
        phase = Phase.CLOSING;
        source.discard();
        written().addListener(done -> channel.close());
    }

    @Override
    void becomeTunnel(ChannelHandler tunnel) {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addBefore("proxy", "tunnel", tunnel);
        pipeline.remove("encoder");
        pipeline.remove("gate");
        pipeline.remove("decoder"); // last: it lets go of what it holds, which by now passes through
        holdReading(false);
    }

    /**
     * Closes so that the peer can still read what was said: our side first, and the rest only when the peer has closed
     * or had its time. To close at once while octets of the peer's lie unread makes the kernel send a reset, which
     * can wipe out the answer (RFC 9112 section 9.6).
     *
     * @param withinNanos how long {@code lastWrite} may take
     */
    private void closeGently(ChannelFuture lastWrite, long withinNanos) {
        phase = Phase.CLOSING;
        source.discard();
        reading.release();
        connection.expectWithin(withinNanos);
        lastWrite.addListener(done -> {
            if (reading.isEnded() || !done.isSuccess()) {
                channel.close();
                return;
            }
            outputEnded = true;
            connection.shutdownOutput();
            reading.update();
            connection.expectWithin(LINGER_NANOS);
        });
    }

    @Override
    void inputEnded() {
        reading.end();
        ExchangeDriver current = driver();
        if (phase == Phase.EXCHANGE && current != null) {
            current.inputEnded();
        } else if (phase == Phase.CLOSING ? outputEnded : !answersPending) {
            closeIdle(); // else what was written last closes it
        }
    }

    // What happens to the connection

    @Override
    public void drain(Patience patience) {
        ExchangeDriver current = driver();
        if (isIdle() && phase != Phase.CLOSING) {
            if (patience == Patience.SHORT) {
                closeIdle();
            }
        } else if (current != null) {
            current.draining();
        }
    }

    @Override
    public Waiting waiting() {
        return switch (phase) {
            case FIRST_HEAD -> source.hasPending() ? Waiting.BUSY : Waiting.SILENT;
            case IDLE -> answersPending ? Waiting.BUSY : Waiting.IDLE;
            case HEAD, EXCHANGE, CLOSING -> Waiting.BUSY;
        };
    }

    @Override
    public void makeWay() {
        closeIdle();
    }

    @Override
    public void endFor(Ban ban) {
        if (phase == Phase.CLOSING) {
            return; // its last answer tells the client, and then it ends
        }
        Exchange current = exchange();
        String concerned = current != null && current.isAdmitted() ? current.virtualHostName() : lastVirtualHost;
        if ((concerned != null && ban.scope().covers(concerned) && isRefused(concerned))
                || connection.wouldBeRefusedAtAccept()) {
            refuse(ban);
        }
    }

    /** Inside a banned block there may be somebody who is exempt, and the ban may have been lifted since. */
    private boolean isRefused(String virtualHost) {
        return worker().shared.bans().verdict(peer().asClient(), peer().key(), virtualHost) instanceof Verdict.Refuse;
    }

    @Override
    void expectWithin(long nanos) {
        if (phase == Phase.EXCHANGE) {
            connection.expectWithin(nanos);
        }
    }

    @Override
    void expectLastAnswer() {
        phase = Phase.CLOSING;
        connection.expectWithin(LAST_ANSWER_NANOS);
    }

    @Override
    public void timedOut() {
        switch (phase) {
            case FIRST_HEAD, HEAD -> {
                if (source.hasPending()) {
                    Exchange unheard = Exchange.unparsed(this);
                    begin(unheard);
                    worker().responder.answer(unheard, Fault.ofClient(408, "request head not complete in time"));
                } else {
                    channel.close();
                }
            }
            case IDLE -> channel.close();
            case EXCHANGE -> {
                ExchangeDriver current = driver();
                if (current != null) {
                    current.timedOut();
                } else {
                    channel.close();
                }
            }
            case CLOSING -> connection.reset();
        }
    }
}
