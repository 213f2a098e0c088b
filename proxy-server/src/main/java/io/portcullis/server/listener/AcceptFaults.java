package io.portcullis.server.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.portcullis.server.exchange.ListenerRules;
import io.portcullis.server.observe.RareWarning;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator why no connection can be accepted; most often no file descriptor is left. Netty has made a pause of a
 * second by then, in which connections wait in the kernel.
 *
 * <p>The last in the listening channel's pipeline. Owned by that channel's event loop.
 */
final class AcceptFaults extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptFaults.class);

    private final Supplier<ListenerRules> listener;
    private final RareWarning warning;

    AcceptFaults(Supplier<ListenerRules> listener, InstantSource clock) {
        this.listener = listener;
        this.warning = new RareWarning(clock);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (warning.isDue()) {
            LOG.warn(
                    "listener {} cannot accept, and tries again each second: {}. 'portcullis doctor' says how many files may"
                            + " be open, and how many it takes",
                    listener.get().name(),
                    cause.getMessage());
        }
    }
}
