package io.netty.channel.uring;

import io.netty.channel.Channel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannelConfig;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * A listening channel of io_uring in the address family that is asked for.
 *
 * <p>Netty (4.2.18) has such a constructor for epoll and the JDK's channels; its own of io_uring is always of IPv6. That
 * opens {@code 0.0.0.0} to IPv6 as well, and Linux takes sockets of two families at one address for two groups: at an
 * upgrade from a process on epoll none of the new connections would come to the successor. What is needed of Netty is seen
 * by its package alone, hence the place. Goes when Netty has the constructor.
 *
 * <p>Its connections are {@link IoUringAcceptedChannel}s. Needs single accepts ({@code io.netty.iouring.acceptMultiShotEnabled=false}): they tell who has connected.
 */
public final class IoUringFamilyServerSocketChannel extends AbstractIoUringServerChannel
        implements ServerSocketChannel {

    private final IoUringServerSocketChannelConfig config;

    public IoUringFamilyServerSocketChannel(SocketProtocolFamily family) {
        super(LinuxSocket.newSocketStream(family == SocketProtocolFamily.INET6), false);
        config = new IoUringServerSocketChannelConfig(this);
    }

    @Override
    public ServerSocketChannelConfig config() {
        return config;
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) super.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) super.remoteAddress();
    }

    @Override
    public void doBind(SocketAddress address) throws Exception {
        super.doBind(address);
        socket.setTcpNoDelay(true); // for the connections, which inherit it
        socket.listen(config.getBacklog());
        active = true;
    }

    @Override
    Channel newChildChannel(int descriptor, ByteBuffer acceptedAddress) {
        LinuxSocket accepted = new LinuxSocket(descriptor);
        if (acceptedAddress == null) { // several at once: it is of the last
            return new IoUringSocketChannel(this, accepted);
        }
        IoUringIoHandler handler = registration().attachment();
        InetSocketAddress remote = accepted.isIpv6()
                ? SockaddrIn.getIPv6(acceptedAddress, handler.inet6AddressArray(), handler.inet4AddressArray())
                : SockaddrIn.getIPv4(acceptedAddress, handler.inet4AddressArray());
        return new IoUringAcceptedChannel(this, accepted, remote);
    }
}
