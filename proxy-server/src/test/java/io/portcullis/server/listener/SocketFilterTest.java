package io.portcullis.server.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.RawUnixChannelOption;
import io.portcullis.core.config.TransportKind;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.PacketFilter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the system says to a filter; who is dropped then the e2e test tells. */
class SocketFilterTest {

    private static final int SOL_SOCKET = 1;
    private static final int SO_MEMINFO = 55;
    private static final int MEMINFO_LENGTH = 36;
    /** SK_MEMINFO_OPTMEM. */
    private static final int CHARGED = 6 * Integer.BYTES;

    private final List<EventLoopGroup> eventLoops = new ArrayList<>();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may begin anywhere
    private final SocketFilter filter = new SocketFilter(now::get);

    @AfterEach
    void stop() {
        eventLoops.forEach(
                group -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly());
    }

    private Channel listening(TransportKind kind) {
        Transport transport = TwoProcessesTest.load(kind);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        eventLoops.add(group);
        return new ServerBootstrap()
                .group(group)
                .channelFactory(() -> transport.serverChannels().apply(SocketProtocolFamily.INET))
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        ctx.close();
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    private static PacketFilter dropping(int count, boolean isIpv4) {
        Random random = new Random(count);
        List<Cidr> sources = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            IpAddress address = isIpv4
                    ? IpAddress.ofIpv4(0x80000000 + random.nextInt(1 << 30) * 2) // whose comparisons take most
                    : new IpAddress(random.nextLong() | 0x2000_0000_0000_0000L, 0);
            sources.add(new Cidr(address, isIpv4 ? 128 : 64));
        }
        return PacketFilter.dropping(sources);
    }

    private void set(Channel listening, PacketFilter program) {
        assertThat(filter.set(listening, program)).isEmpty();
    }

    /** If it breaks: the kernel has no memory for what is taken for small enough, or is given half of what it has. */
    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "IO_URING"})
    void theKernelChargesNoMoreThanIsReckonedAndNotMuchLess(TransportKind kind) {
        Channel listening = listening(kind);
        assumeTrue(filter.set(listening, PacketFilter.dropping(List.of())).isEmpty(), "no CAP_NET_ADMIN");
        for (PacketFilter program :
                List.of(dropping(1, true), dropping(1, false), dropping(100, true), dropping(100, false))) {
            set(listening, program);
            RawUnixChannelOption info = new RawUnixChannelOption("SO_MEMINFO", SOL_SOCKET, SO_MEMINFO, MEMINFO_LENGTH);
            ByteBuffer told = listening.config().getOption(info);
            assumeTrue(told != null, "the transport does not tell");
            int charged = told.order(ByteOrder.nativeOrder()).getInt(CHARGED);
            assertThat(charged).isBetween(program.kernelBytes() / 2, program.kernelBytes());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "IO_URING"})
    void whatIsTooLargeForTheKernelIsToldAndASmallerOneIsTaken(TransportKind kind) {
        Channel listening = listening(kind);
        assumeTrue(filter.set(listening, PacketFilter.dropping(List.of())).isEmpty(), "no CAP_NET_ADMIN");
        PacketFilter large = dropping(2_000, true);
        Optional<String> fault = filter.set(listening, large);
        if (fault.isEmpty()) {
            fault = filter.set(listening, large); // for a moment both are there
        }
        assumeTrue(fault.isPresent(), "the kernel has memory for two");
        filter.lift(listening);
        set(listening, dropping(1, true));
    }

    /** If it breaks: who waited to be accepted as the filter was lifted pays for it with each packet, and keeps it. */
    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "IO_URING"})
    void whoIsAcceptedSoonAfterTheLiftMayStillHaveIt(TransportKind kind) {
        Channel listening = listening(kind);
        assertThat(filter.isInherited()).isFalse();
        assumeTrue(filter.set(listening, PacketFilter.dropping(List.of())).isEmpty(), "no CAP_NET_ADMIN");
        now.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(filter.isInherited()).isTrue();
        filter.lift(listening);
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
        assertThat(filter.isInherited()).isTrue();
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(filter.isInherited()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, names = "NIO")
    void aTransportThatCannotSaysSo(TransportKind kind) {
        assertThat(filter.set(listening(kind), dropping(1, true)).orElseThrow()).contains("transport");
    }
}
