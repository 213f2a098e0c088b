package io.portcullis.server.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.Verdict;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.exchange.Rules;
import io.portcullis.server.observe.metrics.ListenerMeter;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * The accept tier: resets the connection of a client that nothing on this listener serves, before it has a pipeline and
 * before a byte of it is read.
 *
 * <p>Stands in the listening channel's pipeline, where a message is an accepted connection. Owned by that channel's
 * event loop.
 */
final class AcceptGate extends ChannelInboundHandlerAdapter {

    private final ListenerConfig listener;
    private final BanEngine bans;
    private final Supplier<? extends Rules> rules;
    private final ConnectionLimit limit;
    private final ListenerMeter meter;

    AcceptGate(ListenerConfig listener, Listener.Accepting accepting, ListenerMeter meter) {
        this.listener = listener;
        this.bans = accepting.bans();
        this.rules = accepting.rules();
        this.limit = accepting.limit();
        this.meter = meter;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel connection = (Channel) message;
        if (connection.remoteAddress() instanceof InetSocketAddress remote && !isRefused(remote)) {
            if (limit.enter(connection, rules.get().limits().maxConnections())) {
                meter.accepted();
                connection.closeFuture().addListener(closed -> meter.closed());
                ctx.fireChannelRead(connection);
                return;
            }
            meter.overLimit();
        }
        reset(connection);
    }

    private boolean isRefused(InetSocketAddress remote) {
        IpAddress peer = IpAddress.of(remote.getAddress());
        if (listener.address().isIpv4() && !peer.isIpv4()) {
            return true; // not every transport can keep them out by itself
        }
        Verdict verdict = bans.verdictAtAccept(
                peer, bans.keyOf(peer), rules.get().hosts(listener.name()).virtualHostNames());
        if (verdict instanceof Verdict.Refuse) {
            meter.refusedAtAccept();
            return true;
        }
        return false;
    }

    /** Linger 0 sends a reset in place of the orderly end, so that no state of the connection stays in the kernel. */
    private static void reset(Channel connection) {
        connection.config().setOption(ChannelOption.SO_LINGER, 0);
        connection.unsafe().closeForcibly(); // it is not registered with an event loop yet
    }
}
