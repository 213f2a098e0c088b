package io.netty.channel.uring;

import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection that was accepted, without what Netty's own (4.2.18) asks of the system for each.
 *
 * <p>Two system calls: the local address is asked for when somebody wants it, and not at all where the listening socket is
 * bound to one; TCP_NODELAY comes from the listening socket, from which Linux has each connection inherit it. A flood of
 * refused connections pays for neither.
 *
 * <p>Two polls: the first read waits in the kernel with its buffer, as nearly all clients send at once; the later ones
 * wait for POLLIN first, so that an idle connection holds no buffer. And the client's end (POLLRDHUP) is looked for only
 * once reading has been stopped: until then a read finds it.
 */
final class IoUringAcceptedChannel extends AbstractIoUringStreamChannel implements SocketChannel {

    private final InetSocketAddress remote;
    private final IoUringAcceptedChannelConfig config;

    private volatile @Nullable InetSocketAddress local;

    private boolean readBefore;
    private boolean watched;

    /** @param listening has TCP_NODELAY set */
    IoUringAcceptedChannel(IoUringFamilyServerSocketChannel listening, LinuxSocket accepted, InetSocketAddress remote) {
        super(listening, accepted, false);
        this.remote = remote;
        config = new IoUringAcceptedChannelConfig(this);
    }

    /** Netty's field of that name stays false: whoever has it set when registered is watched for the client's end at once. */
    @Override
    public boolean isActive() {
        return isOpen();
    }

    @Override
    boolean isPollInFirst() {
        boolean first = !readBefore;
        readBefore = true;
        return !first && super.isPollInFirst();
    }

    /** Reading has been stopped, by whatever thread: only a poll tells from now on that the client has gone. */
    void readingStopped() {
        autoReadCleared();
        if (!isRegistered()) {
            active = true; // so that Netty watches
            watched = true;
        } else if (eventLoop().inEventLoop()) {
            watch();
        } else {
            eventLoop().execute(this::watch);
        }
    }

    private void watch() {
        if (!watched && isActive()) {
            watched = true;
            schedulePollRdHup();
        }
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
