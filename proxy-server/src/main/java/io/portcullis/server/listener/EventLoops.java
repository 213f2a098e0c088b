package io.portcullis.server.listener;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.portcullis.core.config.TransportKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loops of a process, on the transport that was asked for or, with {@code auto}, on the best that works here.
 *
 * <p>What works is found out by doing: each event loop has its ring or its epoll instance before the choice is made. A
 * system may have io_uring and let a process have no more than a few rings, or none: Docker's seccomp profile,
 * {@code kernel.io_uring_disabled}, the limit of locked memory.
 *
 * @param group the threads start with their first task
 * @param passedOver the better ones, by name, and why each does not work here
 */
public record EventLoops(Transport transport, EventLoopGroup group, Map<String, String> passedOver) {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

    /** From the one that costs the least processor time up. */
    private static final List<TransportKind> BEST_FIRST =
            List.of(TransportKind.IO_URING, TransportKind.EPOLL, TransportKind.NIO);

    public EventLoops {
        passedOver = Map.copyOf(passedOver);
    }

    /**
     * Makes them.
     *
     * @param count at least 1
     * @throws IllegalStateException if the one asked for by name does not work here; the message says what to do
     */
    public static EventLoops open(TransportKind kind, int count) {
        return kind == TransportKind.AUTO ? best(Transport::loadProven, count) : named(kind, Transport::load, count);
    }

    static EventLoops named(TransportKind kind, Function<TransportKind, Transport> loader, int count) {
        try {
            Transport transport = loader.apply(kind);
            return new EventLoops(transport, group(transport, count), Map.of());
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "transport: " + name(kind) + " does not work here: " + reason(e)
                            + " (expected: auto, which takes what does" + advice(kind) + ")",
                    e);
        }
    }

    /** The last is taken without a question: what is wrong with it is wrong with the machine. */
    static EventLoops best(Function<TransportKind, Transport> loader, int count) {
        Map<String, String> passedOver = new LinkedHashMap<>();
        for (TransportKind kind : BEST_FIRST.subList(0, BEST_FIRST.size() - 1)) {
            try {
                Transport transport = loader.apply(kind);
                return told(new EventLoops(transport, group(transport, count), passedOver));
            } catch (IllegalStateException e) {
                passedOver.put(name(kind), reason(e));
            }
        }
        Transport last = loader.apply(BEST_FIRST.get(BEST_FIRST.size() - 1));
        return told(new EventLoops(last, group(last, count), passedOver));
    }

    private static EventLoops told(EventLoops loops) {
        loops.passedOver.forEach((name, why) ->
                LOG.info("the transport is {}, since {} does not work here: {}", loops.transport.name(), name, why));
        return loops;
    }

    private static EventLoopGroup group(Transport transport, int count) {
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("event-loop"), transport.ioHandlers());
    }

    private static String advice(TransportKind kind) {
        return kind == TransportKind.IO_URING
                ? "; io_uring takes Linux 5.10, sysctl kernel.io_uring_disabled=0, and a container's seccomp profile that"
                        + " lets it pass"
                : "";
    }

    /** What the system said, which is innermost. */
    private static String reason(Throwable failure) {
        Throwable inner = failure;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return Optional.ofNullable(inner.getMessage()).orElse(inner.toString());
    }

    private static String name(TransportKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
