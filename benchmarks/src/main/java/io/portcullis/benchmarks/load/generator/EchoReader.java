package io.portcullis.benchmarks.load.generator;

import io.netty.buffer.ByteBuf;
import io.portcullis.benchmarks.http.MessageReader.Progress;

/**
 * Reads the WebSocket frames that an echo consists of (RFC 6455, section 5.2): one data frame is one answer. Pings and
 * pongs are skipped; a frame that ends the connection, or is masked, is no answer.
 */
final class EchoReader implements AnswerReader {

    private static final int OPCODE = 0x0f;
    private static final int CONTROL = 0x08;
    private static final int CLOSE = 0x08;
    private static final int LENGTH = 0x7f;
    private static final int MASKED = 0x80;
    private static final int TWO_OCTETS = 126;
    private static final int EIGHT_OCTETS = 127;

    /** The octets of the frame's head that were read, and how many there will be. */
    private int headRead;

    private int headLength = 2;
    private int opcode;
    private long left;
    private long octets;

    @Override
    public Progress read(ByteBuf in) {
        while (in.isReadable()) {
            if (headRead < headLength) {
                if (!headOctet(in.readUnsignedByte())) {
                    return Progress.MALFORMED;
                }
            } else {
                int octetsHere = (int) Math.min(left, in.readableBytes());
                in.skipBytes(octetsHere);
                left -= octetsHere;
            }
            if (headRead == headLength && left == 0) {
                headRead = 0;
                headLength = 2;
                if (opcode < CONTROL) {
                    return Progress.WHOLE;
                }
            }
        }
        return Progress.MORE;
    }

    private boolean headOctet(int octet) {
        headRead++;
        if (headRead == 1) {
            opcode = octet & OPCODE;
            return opcode != CLOSE;
        }
        if (headRead == 2) {
            int length = octet & LENGTH;
            headLength = length == TWO_OCTETS ? 4 : length == EIGHT_OCTETS ? 10 : 2;
            left = headLength == 2 ? length : 0;
        } else {
            left = left << 8 | octet;
        }
        if (headRead == headLength && opcode < CONTROL) {
            octets = left;
        }
        return (headRead != 2 || (octet & MASKED) == 0) && left >= 0;
    }

    @Override
    public Progress end() {
        return Progress.MALFORMED;
    }

    @Override
    public int status() {
        return 0;
    }

    @Override
    public long octets() {
        return octets;
    }

    @Override
    public boolean keepsAlive() {
        return true;
    }
}
