package io.portcullis.server.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.RawUnixChannelOption;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening sockets that are bound to the same address and port (SO_REUSEPORT), among which Linux spreads new
 * connections by a hash, or by the answer of a small program: socket(7), SO_ATTACH_REUSEPORT_CBPF. No privilege is
 * needed for that.
 */
final class ReusePortGroup {

    private static final Logger LOG = LoggerFactory.getLogger(ReusePortGroup.class);

    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_REUSEPORT_CBPF = 51;

    /** {@code struct sock_fprog} of linux/filter.h: a count of instructions and where they are, on 64-bit systems. */
    private static final int PROGRAM_LENGTH = 16;

    private static final int PROGRAM_POINTER = 8;
    private static final int INSTRUCTION_LENGTH = 8;
    private static final int INSTRUCTION_OPERAND = 4;

    private static final ChannelOption<ByteBuffer> ATTACH =
            new RawUnixChannelOption("SO_ATTACH_REUSEPORT_CBPF", SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, PROGRAM_LENGTH);

    /** BPF_RET with BPF_K: the operand is the answer. */
    private static final short RETURN_CONSTANT = 0x06;

    /**
     * Sockets are numbered as they began to listen, and the last takes the number of one that goes. So the newer of two
     * is 1 while both are there, and 0 afterwards: then the program's 1 is out of range, and Linux takes the hash, which
     * has one to choose from. That there are no more than two is for those to see to who bind.
     */
    static final int NEWER = 1;

    static final int OLDER = 0;

    private ReusePortGroup() {}

    /**
     * @param listening one of the group, whichever
     * @return false where the system does not let us
     */
    static boolean steer(Channel listening, int to) {
        ByteBuffer instruction = allocate(INSTRUCTION_LENGTH);
        ByteBuffer program = allocate(PROGRAM_LENGTH);
        try {
            instruction.putShort(0, RETURN_CONSTANT).putInt(INSTRUCTION_OPERAND, to);
            program.putShort(0, (short) 1).putLong(PROGRAM_POINTER, Buffer.memoryAddress(instruction));
            return listening.config().setOption(ATTACH, program);
        } catch (ChannelException e) {
            LOG.debug("SO_ATTACH_REUSEPORT_CBPF", e);
            return false;
        } finally {
            Reference.reachabilityFence(instruction); // the system reads it by its address
        }
    }

    private static ByteBuffer allocate(int length) {
        return ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
    }
}
