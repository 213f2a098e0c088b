package io.portcullis.benchmarks.load.generator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** WebSockets, on each of which the next message follows the echo of the last (RFC 6455). */
final class EchoLoop extends ClosedLoop {

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int BINARY = 0x82;
    private static final int MASKED = 0x80;
    private static final int SHORT = 125;
    private static final int TWO_OCTETS = 126;
    private static final int LONGEST = 65_535;
    /** Any will do: RFC 6455, section 5.3, has it change for the sake of caches between, of which there is none here. */
    private static final int MASK = 0x5aa5_c33c;

    private final ByteBuf frame;

    EchoLoop(Dialer dialer, LoadOptions options, Requests handshakes) {
        super(dialer, options, handshakes);
        frame = frame(options.count(Option.SIZE));
    }

    @Override
    public void ready(Connection connection) {
        connection.send(System.nanoTime());
    }

    @Override
    public void close() {
        super.close();
        frame.release();
    }

    @Override
    void send(Connection connection, long now) {
        connection.send(frame.retainedDuplicate(), now);
    }

    @Override
    public void answered(Connection connection) {
        if (connection.answer() instanceof EchoReader) {
            super.answered(connection);
        } else if (connection.answer().status() == SWITCHING_PROTOCOLS) {
            connection.read(new EchoReader());
            super.ready(connection);
        } else {
            connection.close();
            lost(connection, Fault.STATUS);
        }
    }

    private static ByteBuf frame(int size) {
        if (size > LONGEST) {
            throw new IllegalArgumentException(
                    "--size: " + size + " (expected: at most " + LONGEST + " for websocket)");
        }
        ByteBuf frame = Unpooled.directBuffer();
        frame.writeByte(BINARY);
        if (size <= SHORT) {
            frame.writeByte(MASKED | size);
        } else {
            frame.writeByte(MASKED | TWO_OCTETS).writeShort(size);
        }
        frame.writeInt(MASK);
        byte[] mask = {(byte) (MASK >>> 24), (byte) (MASK >>> 16), (byte) (MASK >>> 8), (byte) MASK};
        for (int i = 0; i < size; i++) {
            frame.writeByte('a' ^ mask[i & 3]);
        }
        return frame;
    }
}
