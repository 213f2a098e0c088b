package io.portcullis.server.exchange;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslHandler;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.JailSet;
import io.portcullis.core.ban.Observation;
import io.portcullis.core.ban.Verdict;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.http.HostName;
import io.portcullis.core.http.NoRequest;
import io.portcullis.core.net.ProxyHeader;
import io.portcullis.server.http1.FieldLines;
import io.portcullis.server.observe.metrics.ListenerMeter;
import io.portcullis.server.tls.TlsSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: who is at the other end, what goes on on it, and the ways it can end.
 *
 * <p>The first handler of its pipeline, for as long as it lives. Owned by its event loop.
 */
public final class ClientConnection extends ChannelInboundHandlerAdapter implements LiveClients.Live {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /** A client that is new may be silent for so long without having to make way. */
    private static final long SPARED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Channel channel;
    private final Worker worker;
    private final Supplier<ListenerRules> listener;
    private Peer peer;
    private final Timeout timeout;

    private Conversation conversation = new Arrival();
    private @Nullable TlsSession tls;
    /** Whether it is counted among the client's own. */
    private boolean hasPlace;

    private @Nullable String lastHostField;
    private @Nullable String lastHostName;

    /** @param listener that it came by, and the rules that hold there now; the same object for all its connections */
    public ClientConnection(Channel channel, Worker worker, Supplier<ListenerRules> listener) {
        this.channel = channel;
        this.worker = worker;
        this.listener = listener;
        this.peer = Peer.of(channel, worker.shared.bans(), listener.get().rules());
        this.timeout = new Timeout(worker.deadlines);
    }

    Channel channel() {
        return channel;
    }

    Worker worker() {
        return worker;
    }

    /** The listener that it came by, with the rules in force there now. */
    ListenerRules listener() {
        return listener.get();
    }

    /** What is counted of its listener's connections. */
    public ListenerMeter meter() {
        return listener.get().meter();
    }

    /** Whether it came by that one, by identity. */
    boolean cameBy(Supplier<ListenerRules> other) {
        return listener == other;
    }

    Peer peer() {
        return peer;
    }

    /** Those in force now. */
    public Rules rules() {
        return listener.get().rules();
    }

    // The host that requests name here

    /** The Host field of a request, or null. Nearly always that of the one before, which then is no new string. */
    @Nullable
    String hostField(HttpHeaders headers) {
        return headers instanceof FieldLines lines
                ? lines.getLikely(HttpHeaderNames.HOST, lastHostField)
                : headers.get(HttpHeaderNames.HOST);
    }

    /** As {@link HostName#parse}. */
    @Nullable
    String hostName(String hostField) {
        if (hostField.equals(lastHostField)) {
            return lastHostName;
        }
        String host = HostName.parse(hostField);
        if (host != null) {
            lastHostField = hostField;
            lastHostName = host;
        }
        return host;
    }

    // What goes on

    /** What the handshake agreed on; null where the connection is plain. */
    @Nullable
    TlsSession tls() {
        return tls;
    }

    void secured(TlsSession session) {
        tls = session;
    }

    // Its life

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        worker.opened(this);
        enterLive();
        expectWithin(rules().timeouts().head().toNanos());
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        worker.closed(this);
        leaveLive();
        timeout.remove();
        conversation.closed();
        ctx.fireChannelInactive();
    }

    /** Who leaves before it is known what he speaks: nobody behind listens yet, and the time-out would be far away. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && conversation instanceof Arrival) {
            channel.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (isLoss(cause) && conversation instanceof Arrival) {
            channel.close();
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    private void enterLive() {
        if (peer.isTrustedProxy()) {
            return;
        }
        worker.live.add(peer.key(), this);
        int most = rules().limits().maxConnectionsPerClient();
        if (most > 0) {
            hasPlace = true;
            if (worker.shared.places().take(peer.key()) > most) {
                makeWayForOne(most);
            }
        }
    }

    private void leaveLive() {
        if (peer.isTrustedProxy()) {
            return;
        }
        worker.live.remove(peer.key(), this);
        if (hasPlace) {
            hasPlace = false;
            worker.shared.places().giveBack(peer.key());
        }
    }

    /** The client has one connection too many: one of those where nothing is under way ends, or this one. */
    private void makeWayForOne(int most) {
        if (worker.greedyClientWarning.isDue()) {
            LOG.warn(
                    "{} has {} connections and opens more: its idle ones are closed, or the new ones"
                            + " (limits.max-connections-per-client)",
                    peer.address(),
                    most);
        }
        if (!worker.live.makeWay(peer.key(), this)) {
            meter().overLimit();
            reset();
        }
    }

    /** Whether what the peer says about its clients is believed. */
    public boolean isOfTrustedProxy() {
        return peer.isTrustedProxy();
    }

    /** A trusted proxy has said whose connection it is. */
    public void isFor(ProxyHeader.PassedOn header) {
        leaveLive();
        peer = peer.speaksFor(header, worker.shared.bans(), rules());
        enterLive();
    }

    /**
     * The header by which a proxy says whose connection it is cannot be read. A trusted one is misconfigured, which the
     * operator is told; anybody else has no business here.
     */
    public void resetForProxyHeader(String problem) {
        if (!peer.isTrustedProxy()) {
            offends(On.PROTOCOL_ERROR, rules().noHostJails(), problem);
        } else if (worker.proxyHeaderWarning.isDue()) {
            LOG.warn(
                    "listener {}: a connection of the trusted proxy {} was reset: {}. Have it send the PROXY protocol"
                            + " there, or take proxy-protocol off the listener",
                    listener().name(),
                    peer.address(),
                    problem);
        }
        reset();
    }

    /** From now on this is what goes on here. */
    public void converse(Conversation next) {
        conversation = next;
    }

    /** Sets the time-out anew; it is told to the conversation. */
    void expectWithin(long nanos) {
        timeout.set(nanos);
    }

    void expectNothing() {
        timeout.clear();
    }

    void drain(Patience patience) {
        conversation.drain(patience);
    }

    // Making way for others

    /** Whether it is one of those that end where there are too many. */
    @Override
    public boolean canMakeWay() {
        return switch (conversation.waiting()) {
            case IDLE -> true;
            // A request takes a moment to come: who is new is no worse than who comes next.
            case SILENT -> worker.shared.nanoTime().getAsLong() - timeout.since() > SPARED_NANOS;
            case BUSY -> false;
        };
    }

    @Override
    public long waitsSince() {
        return timeout.since();
    }

    @Override
    public void makeWay() {
        conversation.makeWay();
    }

    /** Whether each exchange is the last on it: the process or the listener goes. */
    boolean isDraining() {
        return worker.isDraining() || listener().isLeaving();
    }

    /** Ends whatever goes on. */
    void cut() {
        channel.close();
    }

    /**
     * Sends a reset in place of the orderly end: the peer learns at once, and no state of it stays in the kernel. Below
     * the pipeline, in which TLS would say goodbye first and wait for that to be taken.
     */
    public void reset() {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.unsafe().close(channel.voidPromise());
        }
    }

    /** Whether the connection is lost, and nothing of ours: a reset, or records that TLS does not take. */
    public static boolean isLoss(Throwable cause) {
        return cause instanceof IOException
                || cause instanceof UncheckedIOException // from epoll's natives
                || (cause instanceof DecoderException && cause.getCause() instanceof SSLException);
    }

    /** Ends our half, after what was written; the peer may still send. */
    ChannelFuture shutdownOutput() {
        SocketChannel socket = (SocketChannel) channel;
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (handler == null) {
            return socket.shutdownOutput();
        }
        ChannelPromise ended = channel.newPromise();
        // Without close_notify the end could be anybody's (RFC 8446 section 6.1).
        handler.closeOutbound().addListener(said -> socket.shutdownOutput(ended));
        return ended;
    }

    // Enforcement

    @Override
    public void endFor(Ban ban) {
        conversation.endFor(ban);
    }

    /**
     * Shows to the jails what the client did before there was a request.
     *
     * @param jails of the host that it concerns, or those for what concerns none
     * @param what it did, for the operator
     */
    public void offends(On kind, JailSet jails, String what) {
        worker.shared.bans().observe(new Observation.Violation(peer.asClient(), jails, new NoRequest(what), 0, kind));
    }

    /** Whether nothing on the listener serves this client any more. */
    public boolean wouldBeRefusedAtAccept() {
        Set<String> reachable = listener().hosts().virtualHostNames();
        return worker.shared.bans().verdictAtAccept(peer.address(), peer.key(), reachable) instanceof Verdict.Refuse;
    }

    /** Before it is known what the client speaks. */
    private final class Arrival implements Conversation {
        @Override
        public void timedOut() {
            channel.close();
        }

        @Override
        public void endFor(Ban ban) {
            if (wouldBeRefusedAtAccept()) {
                reset();
            }
        }

        @Override
        public void drain(Patience patience) {
            if (patience == Patience.SHORT) {
                channel.close();
            }
        }

        @Override
        public Waiting waiting() {
            return Waiting.SILENT;
        }

        @Override
        public void makeWay() {
            channel.close();
        }
    }

    private final class Timeout extends Deadlines.Deadline {
        Timeout(Deadlines deadlines) {
            super(deadlines);
        }

        @Override
        protected void expired() {
            conversation.timedOut();
        }
    }
}
