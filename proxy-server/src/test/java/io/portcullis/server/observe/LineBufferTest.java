package io.portcullis.server.observe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.Test;

class LineBufferTest {
    /** A disk with so much room, then none. */
    private static final class SmallDisk implements WritableByteChannel {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        int room;

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            int count = Math.min(room, source.remaining());
            for (int i = 0; i < count; i++) {
                content.write(source.get());
            }
            room -= count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return content.toString(US_ASCII);
        }
    }

    @Test
    void numbersAreDecimal() {
        LineBuffer buffer = new LineBuffer(1);
        buffer.number(0).ascii(' ').number(1_234_567_890_123L).ascii(' ').number(-1);
        buffer.ascii(' ').number(Long.MAX_VALUE).ascii(' ').number(Long.MIN_VALUE);
        assertThat(buffer).hasToString("0 1234567890123 -1 9223372036854775807 -9223372036854775808");
    }

    @Test
    void aDiskThatFilledInMidLineLosesAndDoublesNothingOnceThereIsRoom() throws IOException {
        SmallDisk disk = new SmallDisk();
        LineBuffer buffer = new LineBuffer(4);
        buffer.ascii("first\nsecond\n");
        disk.room = 8;
        assertThatThrownBy(() -> buffer.writeTo(disk)).hasMessage("No space left on device");
        buffer.ascii("third\n");
        disk.room = 100;
        buffer.writeTo(disk);
        assertThat(disk).hasToString("first\nsecond\nthird\n");
        assertThat(buffer.isEmpty()).isTrue();
        buffer.ascii("fourth\n").writeTo(disk);
        assertThat(disk).hasToString("first\nsecond\nthird\nfourth\n");
    }

    @Test
    void anotherFileBeginsWithAWholeLine() throws IOException {
        SmallDisk full = new SmallDisk();
        full.room = 8;
        LineBuffer buffer = new LineBuffer(64);
        buffer.ascii("first\nsecond\n");
        assertThatThrownBy(() -> buffer.writeTo(full)).isInstanceOf(IOException.class);
        buffer.rewindToLineStart();
        SmallDisk next = new SmallDisk();
        next.room = 100;
        buffer.writeTo(next);
        assertThat(next).hasToString("second\n");
    }
}
