package io.portcullis.benchmarks.load.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.portcullis.benchmarks.http.MessageReader.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoReaderTest {

    private static final int BINARY = 0x82;
    private static final int PING = 0x89;
    private static final int CLOSE = 0x88;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 70_000})
    void countsAFrameOnceItIsWholeHoweverItIsCut(int size) {
        byte[] frame = frame(BINARY, size);
        int step = Math.max(1, frame.length / 300);
        for (int cut = 1; cut < frame.length; cut += step) {
            EchoReader reader = new EchoReader();
            assertThat(reader.read(Unpooled.wrappedBuffer(frame, 0, cut))).isEqualTo(Progress.MORE);
            assertThat(reader.read(Unpooled.wrappedBuffer(frame, cut, frame.length - cut)))
                    .isEqualTo(Progress.WHOLE);
            assertThat(reader.octets()).isEqualTo(size);
        }
    }

    @Test
    void doesNotTakeAPingForAnEcho() {
        EchoReader reader = new EchoReader();
        assertThat(reader.read(Unpooled.wrappedBuffer(frame(PING, 4)))).isEqualTo(Progress.MORE);
        assertThat(reader.read(Unpooled.wrappedBuffer(frame(BINARY, 4)))).isEqualTo(Progress.WHOLE);
    }

    @Test
    void leavesTheFrameBehindTheFirst() {
        ByteBuf two = Unpooled.wrappedBuffer(frame(BINARY, 3), frame(BINARY, 2));
        EchoReader reader = new EchoReader();
        assertThat(reader.read(two)).isEqualTo(Progress.WHOLE);
        assertThat(two.readableBytes()).isEqualTo(4);
        assertThat(reader.read(two)).isEqualTo(Progress.WHOLE);
        assertThat(reader.octets()).isEqualTo(2);
    }

    @Test
    void takesAClosingOrAMaskedFrameForNoEcho() {
        assertThat(new EchoReader().read(Unpooled.wrappedBuffer(frame(CLOSE, 2))))
                .isEqualTo(Progress.MALFORMED);
        assertThat(new EchoReader().read(Unpooled.wrappedBuffer(new byte[] {(byte) BINARY, (byte) 0x81})))
                .isEqualTo(Progress.MALFORMED);
    }

    private static byte[] frame(int first, int size) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeByte(first);
        if (size > 65_535) {
            frame.writeByte(127).writeLong(size);
        } else if (size > 125) {
            frame.writeByte(126).writeShort(size);
        } else {
            frame.writeByte(size);
        }
        frame.writeZero(size);
        byte[] octets = new byte[frame.readableBytes()];
        frame.readBytes(octets);
        return octets;
    }
}
