package io.portcullis.server.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** How texts of {@link Wording} stand in the file: length, bytes, CRC-32. Damaged ones are read as no bytes at all. */
final class BytesType extends BasicDataType<byte[]> {

    private static final int OBJECT_BYTES = 24;

    @Override
    public int getMemory(byte[] bytes) {
        return OBJECT_BYTES + bytes.length;
    }

    @Override
    public void write(WriteBuffer buffer, byte[] bytes) {
        buffer.putVarInt(bytes.length).put(bytes).putInt(crc(bytes));
    }

    @Override
    public byte[] read(ByteBuffer buffer) {
        int length = DataUtils.readVarInt(buffer);
        if (length < 0 || length > buffer.remaining() - Integer.BYTES) {
            throw new IllegalStateException("length: " + length + " (expected: 0 to " + buffer.remaining() + ")");
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return buffer.getInt() == crc(bytes) ? bytes : new byte[0];
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @Override
    public byte[][] createStorage(int size) {
        return new byte[PageBounds.checked(size)][];
    }
}
