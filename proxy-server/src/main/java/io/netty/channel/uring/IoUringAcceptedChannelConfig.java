package io.netty.channel.uring;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannelConfig;
import java.io.IOException;
import java.util.Map;

/**
 * The options of an {@link IoUringAcceptedChannel}. Netty's own class (4.2.18) sets one in its constructor, by a system call,
 * and serves Netty's own channel alone.
 */
final class IoUringAcceptedChannelConfig extends IoUringStreamChannelConfig implements SocketChannelConfig {

    private final LinuxSocket socket;

    private volatile boolean allowHalfClosure;

    IoUringAcceptedChannelConfig(IoUringAcceptedChannel channel) {
        super(channel);
        socket = channel.socket;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(
                super.getOptions(),
                ChannelOption.SO_RCVBUF,
                ChannelOption.SO_SNDBUF,
                ChannelOption.TCP_NODELAY,
                ChannelOption.SO_KEEPALIVE,
                ChannelOption.SO_REUSEADDR,
                ChannelOption.SO_LINGER,
                ChannelOption.IP_TOS,
                ChannelOption.ALLOW_HALF_CLOSURE);
    }

    @SuppressWarnings("unchecked") // an option's type is that of its value
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        if (option.equals(ChannelOption.SO_RCVBUF)) {
            return (T) Integer.valueOf(getReceiveBufferSize());
        }
        if (option.equals(ChannelOption.SO_SNDBUF)) {
            return (T) Integer.valueOf(getSendBufferSize());
        }
        if (option.equals(ChannelOption.TCP_NODELAY)) {
            return (T) Boolean.valueOf(isTcpNoDelay());
        }
        if (option.equals(ChannelOption.SO_KEEPALIVE)) {
            return (T) Boolean.valueOf(isKeepAlive());
        }
        if (option.equals(ChannelOption.SO_REUSEADDR)) {
            return (T) Boolean.valueOf(isReuseAddress());
        }
        if (option.equals(ChannelOption.SO_LINGER)) {
            return (T) Integer.valueOf(getSoLinger());
        }
        if (option.equals(ChannelOption.IP_TOS)) {
            return (T) Integer.valueOf(getTrafficClass());
        }
        if (option.equals(ChannelOption.ALLOW_HALF_CLOSURE)) {
            return (T) Boolean.valueOf(isAllowHalfClosure());
        }
        return super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option.equals(ChannelOption.SO_RCVBUF)) {
            setReceiveBufferSize((Integer) value);
        } else if (option.equals(ChannelOption.SO_SNDBUF)) {
            setSendBufferSize((Integer) value);
        } else if (option.equals(ChannelOption.TCP_NODELAY)) {
            setTcpNoDelay((Boolean) value);
        } else if (option.equals(ChannelOption.SO_KEEPALIVE)) {
            setKeepAlive((Boolean) value);
        } else if (option.equals(ChannelOption.SO_REUSEADDR)) {
            setReuseAddress((Boolean) value);
        } else if (option.equals(ChannelOption.SO_LINGER)) {
            setSoLinger((Integer) value);
        } else if (option.equals(ChannelOption.IP_TOS)) {
            setTrafficClass((Integer) value);
        } else if (option.equals(ChannelOption.ALLOW_HALF_CLOSURE)) {
            setAllowHalfClosure((Boolean) value);
        } else {
            return super.setOption(option, value);
        }
        return true;
    }

    @Override
    public boolean isAllowHalfClosure() {
        return allowHalfClosure;
    }

    @Override
    public IoUringAcceptedChannelConfig setAllowHalfClosure(boolean allowed) {
        allowHalfClosure = allowed;
        return this;
    }

    @Override
    public boolean isTcpNoDelay() {
        return get(socket::isTcpNoDelay);
    }

    @Override
    public IoUringAcceptedChannelConfig setTcpNoDelay(boolean on) {
        return set(() -> socket.setTcpNoDelay(on));
    }

    @Override
    public boolean isKeepAlive() {
        return get(socket::isKeepAlive);
    }

    @Override
    public IoUringAcceptedChannelConfig setKeepAlive(boolean on) {
        return set(() -> socket.setKeepAlive(on));
    }

    @Override
    public boolean isReuseAddress() {
        return get(socket::isReuseAddress);
    }

    @Override
    public IoUringAcceptedChannelConfig setReuseAddress(boolean on) {
        return set(() -> socket.setReuseAddress(on));
    }

    @Override
    public int getSoLinger() {
        return get(socket::getSoLinger);
    }

    @Override
    public IoUringAcceptedChannelConfig setSoLinger(int seconds) {
        return set(() -> socket.setSoLinger(seconds));
    }

    @Override
    public int getSendBufferSize() {
        return get(socket::getSendBufferSize);
    }

    @Override
    public IoUringAcceptedChannelConfig setSendBufferSize(int octets) {
        return set(() -> socket.setSendBufferSize(octets));
    }

    @Override
    public int getReceiveBufferSize() {
        return get(socket::getReceiveBufferSize);
    }

    @Override
    public IoUringAcceptedChannelConfig setReceiveBufferSize(int octets) {
        return set(() -> socket.setReceiveBufferSize(octets));
    }

    @Override
    public int getTrafficClass() {
        return get(socket::getTrafficClass);
    }

    @Override
    public IoUringAcceptedChannelConfig setTrafficClass(int trafficClass) {
        return set(() -> socket.setTrafficClass(trafficClass));
    }

    /** Sockets of Linux have none. */
    @Override
    public IoUringAcceptedChannelConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        return this;
    }

    @Override
    public IoUringAcceptedChannelConfig setConnectTimeoutMillis(int millis) {
        super.setConnectTimeoutMillis(millis);
        return this;
    }

    @Override
    @Deprecated // by Netty
    public IoUringAcceptedChannelConfig setMaxMessagesPerRead(int messages) {
        super.setMaxMessagesPerRead(messages);
        return this;
    }

    @Override
    public IoUringAcceptedChannelConfig setWriteSpinCount(int count) {
        super.setWriteSpinCount(count);
        return this;
    }

    @Override
    public IoUringAcceptedChannelConfig setAllocator(ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public IoUringAcceptedChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public IoUringAcceptedChannelConfig setAutoRead(boolean on) {
        super.setAutoRead(on);
        return this;
    }

    @Override
    protected void autoReadCleared() {
        ((IoUringAcceptedChannel) channel).readingStopped();
    }

    @Override
    public IoUringAcceptedChannelConfig setAutoClose(boolean on) {
        super.setAutoClose(on);
        return this;
    }

    @Override
    public IoUringAcceptedChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    public IoUringAcceptedChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark marks) {
        super.setWriteBufferWaterMark(marks);
        return this;
    }

    private static <T> T get(Reading<T> reading) {
        try {
            return reading.get();
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    private IoUringAcceptedChannelConfig set(Setting setting) {
        try {
            setting.set();
            return this;
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    private interface Reading<T> {
        T get() throws IOException;
    }

    private interface Setting {
        void set() throws IOException;
    }
}
