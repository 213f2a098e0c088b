package io.portcullis.server.exchange;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Verdict;
import io.portcullis.core.config.JailConfig.Drop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's side of exchanges, one at a time: a whole connection in HTTP/1.1, one stream of it in HTTP/2. What an
 * exchange does is the same for both; they differ in how it ends.
 *
 * <p>Owned by the connection's event loop.
 */
public abstract sealed class ClientStream permits Http1Stream, Http2Stream {

    private static final Logger LOG = LoggerFactory.getLogger(ClientStream.class);

    /** How long the answer that brought a ban about may take; the banned do not set the pace. */
    static final long LAST_ANSWER_NANOS = TimeUnit.SECONDS.toNanos(5);

    final ClientConnection connection;
    final Channel channel;
    final Reading reading;

    private @Nullable Exchange exchange;
    private @Nullable ExchangeDriver driver;

    /** @param channel which carries HTTP's messages: the connection's, or the stream's own */
    ClientStream(ClientConnection connection, Channel channel) {
        this.connection = connection;
        this.channel = channel;
        this.reading = new Reading(channel);
    }

    public final ClientConnection connection() {
        return connection;
    }

    final Channel channel() {
        return channel;
    }

    final Reading reading() {
        return reading;
    }

    final Worker worker() {
        return connection.worker();
    }

    final Peer peer() {
        return connection.peer();
    }

    final boolean isDraining() {
        return connection.isDraining();
    }

    // An exchange's life

    /** Whether no exchange is under way. */
    public final boolean isIdle() {
        return exchange == null;
    }

    final @Nullable Exchange exchange() {
        return exchange;
    }

    final @Nullable ExchangeDriver driver() {
        return driver;
    }

    void begin(Exchange next) {
        exchange = next;
        worker().meter.begun();
    }

    final void drivenBy(ExchangeDriver next) {
        driver = next;
    }

    /** The exchange now belongs to a virtual host and a client. */
    void admitted(Exchange admitted) {
        if (isShared()) {
            worker().live.add(admitted.clientKey(), admitted);
        }
    }

    /** Whether the connection carries exchanges of several clients, or of several hosts at once: each ends by itself. */
    abstract boolean isShared();

    /** The exchange is over: its answer is written, and another may follow. */
    abstract void endAndGoOn();

    /** The exchange is over, and so is this once {@code lastWrite} is done. */
    abstract void endAndClose(ChannelFuture lastWrite);

    /** The exchange is over without an answer, or with none that anybody could take for whole. */
    abstract void endAndReset();

    /**
     * The exchange is over in the middle of its answer.
     *
     * @param endsByClosing whether an orderly end would look like that of the answer
     */
    abstract void endCut(boolean endsByClosing);

    /** The exchange is over: the application has ended its tunnel, in which everything has been written. */
    abstract void endTunnel();

    /** Takes the HTTP handlers off and puts the tunnel's in their place; octets that came early are passed to it. */
    abstract void becomeTunnel(ChannelHandler tunnel);

    /** The client sends no more, but may still read. */
    abstract void inputEnded();

    /** The client has taken what was written for it. */
    void writable() {}

    /** Nothing that the client sends is wanted any more. */
    abstract void stopReading();

    /** Sets the exchange's time-out anew; it is told to its driver. */
    abstract void expectWithin(long nanos);

    /** The last answer to a banned client has a bound of its own, which nothing renews. */
    abstract void expectLastAnswer();

    /** The client is gone. */
    void lost() {
        giveUpDriver();
        end();
    }

    /**
     * TLS says that the client is gone: it has said goodbye, and waits for no answer. Who closes only one half (RFC 8446
     * section 6.1 lets it) is not told from it, as nowhere.
     */
    final void goodbye() {
        if (exchange == null) {
            channel.close();
        } else {
            giveUpDriver();
            endAndReset();
        }
    }

    /** Something of ours has failed, or the connection is lost: it costs this exchange and no other. */
    final void broken(Throwable cause) {
        if (ClientConnection.isLoss(cause)) {
            LOG.debug("connection of {} lost: {}", peer().address(), cause.getMessage());
        } else {
            LOG.error("internal fault; the exchange of {} is given up. Please report this", peer().address(), cause);
            Exchange current = exchange;
            if (current != null && !current.isAnswered() && channel.isActive()) {
                giveUpDriver();
                worker().responder.answer(current, Fault.ofProxy("internal fault"));
                return;
            }
        }
        giveUpDriver();
        endAndReset();
    }

    final @Nullable Exchange end() {
        Exchange ended = exchange;
        exchange = null;
        driver = null;
        if (ended != null) {
            if (isShared() && ended.isAdmitted()) {
                worker().live.remove(ended.clientKey(), ended);
            }
            ended.over();
        }
        return ended;
    }

    private void giveUpDriver() {
        ExchangeDriver abandoned = driver;
        driver = null;
        if (abandoned != null) {
            abandoned.abandoned();
        }
    }

    // Enforcement

    /** Ends what is under way because of a ban that has fallen: in the jail's way where nothing has been answered yet. */
    final void refuse(Ban ban) {
        Exchange current = exchange;
        if (current != null && !current.isAnswered() && ban.action() != Drop.DROP) {
            giveUpDriver();
            current.endsDirectConnection();
            worker().responder.refuse(current, new Verdict.Refuse(ban.sentence()));
            return;
        }
        if (current != null) {
            current.refusedBy(ban.jail());
        }
        giveUpDriver();
        endAndReset();
    }
}
