package io.portcullis.server.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.portcullis.core.config.TransportKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which transport is taken where some of them do not work; each loads as the test says. */
class EventLoopsTest {

    private final Map<TransportKind, String> broken = new EnumMap<>(TransportKind.class);
    private final Map<TransportKind, String> withoutRings = new EnumMap<>(TransportKind.class);

    private Transport load(TransportKind kind) {
        String why = broken.get(kind);
        if (why != null) {
            throw new IllegalStateException("a library", new UnsatisfiedLinkError(why));
        }
        Transport works = Transport.nio();
        String whyNoRing = withoutRings.get(kind);
        IoHandlerFactory handlers = whyNoRing == null ? works.ioHandlers() : new NoRings(whyNoRing);
        return new Transport(kind.name(), handlers, works.serverChannels(), works.channel());
    }

    /** The system has it, and the process may not. */
    private record NoRings(String why) implements IoHandlerFactory {
        @Override
        public IoHandler newHandler(ThreadAwareExecutor executor) {
            throw new IllegalStateException(why);
        }
    }

    private static EventLoops ended(EventLoops loops) {
        loops.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        return loops;
    }

    private EventLoops best() {
        return ended(EventLoops.best(this::load, 2));
    }

    @Test
    void theBestIsTakenWhereItWorks() {
        EventLoops loops = best();
        assertThat(loops.transport().name()).isEqualTo("IO_URING");
        assertThat(loops.passedOver()).isEmpty();
    }

    /** If it breaks: Portcullis does not start in a container of Docker's. */
    @Test
    void whereIoUringIsForbiddenItIsEpollAndTheReasonIsKept() {
        broken.put(TransportKind.IO_URING, "Operation not permitted");
        EventLoops loops = best();
        assertThat(loops.transport().name()).isEqualTo("EPOLL");
        assertThat(loops.passedOver()).isEqualTo(Map.of("io_uring", "Operation not permitted"));
    }

    /** If it breaks: a unit with a small LimitMEMLOCK does not start on a machine with many cores. */
    @Test
    void whereNoRingCanBeHadItIsEpoll() {
        withoutRings.put(TransportKind.IO_URING, "Cannot allocate memory");
        EventLoops loops = best();
        assertThat(loops.transport().name()).isEqualTo("EPOLL");
        assertThat(loops.passedOver()).isEqualTo(Map.of("io_uring", "Cannot allocate memory"));
    }

    @Test
    void whereNeitherWorksItIsTheJdks() {
        broken.put(TransportKind.IO_URING, "Function not implemented");
        broken.put(TransportKind.EPOLL, "noexec");
        EventLoops loops = best();
        assertThat(loops.transport().name()).isEqualTo("NIO");
        assertThat(loops.passedOver()).isEqualTo(Map.of("io_uring", "Function not implemented", "epoll", "noexec"));
    }

    @Test
    void whatWasAskedForByNameIsNotReplacedAndTheMessageSaysWhatToDo() {
        broken.put(TransportKind.IO_URING, "Operation not permitted");
        assertThatThrownBy(() -> EventLoops.named(TransportKind.IO_URING, this::load, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("transport: io_uring does not work here: Operation not permitted")
                .hasMessageContaining("auto")
                .hasMessageContaining("kernel.io_uring_disabled");
        withoutRings.put(TransportKind.EPOLL, "Too many open files");
        assertThatThrownBy(() -> EventLoops.named(TransportKind.EPOLL, this::load, 1))
                .hasMessageStartingWith("transport: epoll does not work here: Too many open files");
    }
}
