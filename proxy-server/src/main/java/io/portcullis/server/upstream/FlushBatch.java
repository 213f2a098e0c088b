package io.portcullis.server.upstream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.Arrays;

/**
 * What is to be flushed when the event loop has handed out everything that was ready to be read.
 *
 * <p>Under load an event loop finds many sockets ready at once. To send for each as it is read changes between reading,
 * parsing and the kernel's sending with every message, and each time throws out of the processor's caches what the other
 * needs; to send for all of them in a row does not, and several answers for one connection of HTTP/2 become one write.
 * Where a single socket is ready, it is flushed as soon as before.
 *
 * <p>Owned by its event loop.
 */
public final class FlushBatch {

    private static final int USUAL = 64;

    private final EventLoop eventLoop;
    private final Runnable run = this::flushAll;
    private Channel[] channels = new Channel[USUAL];
    private int count;

    public FlushBatch(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    /** Flushes the channel soon; what is written to it until then goes out with the rest. */
    public void add(Channel channel) {
        if (eventLoop.isShuttingDown()) {
            channel.flush();
            return;
        }
        if (count == 0) {
            eventLoop.execute(run);
        } else if (count == channels.length) {
            channels = Arrays.copyOf(channels, count * 2);
        }
        channels[count++] = channel;
    }

    /** A pipeline tells a fault to its own handlers; the others must be flushed whatever it is. */
    private static void flush(Channel channel) {
        try {
            channel.flush();
        } catch (RuntimeException e) {
            channel.pipeline().fireExceptionCaught(e);
        }
    }

    private void flushAll() {
        try {
            for (int i = 0; i < count; i++) { // what is added meanwhile, too
                flush(channels[i]);
            }
        } finally {
            Arrays.fill(channels, 0, count, null);
            count = 0;
        }
    }
}
