package io.portcullis.server.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.portcullis.core.config.TransportKind;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is accepted by io_uring behaves as a connection of Netty's own does, with fewer system calls. */
class AcceptedChannelTest {

    private final BlockingQueue<SocketChannel> accepted = new LinkedBlockingQueue<>();
    private MultiThreadIoEventLoopGroup eventLoops;
    private Transport transport;

    @BeforeEach
    void makeARing() {
        transport = TwoProcessesTest.load(TransportKind.IO_URING);
        eventLoops = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
    }

    @AfterEach
    void end() {
        if (eventLoops != null) {
            eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /** Nagle's algorithm would hold back the last part of each answer until the client's delayed acknowledgement, 40 ms. */
    @Test
    void nothingThatIsWrittenWaitsForMore() throws Exception {
        try (Socket client = connect(listen("127.0.0.1"), "127.0.0.1")) {
            assertThat(take().config().isTcpNoDelay()).isTrue();
            assertThat(client.isConnected()).isTrue();
        }
    }

    /** Applications and endpoints are told this address and port by X-Forwarded-Port and the PROXY protocol. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "0.0.0.0, 127.0.0.2", "::, ::1", "::, 127.0.0.3"})
    void itsAddressesAreThoseThatTheClientSees(String bound, String target) throws Exception {
        int port = listen(bound);
        try (Socket client = connect(port, target)) {
            SocketChannel channel = take();
            assertThat(channel.localAddress()).isEqualTo(new InetSocketAddress(target, port));
            assertThat(channel.remoteAddress()).isEqualTo(client.getLocalSocketAddress());
        }
    }

    /** A log line about a connection that is gone must not tell of the one that has its descriptor now. */
    @Test
    void theAddressOfAClosedOneIsNotAskedOfItsDescriptor() throws Exception {
        int port = listen("0.0.0.0");
        try (Socket client = connect(port, "127.0.0.2")) {
            SocketChannel channel = take();
            channel.close().sync();
            assertThat(channel.localAddress()).isEqualTo(new InetSocketAddress("0.0.0.0", port));
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** A client may end its half with its request and still be answered, as with "nc -N". */
    @Test
    void theClientsHalfMayEndBeforeTheAnswer() throws Exception {
        try (Socket client = connect(listen("127.0.0.1"), "127.0.0.1")) {
            SocketChannel channel = take();
            client.getOutputStream().write("ask".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            await().until(channel::isInputShutdown);
            assertThat(channel.isActive()).isTrue();
            channel.writeAndFlush(channel.alloc().buffer().writeBytes("told".getBytes(StandardCharsets.US_ASCII)))
                    .sync();
            channel.shutdownOutput().sync();
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("ask told");
        }
    }

    /** A client that leaves while his request is held back would have it answered by the application all the same. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoeverLeavesWhileNothingIsReadIsMissed(boolean stoppedBeforeTheFirstRead) throws Exception {
        int port = listen("127.0.0.1", !stoppedBeforeTheFirstRead);
        SocketChannel channel;
        try (Socket client = connect(port, "127.0.0.1")) {
            channel = take();
            if (!stoppedBeforeTheFirstRead) {
                client.getOutputStream().write("ask".getBytes(StandardCharsets.US_ASCII));
                assertThat(client.getInputStream().readNBytes(4)).hasSize(4);
                channel.config().setAutoRead(false);
            }
        }
        await().until(channel::isInputShutdown);
        channel.close().sync();
    }

    /** Held up, reading goes on where it was; the rest of a body that an application was slow to take would be lost. */
    @Test
    void whatCameWhileNothingWasReadIsReadLater() throws Exception {
        try (Socket client = connect(listen("127.0.0.1"), "127.0.0.1")) {
            SocketChannel channel = take();
            for (int i = 0; i < 3; i++) {
                channel.config().setAutoRead(false);
                client.getOutputStream().write("ask".getBytes(StandardCharsets.US_ASCII));
                channel.config().setAutoRead(true);
                assertThat(new String(client.getInputStream().readNBytes(4), StandardCharsets.US_ASCII))
                        .isEqualTo("ask ");
            }
        }
    }

    /** A poll that outlives the channel would keep its socket open, and the client waiting. */
    @Test
    void aStopWhileItClosesHoldsNothingOpen() throws Exception {
        try (Socket client = connect(listen("127.0.0.1"), "127.0.0.1")) {
            SocketChannel channel = take();
            channel.eventLoop().execute(() -> {
                channel.writeAndFlush(channel.alloc().buffer().writeZero(4));
                channel.close(); // after what is being written
                channel.config().setAutoRead(false);
            });
            assertThat(client.getInputStream().readAllBytes()).hasSize(4);
        }
    }

    /** Refused clients are reset by SO_LINGER; the rest is what a handler may ask for. */
    @Test
    void itsOptionsAreTheSockets() throws Exception {
        try (Socket client = connect(listen("127.0.0.1"), "127.0.0.1")) {
            SocketChannel channel = take();
            set(channel, ChannelOption.SO_LINGER, 0);
            set(channel, ChannelOption.SO_KEEPALIVE, true);
            set(channel, ChannelOption.SO_REUSEADDR, true);
            set(channel, ChannelOption.TCP_NODELAY, false);
            set(channel, ChannelOption.IP_TOS, 16);
            set(channel, ChannelOption.ALLOW_HALF_CLOSURE, false);
            set(channel, ChannelOption.AUTO_READ, false);
            assertThat(channel.config().setOption(ChannelOption.SO_SNDBUF, 20_000))
                    .isTrue();
            assertThat(channel.config().getOption(ChannelOption.SO_SNDBUF)).isGreaterThanOrEqualTo(20_000);
            assertThat(channel.config().setOption(ChannelOption.SO_RCVBUF, 20_000))
                    .isTrue();
            assertThat(channel.config().getOption(ChannelOption.SO_RCVBUF)).isGreaterThanOrEqualTo(20_000);
            assertThat(channel.config().getOptions()).containsKeys(ChannelOption.SO_LINGER, ChannelOption.SO_RCVBUF);

            channel.close().sync();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.getInputStream().read());
            assertThatExceptionOfType(ChannelException.class)
                    .isThrownBy(() -> channel.config().setSoLinger(1));
        }
    }

    private static <T> void set(Channel channel, ChannelOption<T> option, T value) {
        assertThat(channel.config().setOption(option, value)).as(option.name()).isTrue();
        assertThat(channel.config().getOption(option)).as(option.name()).isEqualTo(value);
    }

    private int listen(String address) throws Exception {
        return listen(address, true);
    }

    private int listen(String address, boolean autoRead) throws Exception {
        InetAddress bound = InetAddress.getByName(address);
        SocketProtocolFamily family =
                bound instanceof Inet6Address ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
        Channel listening = new ServerBootstrap()
                .group(eventLoops)
                .channelFactory(() -> transport.serverChannels().apply(family))
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, autoRead)
                .childHandler(new Echo())
                .bind(bound, 0)
                .sync()
                .channel();
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    private static Socket connect(int port, String address) throws IOException {
        Socket client = new Socket(address, port);
        client.setSoTimeout(10_000);
        return client;
    }

    private SocketChannel take() throws InterruptedException {
        SocketChannel channel = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(channel).as("a connection was accepted").isNotNull();
        return channel;
    }

    @Sharable
    private final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            accepted.add((SocketChannel) ctx.channel());
            ctx.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(((ByteBuf) message).writeByte(' '));
        }
    }
}
