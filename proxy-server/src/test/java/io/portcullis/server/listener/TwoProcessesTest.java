package io.portcullis.server.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.portcullis.core.ban.Allowlist;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.TransportKind;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.exchange.TestRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What an upgrade stands on: two listening sockets at one address. Each greets by its name who connects to it. */
class TwoProcessesTest {

    private static final int CONNECTIONS = 40;

    private final List<EventLoopGroup> eventLoops = new ArrayList<>();

    @AfterEach
    void stop() {
        eventLoops.forEach(
                group -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly());
    }

    static Transport load(TransportKind kind) {
        try {
            return Transport.load(kind);
        } catch (IllegalStateException unavailable) {
            assumeTrue(false, unavailable.getMessage());
            throw unavailable;
        }
    }

    private ServerBootstrap greeting(String name, Transport transport) {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        eventLoops.add(group);
        return new ServerBootstrap()
                .group(group)
                .channelFactory(() -> transport.serverChannels().apply(SocketProtocolFamily.INET))
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new Greeter(name));
    }

    @ChannelHandler.Sharable
    private static final class Greeter extends ChannelInboundHandlerAdapter {
        private final String name;

        Greeter(String name) {
            this.name = name;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(name.getBytes(StandardCharsets.US_ASCII)))
                    .addListener(done -> ctx.close());
        }
    }

    private static Channel bind(ServerBootstrap bootstrap, int port) {
        return bootstrap
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly()
                .channel();
    }

    private static int port(Channel listening) {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** How many of the connections that name got. */
    private static long greeted(String name, int port) throws IOException {
        long count = 0;
        for (int i = 0; i < CONNECTIONS; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                String greeting = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                count += greeting.equals(name) ? 1 : 0;
            }
        }
        return count;
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "IO_URING"})
    void newConnectionsGoToTheNewerAloneAndStayThereUpgradeAfterUpgrade(TransportKind kind) throws IOException {
        Transport transport = load(kind);
        Channel serving = bind(greeting("1", transport), 0);
        transport.share(serving);
        int port = port(serving);
        for (int generation = 2; generation <= 4; generation++) {
            String name = String.valueOf(generation);
            ServerBootstrap beside = greeting(name, transport);
            transport.bindBeside(beside);
            Channel newer = bind(beside, port);
            assertThat(transport.steer(newer)).isTrue();
            assertThat(greeted(name, port)).as("while both are there").isEqualTo(CONNECTIONS);
            serving.close().syncUninterruptibly();
            assertThat(greeted(name, port)).as("when the older is gone").isEqualTo(CONNECTIONS);
            transport.steerBack(newer); // as is done then, so that whoever joins next gets nothing before it steers
            assertThat(greeted(name, port)).as("and is itself the older").isEqualTo(CONNECTIONS);
            serving = newer;
        }
    }

    /** If it breaks: {@code 0.0.0.0} opens a port to IPv6, where perhaps no firewall watches. */
    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "IO_URING", "NIO"})
    void anIpv4AddressIsNotOpenToIpv6(TransportKind kind) throws IOException {
        Channel listening = greeting("1", load(kind))
                .bind(new InetSocketAddress("0.0.0.0", 0))
                .syncUninterruptibly()
                .channel();
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        InetAddress ipv6 = InetAddress.getByAddress(loopback);
        assertThatThrownBy(() -> new Socket(ipv6, port(listening)).close()).isInstanceOf(IOException.class);
    }

    /** If it breaks: the first upgrade to a version that prefers another transport loses connections. */
    @ParameterizedTest
    @CsvSource({"EPOLL, IO_URING", "IO_URING, EPOLL"})
    void newConnectionsGoToTheNewerWhateverTheTwoRunOn(TransportKind older, TransportKind newer) throws IOException {
        Transport before = load(older);
        Channel first = bind(greeting("1", before), 0);
        before.share(first);
        int port = port(first);
        Transport after = load(newer);
        ServerBootstrap beside = greeting("2", after);
        after.bindBeside(beside);
        Channel second = bind(beside, port);
        after.steerBack(second);
        assertThat(greeted("1", port)).as("before it steers").isEqualTo(CONNECTIONS);
        assertThat(after.steer(second)).isTrue();
        assertThat(greeted("2", port)).as("afterwards").isEqualTo(CONNECTIONS);
    }

    /**
     * If it breaks: an upgrade that fails, as another of its listeners cannot be bound, resets whoever connects
     * meanwhile: all of them, where the process that serves has itself taken over before.
     */
    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "IO_URING"})
    void nobodyComesToTheNewerBeforeItSteers(TransportKind kind) throws IOException {
        Transport transport = load(kind);
        Channel first = bind(greeting("1", transport), 0);
        transport.share(first);
        int port = port(first);
        failToJoin(port, transport);
        assertThat(greeted("1", port)).as("after one that has failed").isEqualTo(CONNECTIONS);
        ServerBootstrap beside = greeting("2", transport);
        transport.bindBeside(beside);
        assertThat(transport.steer(bind(beside, port))).isTrue();
        first.close().syncUninterruptibly();
        Listener third = join(port, transport);
        assertThat(greeted("2", port)).as("which has itself taken over").isEqualTo(CONNECTIONS);
        third.close();
    }

    private void failToJoin(int port, Transport transport) throws IOException {
        Listener failing = join(port, transport);
        assertThat(greeted("1", port)).as("while the newer waits").isEqualTo(CONNECTIONS);
        failing.close();
    }

    private Listener join(int port, Transport transport) throws IOException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        eventLoops.add(group);
        BanEngine bans = new BanEngine(
                Defaults.bans(),
                new Allowlist(CidrSet.EMPTY, CidrSet.EMPTY, CidrSet.EMPTY),
                new BanEngine.Sources(InstantSource.system(), new SplittableRandom(1)),
                new BanListener() {
                    @Override
                    public void banned(Ban ban) {}

                    @Override
                    public void unbanned(Ban ban) {}
                });
        Listener.Accepting accepting = new Listener.Accepting(
                group,
                transport,
                loop -> {
                    throw new AssertionError("it serves nobody");
                },
                bans,
                new ConnectionLimit((most, then) -> then.accept(0), System::nanoTime));
        return Listener.join(
                ListenerConfig.plain("http", IpAddress.ofIpv4(0x7F00_0001), port), new TestRules(List.of()), accepting);
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "IO_URING", "NIO"})
    void whoDoesNotAskToBeBesideAnotherIsKeptOut(TransportKind kind) {
        Transport transport = load(kind);
        Channel serving = bind(greeting("1", transport), 0);
        transport.share(serving);
        assertThatThrownBy(() -> bind(greeting("2", transport), port(serving))).hasMessageContaining("in use");
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "IO_URING", "NIO"})
    void whoWasNotToldToShareDoesNot(TransportKind kind) {
        Transport transport = load(kind);
        Channel alone = bind(greeting("1", transport), 0);
        ServerBootstrap beside = greeting("2", transport);
        transport.bindBeside(beside);
        assertThatThrownBy(() -> bind(beside, port(alone)))
                .isInstanceOfAny(IOException.class, ChannelException.class)
                .hasMessageContaining("in use");
    }

    /** The JDK has no name for the option: connections go to either, and none is refused. */
    @ParameterizedTest
    @EnumSource(value = TransportKind.class, names = "NIO")
    void withoutSteeringBothServe(TransportKind kind) throws IOException {
        Transport transport = load(kind);
        Channel serving = bind(greeting("1", transport), 0);
        transport.share(serving);
        ServerBootstrap beside = greeting("2", transport);
        transport.bindBeside(beside);
        Channel newer = bind(beside, port(serving));
        assertThat(transport.steer(newer)).isFalse();
        assertThat(greeted("1", port(serving))).isBetween(1L, CONNECTIONS - 1L);
    }
}
