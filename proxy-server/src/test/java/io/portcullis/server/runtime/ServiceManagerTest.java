package io.portcullis.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** If it breaks: systemd takes a start for failed, or a reload for one that never ends, and kills what serves. */
class ServiceManagerTest {

    private final MultiThreadIoEventLoopGroup eventLoop =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Intake extends SimpleChannelInboundHandler<DomainDatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DomainDatagramPacket packet) {
            told.add(packet.content().toString(StandardCharsets.UTF_8));
        }
    }

    private Channel listen(String path) {
        return new Bootstrap()
                .group(eventLoop)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new Intake())
                .bind(new DomainSocketAddress(path))
                .syncUninterruptibly()
                .channel();
    }

    private @Nullable String next() throws InterruptedException {
        return told.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void eachStateIsOneMessageInTheManagersWords(@TempDir Path directory) throws Exception {
        String path = directory.resolve("notify").toString();
        listen(path);
        try (ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", path))) {
            manager.ready("serving\n2 virtual hosts");
            assertThat(next()).isEqualTo("READY=1\nSTATUS=serving 2 virtual hosts");
            long before = System.nanoTime() / 1_000;
            manager.reloading();
            assertThat(next())
                    .startsWith("RELOADING=1\nMONOTONIC_USEC=")
                    .satisfies(message -> assertThat(
                                    Long.parseLong(String.valueOf(message).replaceFirst("(?s).*=", "")))
                            .isBetween(before, System.nanoTime() / 1_000));
            manager.replacedBy(4711);
            assertThat(next()).isEqualTo("MAINPID=4711");
            manager.stopping("draining", Duration.ofSeconds(35));
            assertThat(next()).isEqualTo("STOPPING=1\nEXTEND_TIMEOUT_USEC=35000000\nSTATUS=draining");
        }
    }

    @Test
    void anAbstractAddressIsUnderstood() throws Exception {
        String name = "portcullis-test-" + UUID.randomUUID();
        listen('\0' + name);
        try (ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", "@" + name))) {
            manager.status("here");
            assertThat(next()).isEqualTo("STATUS=here");
        }
    }

    @Test
    void aManagerThatWasRestartedIsToldAsBefore(@TempDir Path directory) throws Exception {
        String path = directory.resolve("notify").toString();
        try (ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", path))) {
            manager.status("nobody listens, which is no reason to fail");
            listen(path);
            manager.status("somebody listens");
            assertThat(next()).isEqualTo("STATUS=somebody listens");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative/path", "vsock:2:1234"})
    void whereNobodyAskedNothingIsTold(String socket) {
        try (ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", socket))) {
            manager.ready("serving");
            manager.stopping("ending", Duration.ZERO);
        }
        assertThat(told).isEmpty();
    }
}
