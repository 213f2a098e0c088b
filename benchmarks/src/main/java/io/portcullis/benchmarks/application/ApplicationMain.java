package io.portcullis.benchmarks.application;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The application process: bound to a port of 127.0.0.1 that the kernel chooses, it prints {@code ready PORT} and serves
 * until its standard input ends. What it answers is told by {@link Answers}.
 */
public final class ApplicationMain {

    static final String READY = "ready ";

    /** More than any load connects at once. */
    private static final int BACKLOG = 16_384;

    private ApplicationMain() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0) {
            System.err.println(String.join(" ", arguments) + ": no arguments are taken");
            System.exit(2);
        }
        if (!Epoll.isAvailable()) {
            System.err.println("epoll: not to be had (expected: Linux): " + Epoll.unavailabilityCause());
            System.exit(1);
        }
        try (Served served = serve()) {
            System.out.println(READY + served.port());
            System.out.flush();
            while (System.in.read() >= 0) {
                // Nothing is said to it: it waits for the end.
            }
        }
    }

    /** Serves until it is closed. */
    static Served serve() {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Counts counts = new Counts();
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Answers(counts));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly();
        return new Served(group, bound.channel());
    }

    /** A running application. */
    record Served(EventLoopGroup group, Channel listener) implements AutoCloseable {

        int port() {
            return ((InetSocketAddress) listener.localAddress()).getPort();
        }

        @Override
        public void close() {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
