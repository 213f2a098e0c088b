package io.portcullis.server.http1;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;

/** Has no memory left, as Netty's own when its direct memory is used up. */
public final class ExhaustedAllocator extends AbstractByteBufAllocator {

    public ExhaustedAllocator() {
        super(true);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        throw new OutOfMemoryError("on purpose");
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        throw new OutOfMemoryError("on purpose");
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }
}
