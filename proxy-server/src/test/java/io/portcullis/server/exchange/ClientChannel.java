package io.portcullis.server.exchange;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DefaultSocketChannelConfig;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** A client's connection without a socket: a channel that has addresses, and whose two directions close one by one. */
public final class ClientChannel extends EmbeddedChannel implements SocketChannel {

    private final InetSocketAddress remote;
    /** Made when first asked for, which is in the superclass's constructor. */
    private @Nullable SocketChannelConfig config;

    private boolean outputShutdown;
    private boolean inputShutdown;

    /** @param address the client's, a literal */
    public ClientChannel(String address) {
        remote = new InetSocketAddress(address, 40_000);
    }

    @Override
    public SocketChannelConfig config() {
        SocketChannelConfig made = config;
        if (made == null) {
            made = new DefaultSocketChannelConfig(this, new Unopened());
            config = made;
        }
        return made;
    }

    /** Whether the close is a reset: one that keeps nothing of the connection in the kernel. */
    public boolean isReset() {
        return !isOpen() && Integer.valueOf(0).equals(config().getOption(ChannelOption.SO_LINGER));
    }

    /** The client sends no more, and may still read. */
    public void clientEndsInput() {
        inputShutdown = true;
        pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        runPendingTasks();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public InetSocketAddress localAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
    }

    @Override
    @SuppressWarnings("NullAway") // as every channel that was not accepted
    public ServerSocketChannel parent() {
        return null;
    }

    @Override
    public boolean isInputShutdown() {
        return inputShutdown;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public boolean isShutdown() {
        return inputShutdown && outputShutdown;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        outputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        inputShutdown = true;
        outputShutdown = true;
        return promise.setSuccess();
    }

    /** Keeps the options that are set on it; a real one would take a file descriptor for each channel. */
    private static final class Unopened extends Socket {
        private int linger = -1;

        @Override
        public void setTcpNoDelay(boolean on) {
            // nothing to delay
        }

        @Override
        public void setSoLinger(boolean on, int seconds) {
            linger = on ? seconds : -1;
        }

        @Override
        public int getSoLinger() {
            return linger;
        }
    }
}
