package io.portcullis.server.observe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineBufferTest {
    private static final int ALL = Integer.MAX_VALUE;

    /** A disk with so much room, then none. */
    private static final class SmallDisk implements WritableByteChannel {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        int room;
        boolean refusesQuietly;

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (refusesQuietly) {
                return 0;
            }
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
        assertThatThrownBy(() -> buffer.writeTo(disk, ALL)).hasMessage("No space left on device");
        buffer.ascii("third\n");
        disk.room = 100;
        buffer.writeTo(disk, ALL);
        assertThat(disk).hasToString("first\nsecond\nthird\n");
        assertThat(buffer.isEmpty()).isTrue();
        buffer.ascii("fourth\n").writeTo(disk, ALL);
        assertThat(disk).hasToString("first\nsecond\nthird\nfourth\n");
    }

    @Test
    void anotherFileBeginsWithAWholeLine() throws IOException {
        SmallDisk full = new SmallDisk();
        full.room = 8;
        LineBuffer buffer = new LineBuffer(64);
        buffer.ascii("first\nsecond\n");
        assertThatThrownBy(() -> buffer.writeTo(full, ALL)).isInstanceOf(IOException.class);
        buffer.rewindToLineStart();
        SmallDisk next = new SmallDisk();
        next.room = 100;
        buffer.writeTo(next, ALL);
        assertThat(next).hasToString("second\n");
    }

    /** If it breaks: lines of two who share a pipe are mixed up in the middle. */
    @Test
    void aWriteHasWholeLinesAndNoMoreBytesThanAllowedUnlessOneLineHas() throws IOException {
        List<String> writes = new ArrayList<>();
        LineBuffer buffer = new LineBuffer(64);
        buffer.ascii("one\ntwo\nthree\na line that is longer\nlast\n");
        buffer.writeTo(new Writes(writes), 9);
        assertThat(writes).containsExactly("one\ntwo\n", "three\n", "a line that is longer\n", "last\n");
    }

    /** Another program may set the pipe that it shares with this one to non-blocking. */
    @Test
    void whatTakesNothingIsAFaultAndNoEndlessLoop() {
        SmallDisk full = new SmallDisk();
        full.refusesQuietly = true;
        LineBuffer buffer = new LineBuffer(64);
        buffer.ascii("one\n");
        assertThatThrownBy(() -> buffer.writeTo(full, ALL)).isInstanceOf(IOException.class);
        assertThat(buffer.isEmpty()).isFalse();
    }

    private record Writes(List<String> writes) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) {
            int length = source.remaining();
            byte[] bytes = new byte[length];
            source.get(bytes);
            writes.add(new String(bytes, US_ASCII));
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
