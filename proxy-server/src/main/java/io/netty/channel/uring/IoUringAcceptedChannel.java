package io.netty.channel.uring;

import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection that was accepted, without the two system calls that Netty's own (4.2.18) makes for each: it asks for the
 * local address, and switches Nagle's algorithm off. Here the address is asked for when somebody wants it, and not at all
 * where the listening socket is bound to one; TCP_NODELAY comes from the listening socket, from which Linux has each
 * connection inherit it. A flood of refused connections pays for neither.
 */
final class IoUringAcceptedChannel extends AbstractIoUringStreamChannel implements SocketChannel {

    private final InetSocketAddress remote;
    private final IoUringAcceptedChannelConfig config;

    private volatile @Nullable InetSocketAddress local;

    /** @param listening has TCP_NODELAY set */
    IoUringAcceptedChannel(IoUringFamilyServerSocketChannel listening, LinuxSocket accepted, InetSocketAddress remote) {
        super(listening, accepted, false);
        this.remote = remote;
        config = new IoUringAcceptedChannelConfig(this);
        active = true;
    }

    @Override
    public ServerSocketChannel parent() {
        return (ServerSocketChannel) super.parent();
    }

    @Override
    public SocketChannelConfig config() {
        return config;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    /** Of a connection that is closed before anybody asks, what the listening socket is bound to is all that is known. */
    @Override
    public InetSocketAddress localAddress() {
        InetSocketAddress known = local;
        if (known == null) {
            known = parent().localAddress();
            if (known.getAddress().isAnyLocalAddress() && isOpen()) {
                known = socket.localAddress();
            }
            local = known;
        }
        return known;
    }
}
