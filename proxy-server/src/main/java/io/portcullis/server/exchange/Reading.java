package io.portcullis.server.exchange;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2StreamChannel;

/**
 * Whether a client's connection is read from: not while somebody holds it, and not after its end.
 *
 * <p>Owned by the connection's event loop.
 */
final class Reading {

    private final Channel channel;
    private boolean heldByDecoder;
    private boolean heldByBody;
    private boolean ended;

    Reading(Channel channel) {
        this.channel = channel;
    }

    /** While a pipelined request waits, or nothing is wanted any more. */
    void holdForDecoder(boolean held) {
        heldByDecoder = held;
        update();
    }

    /** While the endpoint does not take the request's body. */
    void holdForBody(boolean held) {
        if (heldByBody != held) {
            heldByBody = held;
            update();
        }
    }

    boolean isHeldForBody() {
        return heldByBody;
    }

    /** Nobody holds it from now on, which {@link #update} makes felt. */
    void release() {
        heldByDecoder = false;
        heldByBody = false;
    }

    /** The client's half of the connection is over. */
    void end() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    void update() {
        if (ended) {
            return; // epoll (Netty 4.2.18) fails where a socket that it let go of is to be read again
        }
        boolean wanted = !heldByDecoder && !heldByBody;
        if (channel.isActive() && channel.config().isAutoRead() != wanted) {
            channel.config().setAutoRead(wanted);
            if (wanted && channel instanceof Http2StreamChannel) {
                // Netty (4.2.18) writes the stream's WINDOW_UPDATE now, but flushes it only where no read was asked for
                // yet; without it the other side would wait for ever.
                channel.unsafe().flush();
            }
        }
    }
}
