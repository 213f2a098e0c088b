package io.portcullis.server.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.Verdict;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.exchange.ListenerRules;
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

    private final Supplier<ListenerRules> listener;
    private final BanEngine bans;
    private final ConnectionLimit limit;
    private final RefusedPeers refused;
    private final SocketFilter filter;

    /**
     * @param refused told of whom it refuses
     * @param filter of the listening socket
     */
    AcceptGate(
            Supplier<ListenerRules> listener, Listener.Accepting accepting, RefusedPeers refused, SocketFilter filter) {
        this.listener = listener;
        this.refused = refused;
        this.filter = filter;
        this.bans = accepting.bans();
        this.limit = accepting.limit();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel connection = (Channel) message;
        ListenerRules now = listener.get();
        if (connection.remoteAddress() instanceof InetSocketAddress remote && !isRefused(remote, now)) {
            if (limit.enter(connection, now.rules().limits().maxConnections())) {
                ListenerMeter meter = now.meter();
                meter.accepted();
                filter.takeOff(connection);
                connection.closeFuture().addListener(closed -> meter.closed());
                ctx.fireChannelRead(connection);
                return;
            }
            now.meter().overLimit();
        }
        reset(connection);
    }

    private boolean isRefused(InetSocketAddress remote, ListenerRules now) {
        IpAddress peer = IpAddress.of(remote.getAddress());
        Verdict verdict =
                bans.verdictAtAccept(peer, bans.keyOf(peer), now.hosts().virtualHostNames());
        if (verdict instanceof Verdict.Refuse) {
            now.meter().refusedAtAccept();
            refused.add(peer);
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
