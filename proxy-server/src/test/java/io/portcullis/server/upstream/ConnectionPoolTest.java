package io.portcullis.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.portcullis.server.observe.metrics.Meters;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConnectionPoolTest {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop eventLoop = group.next();

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** If it breaks: with no descriptor left, two threads drive one exchange, and answers go astray. */
    @Test
    void aSocketThatCannotBeMadeIsToldOnTheEventLoop() throws Exception {
        ConnectionPool pool = new ConnectionPool(
                eventLoop, NoDescriptorLeft.class, System::nanoTime, new Meters(1, 0, System::nanoTime).worker(0));
        CompletableFuture<Boolean> toldOnEventLoop = new CompletableFuture<>();
        Destination destination = Http1ConnectionTest.destination("127.0.0.1");
        eventLoop.execute(() ->
                pool.connect(destination, new byte[0], Duration.ofSeconds(1), new ConnectionPool.Connecting() {
                    @Override
                    public void connected(UpstreamConnection connection) {
                        toldOnEventLoop.completeExceptionally(new AssertionError("connected"));
                    }

                    @Override
                    public void connectFailed(String reason, boolean timedOut) {
                        toldOnEventLoop.complete(eventLoop.inEventLoop() && !timedOut);
                    }
                }));
        assertThat(toldOnEventLoop.get(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Stands for what the kernel does at the limit of open files. */
    public static final class NoDescriptorLeft extends NioSocketChannel {
        public NoDescriptorLeft() {
            throw new IllegalStateException("too many open files");
        }
    }
}
