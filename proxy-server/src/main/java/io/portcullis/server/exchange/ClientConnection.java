package io.portcullis.server.exchange;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Verdict;
import io.portcullis.core.config.JailConfig.Drop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: who is at the other end, which exchange is under way, what is being waited for, and the ways
 * it can end.
 *
 * <p>Owned by its event loop.
 */
public final class ClientConnection implements LiveClients.Live {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /** How long a client may take to read a last answer and to close, before the connection is reset. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long the answer that brought a ban about may take; the banned do not set the pace. */
    private static final long LAST_ANSWER_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** What the connection is waiting for. */
    private enum Phase {
        FIRST_HEAD,
        HEAD,
        IDLE,
        EXCHANGE,
        CLOSING
    }

    private final Channel channel;
    private final Worker worker;
    private final String listener;
    private final Peer peer;
    private final Timeout timeout;
    private final Reading reading;

    private RequestSource source = RequestSource.NONE;
    private Phase phase = Phase.FIRST_HEAD;
    private @Nullable Exchange exchange;
    private @Nullable ExchangeDriver driver;
    private @Nullable String lastVirtualHost;
    private boolean answersPending;
    private boolean outputEnded;

    public ClientConnection(Channel channel, Worker worker, String listener) {
        this.channel = channel;
        this.worker = worker;
        this.listener = listener;
        this.peer = Peer.of(channel, worker.shared.bans(), worker.shared.rules().get());
        this.timeout = new Timeout(worker.deadlines);
        this.reading = new Reading(channel);
    }

    /** Tells where its requests come from, before the first one does. */
    public void attach(RequestSource requests) {
        source = requests;
    }

    Channel channel() {
        return channel;
    }

    Worker worker() {
        return worker;
    }

    String listener() {
        return listener;
    }

    Peer peer() {
        return peer;
    }

    Reading reading() {
        return reading;
    }

    // Its life

    void opened() {
        worker.opened(this);
        if (!peer.isTrustedProxy()) {
            worker.live.add(peer.key(), this);
        }
        timeout.set(rules().timeouts().head().toNanos());
    }

    void closed() {
        worker.closed(this);
        if (!peer.isTrustedProxy()) {
            worker.live.remove(peer.key(), this);
        }
        timeout.remove();
        abandon();
    }

    /** Whether no exchange is under way. */
    public boolean isIdle() {
        return exchange == null;
    }

    /** The first octet of a head has come; the rest has to follow in time. */
    public void headBegins() {
        if (phase == Phase.IDLE) {
            phase = Phase.HEAD;
            timeout.set(rules().timeouts().head().toNanos());
        }
    }

    void begin(Exchange next) {
        exchange = next;
        phase = Phase.EXCHANGE;
        timeout.clear();
    }

    void drivenBy(ExchangeDriver next) {
        driver = next;
    }

    /** The exchange now belongs to a virtual host and a client. */
    void admitted(Exchange admitted) {
        lastVirtualHost = admitted.virtualHostName();
        if (peer.isTrustedProxy()) {
            worker.live.add(admitted.clientKey(), admitted);
        }
    }

    /** The exchange is over: its answer is written, and the connection goes on. */
    void endAndGoOn() {
        end();
        if (phase == Phase.CLOSING) {
            return;
        }
        phase = Phase.IDLE;
        timeout.set(rules().timeouts().idle().toNanos());
        reading.holdForBody(false);
        // A client that pipelines and does not read would otherwise have its answers pile up here.
        answersPending = !channel.isWritable();
        if (!answersPending) {
            nextRequest();
        }
    }

    private void nextRequest() {
        source.nextRequest();
        if (exchange == null
                && phase == Phase.IDLE
                && (worker.isDraining() || (reading.isEnded() && !source.hasPending()))) {
            closeGently(channel.newSucceededFuture(), LINGER_NANOS);
        }
    }

    /** The client has taken what was written for it. */
    void writable() {
        if (answersPending) {
            answersPending = false;
            nextRequest();
        }
    }

    /** The connection is lost, or something of ours has failed: it costs this connection's exchange and no other. */
    void broken(Throwable cause) {
        if (cause instanceof IOException || cause instanceof UncheckedIOException) { // the latter from epoll's natives
            LOG.debug("connection of {} lost: {}", peer.address(), cause.getMessage());
        } else {
            LOG.error("internal fault; the exchange of {} is given up. Please report this", peer.address(), cause);
            Exchange current = exchange;
            if (current != null && !current.isAnswered() && channel.isActive()) {
                giveUpDriver();
                worker.responder.answer(current, Fault.ofProxy("internal fault"));
                return;
            }
        }
        abandon();
        reset();
    }

    /** The exchange is over, and so is the connection once {@code lastWrite} is done. */
    void endAndClose(ChannelFuture lastWrite) {
        Exchange ended = exchange;
        boolean nothingUnread = !source.hasPending() && ended != null && ended.isRequestEnded() && !ended.isUpgraded();
        boolean banned = ended != null && ended.isLast();
        end();
        if (nothingUnread && !banned) {
            phase = Phase.CLOSING;
            timeout.set(rules().timeouts().idle().toNanos());
            lastWrite.addListener(done -> channel.close());
        } else {
            closeGently(
                    lastWrite,
                    banned ? LAST_ANSWER_NANOS : rules().timeouts().idle().toNanos());
        }
    }

    /** The exchange is over without an answer, and its connection is reset. */
    void endAndReset() {
        end();
        reset();
    }

    private void end() {
        Exchange ended = exchange;
        exchange = null;
        driver = null;
        if (ended != null) {
            if (peer.isTrustedProxy() && ended.isAdmitted()) {
                worker.live.remove(ended.clientKey(), ended);
            }
            ended.log();
        }
    }

    private void abandon() {
        giveUpDriver();
        end();
    }

    private void giveUpDriver() {
        ExchangeDriver abandoned = driver;
        driver = null;
        if (abandoned != null) {
            abandoned.abandoned();
        }
    }

    /** Nothing new begins here: the process is shutting down. */
    void drain() {
        ExchangeDriver current = driver;
        if (exchange == null && phase != Phase.CLOSING) {
            channel.close();
        } else if (current != null) {
            current.draining();
        }
    }

    /** Sends a reset in place of the orderly end: the peer learns at once, and no state of it stays in the kernel. */
    void reset() {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
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
        timeout.set(withinNanos);
        lastWrite.addListener(done -> {
            if (reading.isEnded() || !done.isSuccess()) {
                channel.close();
                return;
            }
            outputEnded = true;
            ((SocketChannel) channel).shutdownOutput();
            reading.update();
            timeout.set(LINGER_NANOS);
        });
    }

    /** The client's half of the connection is over (it may still read). */
    void inputEnded() {
        reading.end();
        ExchangeDriver current = driver;
        if (phase == Phase.EXCHANGE && current != null) {
            current.inputEnded();
        } else if (phase == Phase.CLOSING ? outputEnded : !answersPending) {
            channel.close(); // else what was written last closes it
        }
    }

    boolean isDraining() {
        return worker.isDraining();
    }

    // Enforcement

    @Override
    public void endFor(Ban ban) {
        if (phase == Phase.CLOSING) {
            return; // its last answer tells the client, and then it ends
        }
        Exchange current = exchange;
        String concerned = current != null && current.isAdmitted() ? current.virtualHostName() : lastVirtualHost;
        if ((concerned != null && ban.scope().covers(concerned) && isRefused(concerned)) || wouldBeRefusedAtAccept()) {
            refuse(ban);
        }
    }

    /** Inside a banned block there may be somebody who is exempt, and the ban may have been lifted since. */
    private boolean isRefused(String virtualHost) {
        return worker.shared.bans().verdict(peer.asClient(), peer.key(), virtualHost) instanceof Verdict.Refuse;
    }

    /** Whether nothing on the listener serves this client any more: one that has said nothing yet ends then, too. */
    private boolean wouldBeRefusedAtAccept() {
        Set<String> reachable = rules().hosts(listener).virtualHostNames();
        return worker.shared.bans().verdictAtAccept(peer.address(), peer.key(), reachable) instanceof Verdict.Refuse;
    }

    /** Ends what is under way because of a ban that has fallen: in the jail's way where nothing has been answered yet. */
    void refuse(Ban ban) {
        Exchange current = exchange;
        if (current != null && !current.isAnswered() && ban.action() != Drop.DROP) {
            giveUpDriver();
            current.endsDirectConnection();
            worker.responder.refuse(current, new Verdict.Refuse(ban.sentence()));
            return;
        }
        if (current != null) {
            current.refusedBy(ban.jail());
        }
        abandon();
        reset();
    }

    // Waiting

    /** Sets the exchange's time-out anew; it is told to its driver. */
    void expectWithin(long nanos) {
        if (phase == Phase.EXCHANGE) {
            timeout.set(nanos);
        }
    }

    /** The last answer to a banned client has a bound of its own, which nothing renews. */
    void expectLastAnswer() {
        phase = Phase.CLOSING;
        timeout.set(LAST_ANSWER_NANOS);
    }

    /** Stops reading while a pipelined request waits. */
    public void holdReading(boolean held) {
        reading.holdForDecoder(held);
    }

    /** Nothing that the client sends is wanted any more. */
    void stopReading() {
        source.discard();
        holdReading(true);
    }

    private Rules rules() {
        return worker.shared.rules().get();
    }

    private final class Timeout extends Deadlines.Deadline {
        Timeout(Deadlines deadlines) {
            super(deadlines);
        }

        @Override
        protected void expired() {
            switch (phase) {
                case FIRST_HEAD, HEAD -> {
                    if (source.hasPending()) {
                        Exchange unheard = Exchange.unparsed(ClientConnection.this);
                        begin(unheard);
                        worker.responder.answer(unheard, Fault.ofClient(408, "request head not complete in time"));
                    } else {
                        channel.close();
                    }
                }
                case IDLE -> channel.close();
                case EXCHANGE -> {
                    ExchangeDriver current = driver;
                    if (current != null) {
                        current.timedOut();
                    } else {
                        channel.close();
                    }
                }
                case CLOSING -> reset();
            }
        }
    }
}
