package io.portcullis.server.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.internal.PlatformDependent;
import java.util.function.LongSupplier;

/**
 * How much is read from an endpoint at once: little at first, and more for as long as reads are filled.
 *
 * <p>Large answers take a tenth to a quarter less processor time with reads of 256 KiB than with Netty's 64 KiB. But that
 * much may wait for each client that has stopped to take its answer. So where buffers take a good part of what they may, it
 * is 64 KiB again: many slow clients use up the memory no sooner than they would without this. Thread-safe; each connection
 * has a handle of its own.
 */
final class EndpointReads extends AdaptiveRecvByteBufAllocator {

    static final int LARGE = 256 * 1024;
    static final int SMALL = 64 * 1024;

    /** Of the memory that buffers may take, the part up to which reads are large: a quarter. */
    private static final int ROOMY = 4;

    private final LongSupplier used;
    private final long most;

    /**
     * @param used what all buffers take, in bytes
     * @param most what they may take, in bytes
     */
    EndpointReads(LongSupplier used, long most) {
        super(DEFAULT_MINIMUM, DEFAULT_INITIAL, LARGE);
        this.used = used;
        this.most = most;
    }

    /** By what this process's buffers take; where that is not known, as if it were much. */
    static EndpointReads ofProcess() {
        LongSupplier used = ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                ? provider.metric()::usedDirectMemory
                : () -> Long.MAX_VALUE;
        return new EndpointReads(used, PlatformDependent.maxDirectMemory());
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's own handles are of the type that it tells others not to use
    public Handle newHandle() {
        return new Bounded((ExtendedHandle) super.newHandle());
    }

    private final class Bounded extends DelegatingHandle implements ExtendedHandle {

        private final ExtendedHandle adaptive;

        Bounded(ExtendedHandle adaptive) {
            super(adaptive);
            this.adaptive = adaptive;
        }

        @Override
        public int guess() {
            int next = adaptive.guess();
            return next > SMALL && used.getAsLong() > most / ROOMY ? SMALL : next;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return allocator.ioBuffer(guess());
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return adaptive.continueReading(maybeMoreData);
        }
    }
}
