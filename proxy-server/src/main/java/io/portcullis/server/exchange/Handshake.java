package io.portcullis.server.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderException;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.Verdict;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.route.ListenerHosts;
import io.portcullis.core.route.VirtualHost;
import io.portcullis.server.observe.metrics.TlsFailure;
import io.portcullis.server.tls.ServedCertificate;
import io.portcullis.server.tls.TlsSession;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection until TLS is agreed on: the SNI tier. Decides whom the client asks for, whether it is served,
 * with which certificate, and what it counts for when it comes to nothing.
 *
 * <p>All of it has to happen within {@code timeouts.head} of the accept. Nothing of it is in the access log, which tells
 * of exchanges. Owned by the connection's event loop.
 */
public final class Handshake implements Conversation {

    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

    /** How long a client may take to read an alert or an answer and to close. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Fatal, {@code unrecognized_name} (RFC 6066 section 3), in a record of TLS 1.2, as all versions have it. */
    private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};

    private enum Phase {
        SILENT,
        UNDER_WAY,
        CLOSING,
        OVER
    }

    private final ClientConnection connection;
    private final Channel channel;

    private Phase phase = Phase.SILENT;
    private @Nullable String serverName;
    /** Whom the client asks for by SNI. */
    private @Nullable VirtualHost virtualHost;
    /** Those in force at the hello, which the virtual host is one of. */
    private ListenerRules listener;

    public Handshake(ClientConnection connection) {
        this.connection = connection;
        this.listener = connection.listener();
        this.channel = connection.channel();
    }

    /** The client has sent something. */
    public void begun() {
        if (phase == Phase.SILENT) {
            phase = Phase.UNDER_WAY;
        }
    }

    /** Whether nothing that the client sends matters here any more. */
    public boolean isOver() {
        return phase == Phase.CLOSING || phase == Phase.OVER;
    }

    /**
     * The client has said hello.
     *
     * @param name the host that it asks for, as {@link io.portcullis.core.http.HostName} gives it; null where it names
     *     none, or what can be none
     * @return what answers it; null where nothing does, and the connection ends
     */
    public @Nullable ServedCertificate hello(@Nullable String name) {
        listener = connection.listener();
        ListenerHosts hosts = listener.hosts();
        serverName = name;
        VirtualHost claiming = name == null ? null : hosts.findClaiming(name);
        virtualHost = claiming != null || name == null ? claiming : hosts.standIn();
        if (isDropped()) {
            listener.meter().refusedAtSni();
            reset();
            return null;
        }
        ServedCertificate certificate = listener.certificate(claiming);
        if (certificate == null) {
            listener.meter().notSecured(TlsFailure.NO_CERTIFICATE);
            if (name == null) {
                offends(On.TLS_FAILURE, "TLS: the hello names no host");
            } else {
                offends(On.UNKNOWN_HOST, "TLS: the hello names " + name);
            }
            sayAndClose(Unpooled.wrappedBuffer(UNRECOGNIZED_NAME));
        }
        return certificate;
    }

    /**
     * Whether the host that is asked for drops the client, or all do. Who gets an answer or a tarpit gets it by HTTP, as
     * {@link BanEngine#verdictAtAccept} has it.
     */
    private boolean isDropped() {
        BanEngine bans = connection.worker().shared.bans();
        Peer peer = connection.peer();
        String host = virtualHost == null ? "" : virtualHost.name(); // no host's name is empty
        return bans.verdict(peer.asClient(), peer.key(), host) instanceof Verdict.Refuse refuse
                && refuse.sentence().action() == Drop.DROP;
    }

    /**
     * What the client sent is no hello of TLS.
     *
     * @param http whether it looks like HTTP
     */
    public void spokeNoTls(boolean http) {
        listener.meter().notSecured(TlsFailure.NOT_TLS);
        offends(On.TLS_FAILURE, http ? "plain HTTP on a TLS port" : "no TLS on a TLS port");
        if (http) {
            sayAndClose(connection.worker().responder.toPlainHttp(connection));
        } else {
            reset();
        }
    }

    /** The handshake is complete. */
    public void completed(TlsSession session) {
        phase = Phase.OVER;
        connection.secured(session);
        listener.meter().secured(session.version());
        connection.expectWithin(connection.rules().timeouts().head().toNanos());
    }

    /** What the client asked for, as {@link #hello} was told it. */
    public @Nullable String serverName() {
        return serverName;
    }

    /**
     * The two could not agree, or one found the other at fault. The engine says so to the client, and closes.
     *
     * @param why in the library's words
     */
    public void failed(String why) {
        failed(TlsFailure.NOT_AGREED, why);
    }

    private void failed(TlsFailure how, String why) {
        if (!isOver()) {
            listener.meter().notSecured(how);
            offends(On.TLS_FAILURE, "TLS: " + why);
            phase = Phase.OVER;
        }
    }

    /** Something was thrown: by what the client sent, by the loss of the connection, or by a fault of ours. */
    public void broken(Throwable cause) {
        if (cause instanceof DecoderException) {
            failed(String.valueOf(cause.getMessage()));
        } else if (!ClientConnection.isLoss(cause)) {
            LOG.error(
                    "internal fault; the handshake of {} is given up. Please report this",
                    connection.peer().address(),
                    cause);
        }
        reset();
    }

    /** The client sends no more: it only leaves, which is no offence. */
    public void inputEnded() {
        phase = Phase.OVER;
        channel.close();
    }

    private void offends(On kind, String what) {
        Rules rules = listener.rules();
        connection.offends(kind, virtualHost == null ? rules.noHostJails() : rules.jails(virtualHost), what);
    }

    /** To close at once while octets of the client's lie unread would wipe out what is said (RFC 9112 section 9.6). */
    private void sayAndClose(ByteBuf lastWords) {
        phase = Phase.CLOSING;
        channel.writeAndFlush(lastWords).addListener(done -> {
            if (phase == Phase.CLOSING && done.isSuccess()) {
                connection.shutdownOutput();
                connection.expectWithin(LINGER_NANOS);
            } else {
                channel.close();
            }
        });
    }

    private void reset() {
        phase = Phase.OVER;
        connection.reset();
    }

    // What happens to the connection

    @Override
    public Waiting waiting() {
        return phase == Phase.SILENT ? Waiting.SILENT : Waiting.BUSY;
    }

    @Override
    public void makeWay() {
        inputEnded();
    }

    @Override
    public void timedOut() {
        if (phase == Phase.SILENT) {
            inputEnded(); // browsers connect ahead
        } else {
            failed(TlsFailure.TIMEOUT, "the handshake was not complete in time");
            reset();
        }
    }

    @Override
    public void endFor(Ban ban) {
        if (phase != Phase.CLOSING && (isDropped() || connection.wouldBeRefusedAtAccept())) {
            reset();
        }
    }

    @Override
    public void drain(Patience patience) {
        if (patience == Patience.SHORT) {
            phase = Phase.OVER;
            channel.close();
        }
    }

    @Override
    public void closed() {
        phase = Phase.OVER;
    }
}
