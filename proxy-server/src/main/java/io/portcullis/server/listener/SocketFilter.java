package io.portcullis.server.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.portcullis.core.net.PacketFilter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listening socket throws away before the kernel answers: socket(7), SO_ATTACH_FILTER. The kernel changes from one
 * program to the next between two packets.
 *
 * <p>Connections get the filter that the listening socket has when the kernel makes them. It lets all of their packets
 * through, being asked for each, and is not given back before the last of them ends: with one program a tenth of a second,
 * as many as there are connections. So it is taken off each that is accepted, also for a while after the last filter was
 * lifted: the kernel may have made them before.
 *
 * <p>Thread-safe; guarded by itself, against the socket's end: another may have its number by then.
 */
final class SocketFilter {

    private static final Logger LOG = LoggerFactory.getLogger(SocketFilter.class);

    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_DETACH_FILTER = 27;

    /** {@code struct sock_fprog} of linux/filter.h: a count of instructions and where they are, on 64-bit systems. */
    private static final int PROGRAM_LENGTH = 16;

    private static final int PROGRAM_POINTER = 8;

    private static final ChannelOption<ByteBuffer> ATTACH =
            new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM_LENGTH);
    private static final ChannelOption<Integer> DETACH =
            new IntegerUnixChannelOption("SO_DETACH_FILTER", SOL_SOCKET, SO_DETACH_FILTER);

    /** How long a connection waits to be accepted at most, unless the event loop stands still. */
    private static final long WAIT_NANOS = 1_000_000_000;

    private final LongSupplier nanoTime;
    /** Whether the socket has a filter, or has had one. */
    private volatile boolean wasSet;

    private volatile boolean isSet;
    /** When the last one was lifted. */
    private volatile long liftedAt;

    /** Kept: memory outside of the heap comes back only with the collector, and this is used ten times a second. */
    private @Nullable ByteBuffer instructions;

    private boolean isClosed;

    /** @param nanoTime as {@link System#nanoTime} */
    SocketFilter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Whether a program is too large for the kernel or none may be set it says only in words, which may be in any language.
     *
     * @return why it could not be set; then the one before is still there
     */
    synchronized Optional<String> set(Channel listening, PacketFilter filter) {
        if (isClosed) {
            return Optional.empty();
        }
        ByteBuffer program = written(filter);
        boolean before = isSet;
        isSet = true; // for the first connections that get it
        wasSet = true;
        try {
            if (listening.config().setOption(ATTACH, program)) {
                return Optional.empty();
            }
            isSet = before;
            return Optional.of("the transport cannot set a socket filter");
        } catch (ChannelException e) {
            isSet = before;
            return Optional.of("a socket filter, which takes CAP_NET_ADMIN, cannot be set: "
                    + causeOf(e).getMessage());
        }
    }

    /** The program's description, which has the address of the instructions behind it. */
    private ByteBuffer written(PacketFilter filter) {
        if (instructions == null) {
            instructions = ByteBuffer.allocateDirect(
                            PROGRAM_LENGTH + PacketFilter.MOST_INSTRUCTIONS * PacketFilter.INSTRUCTION_BYTES)
                    .order(ByteOrder.nativeOrder());
        }
        ByteBuffer all = instructions.clear();
        filter.writeTo(all.position(PROGRAM_LENGTH));
        all.putShort(0, (short) filter.length()).putLong(PROGRAM_POINTER, Buffer.memoryAddress(all) + PROGRAM_LENGTH);
        return all.position(0).limit(PROGRAM_LENGTH);
    }

    private static Throwable causeOf(ChannelException e) {
        return e.getCause() == null ? e : e.getCause();
    }

    /** Has nothing thrown away any more. */
    synchronized void lift(Channel listening) {
        if (isSet && !isClosed) {
            detach(listening);
            liftedAt = nanoTime.getAsLong();
            isSet = false;
        }
    }

    /** To be called before the socket is closed; nothing is set afterwards. */
    synchronized void close() {
        isClosed = true;
    }

    /**
     * Takes it off a connection that was just accepted. Costs a system call while the listening socket has a filter, and a
     * second after that.
     */
    void takeOff(Channel accepted) {
        if (isInherited()) {
            detach(accepted);
        }
    }

    /** Whether a connection that is accepted now may have the filter. */
    boolean isInherited() {
        return isSet || (wasSet && nanoTime.getAsLong() - liftedAt < WAIT_NANOS);
    }

    private static void detach(Channel channel) {
        try {
            channel.config().setOption(DETACH, 0);
        } catch (ChannelException e) {
            LOG.debug("SO_DETACH_FILTER", e); // a connection that is older than the filter has none
        }
    }
}
