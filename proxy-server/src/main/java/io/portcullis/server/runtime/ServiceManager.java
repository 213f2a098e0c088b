package io.portcullis.server.runtime;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever started this process as a service and wants to know how it is: systemd, spoken to as sd_notify(3) says.
 *
 * <p>Its socket is named by {@code NOTIFY_SOCKET}; without it nobody asked, and everything here does nothing. What cannot
 * be told is warned of once and changes nothing else. Thread-safe; each call waits until the system has the message, for
 * a second at most, so that their order is that of the calls and the last one of a process is not lost with it.
 */
public final class ServiceManager implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final long SEND_MILLIS = 1_000;

    /** sun_path of unix(7). */
    private static final int LONGEST_PATH = 108;

    private final @Nullable DomainSocketAddress address;
    /** Made when there is something to tell. Guarded by this. */
    private @Nullable EventLoopGroup eventLoop;

    private boolean hasWarned;
    /** Once it has said that it ends, or who comes after it, there is nothing to be ready for. */
    private volatile boolean isLeaving;

    private ServiceManager(@Nullable DomainSocketAddress address) {
        this.address = address;
    }

    /** @param environment of the process */
    public static ServiceManager of(Map<String, String> environment) {
        String path = environment.getOrDefault(SOCKET, "");
        if (path.isEmpty()) {
            return new ServiceManager(null);
        }
        boolean isAbstract = path.startsWith("@");
        if ((!isAbstract && !path.startsWith("/")) || path.length() > LONGEST_PATH) {
            LOG.warn("{}: {} (expected: a path, or @ and a name): the service manager is told nothing", SOCKET, path);
            return new ServiceManager(null);
        }
        if (!Epoll.isAvailable()) {
            LOG.warn("the service manager is told nothing: {}", String.valueOf(Epoll.unavailabilityCause()));
            return new ServiceManager(null);
        }
        // An abstract address begins with a zero octet, for which the variable has an @ (unix(7)).
        return new ServiceManager(new DomainSocketAddress(isAbstract ? '\0' + path.substring(1) : path));
    }

    /**
     * It serves: after the start, and after a reload however that ended.
     *
     * @param status one line for {@code systemctl status}
     */
    public void ready(String status) {
        if (!isLeaving) {
            tell("READY=1\n" + statusLine(status));
        }
    }

    /** It reads its configuration again; {@link #ready} follows. */
    public void reloading() {
        if (isLeaving) {
            return;
        }
        // systemd tells by the time whether a READY=1 that follows belongs to this (sd_notify(3)). nanoTime is
        // CLOCK_MONOTONIC on Linux.
        tell("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
    }

    /**
     * It ends.
     *
     * @param within how long that may take; the service manager waits for it
     */
    public void stopping(String status, Duration within) {
        isLeaving = true;
        tell("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + TimeUnit.NANOSECONDS.toMicros(within.toNanos()) + "\n"
                + statusLine(status));
    }

    /** What goes on, in one line. */
    public void status(String status) {
        tell(statusLine(status));
    }

    /** Another process is the service from now on; this one goes. */
    public void replacedBy(long pid) {
        isLeaving = true;
        tell("MAINPID=" + pid);
    }

    private static String statusLine(String status) {
        return "STATUS=" + status.replace('\n', ' ');
    }

    private synchronized void tell(String message) {
        if (address == null) {
            return;
        }
        if (eventLoop == null) {
            eventLoop = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("service-manager", true), EpollIoHandler.newFactory());
        }
        Channel channel = null;
        try {
            // Each time anew: the service manager may have been restarted, and has another socket then.
            channel = done(new Bootstrap()
                            .group(eventLoop)
                            .channel(EpollDomainDatagramChannel.class)
                            .handler(new Nothing())
                            .connect(address))
                    .channel();
            done(channel.writeAndFlush(Unpooled.copiedBuffer(message, StandardCharsets.UTF_8)));
        } catch (IllegalStateException e) {
            if (!hasWarned) {
                hasWarned = true;
                LOG.warn("the service manager cannot be told at {}: {}", shown(address), e.getMessage());
            }
        } finally {
            if (channel != null) {
                channel.close().awaitUninterruptibly(SEND_MILLIS);
            }
        }
    }

    private static <F extends Future<?>> F done(F future) {
        if (!future.awaitUninterruptibly(SEND_MILLIS)) {
            throw new IllegalStateException("no answer within " + SEND_MILLIS + " ms");
        }
        if (!future.isSuccess()) {
            throw new IllegalStateException(future.cause().toString(), future.cause());
        }
        return future;
    }

    private static String shown(DomainSocketAddress address) {
        return address.path().replace('\0', '@');
    }

    @Override
    public synchronized void close() {
        EventLoopGroup group = eventLoop;
        eventLoop = null;
        if (group != null) {
            group.shutdownGracefully(0, SEND_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @ChannelHandler.Sharable
    private static final class Nothing extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {}
    }
}
