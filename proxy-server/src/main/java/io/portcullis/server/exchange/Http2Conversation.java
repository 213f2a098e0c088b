package io.portcullis.server.exchange;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.config.JailConfig.On;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of an HTTP/2 connection, and what is waited for while there are none.
 *
 * <p>A ban on one host ends that host's streams, which hear of it by themselves; one that leaves the client nothing on
 * this listener ends the connection. Owned by the connection's event loop.
 */
public final class Http2Conversation implements Conversation {

    private static final Logger LOG = LoggerFactory.getLogger(Http2Conversation.class);

    /** So long after a first GOAWAY streams may still come that the client opened before it heard (RFC 9113 section 6.8). */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private enum Phase {
        /** The client's preface has not come. */
        BEGINNING,
        OPEN,
        /** The client has been told that this connection ends; what it has opened meanwhile is served. */
        LEAVING,
        /** Nothing new is served. */
        ENDING
    }

    private final ClientConnection connection;
    private final Channel channel;
    private final Set<Http2Stream> streams = new LinkedHashSet<>();
    private Phase phase = Phase.BEGINNING;

    public Http2Conversation(ClientConnection connection) {
        this.connection = connection;
        this.channel = connection.channel();
    }

    public ClientConnection connection() {
        return connection;
    }

    /** For what is bounded in time on this connection. */
    public LongSupplier nanoTime() {
        return connection.worker().shared.nanoTime();
    }

    /** The client has said what it speaks: it may now take its time. */
    public void begun() {
        if (phase == Phase.BEGINNING) {
            phase = Phase.OPEN;
            if (connection.isDraining()) {
                leave();
            } else {
                awaitStream();
            }
        }
    }

    /** A stream that the client has opened, on a channel of its own. */
    public Http2Stream open(Channel stream) {
        Http2Stream opened = new Http2Stream(this, stream);
        streams.add(opened);
        if (phase == Phase.OPEN) {
            connection.expectNothing();
        }
        return opened;
    }

    void closed(Http2Stream stream) {
        streams.remove(stream);
        awaitStream();
    }

    private void awaitStream() {
        if (!streams.isEmpty()) {
            return;
        }
        if (phase == Phase.ENDING) {
            channel.close();
        } else if (phase == Phase.OPEN) {
            connection.expectWithin(connection.rules().timeouts().idle().toNanos());
        }
    }

    /** The client goes away: it opens nothing any more, and waits for what is under way. */
    public void clientLeaves() {
        phase = Phase.ENDING;
        connection.expectNothing();
        awaitStream();
    }

    /** The client breaks HTTP/2's rules, or wears them out; the connection is being closed for it. */
    public void violated(String problem) {
        LOG.debug("connection of {} ends: {}", connection.peer().address(), problem);
        if (!connection.isOfTrustedProxy()) {
            connection.offends(On.PROTOCOL_ERROR, connection.rules().noHostJails(), "HTTP/2: " + problem);
        }
    }

    /** Something of ours has failed outside of any stream. */
    public void failed(Throwable cause) {
        LOG.error(
                "internal fault; the connection of {} is given up. Please report this",
                connection.peer().address(),
                cause);
        connection.reset();
    }

    @Override
    public void timedOut() {
        switch (phase) {
            case BEGINNING -> channel.close();
            case OPEN -> leave();
            case LEAVING -> endWhenIdle();
            case ENDING -> connection.reset();
        }
    }

    @Override
    public void drain(Patience patience) {
        if (phase == Phase.BEGINNING) {
            if (patience == Patience.SHORT) {
                channel.close();
            }
        } else if (phase == Phase.OPEN) {
            leave();
            for (Http2Stream stream : new ArrayList<>(streams)) {
                ExchangeDriver driver = stream.driver();
                if (driver != null) {
                    driver.draining();
                }
            }
        }
    }

    @Override
    public Waiting waiting() {
        return switch (phase) {
            case BEGINNING -> Waiting.SILENT;
            case OPEN -> streams.isEmpty() ? Waiting.IDLE : Waiting.BUSY;
            case LEAVING, ENDING -> Waiting.BUSY;
        };
    }

    @Override
    public void makeWay() {
        endWhenIdle();
    }

    private void leave() {
        phase = Phase.LEAVING;
        channel.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
        connection.expectWithin(GRACE_NANOS);
    }

    private void endWhenIdle() {
        phase = Phase.ENDING;
        channel.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
        connection.expectNothing();
        awaitStream();
    }

    @Override
    public void endFor(Ban ban) {
        if (phase != Phase.ENDING && connection.wouldBeRefusedAtAccept()) {
            endWhenIdle();
            for (Http2Stream stream : new ArrayList<>(streams)) {
                Exchange exchange = stream.exchange();
                if (exchange != null && !exchange.isLast()) { // what has been answered is still told
                    stream.refuse(ban);
                }
            }
            connection.expectWithin(ClientStream.LAST_ANSWER_NANOS);
        }
    }
}
