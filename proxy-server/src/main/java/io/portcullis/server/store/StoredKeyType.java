package io.portcullis.server.store;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * How keys stand in the file: 13 bytes for an IPv4 client, 19 for an IPv6 prefix of up to 64 bits.
 *
 * <p>Version 1: a byte for the form, the address as far as the form needs it, the prefix length but for IPv4, then the
 * time and the sentence as variable-length numbers.
 */
final class StoredKeyType extends BasicDataType<StoredKey> {

    private static final byte IPV4 = 0;
    private static final byte HIGH_HALF = 1;
    private static final byte WHOLE = 2;

    /** A single IPv4 address in its mapped form, as in {@link io.portcullis.core.net.IpAddress}. */
    private static final long IPV4_MAPPED = 0xFFFFL << 32;

    private static final long LOW_32 = 0xFFFF_FFFFL;

    @Override
    public int compare(StoredKey a, StoredKey b) {
        return a.compareTo(b);
    }

    @Override
    public int getMemory(StoredKey key) {
        return 48;
    }

    @Override
    public void write(WriteBuffer buffer, StoredKey key) {
        if (key.prefixLength() == 128 && key.high() == 0 && (key.low() & ~LOW_32) == IPV4_MAPPED) {
            buffer.put(IPV4).putInt((int) key.low());
        } else if (key.low() == 0) {
            buffer.put(HIGH_HALF).putLong(key.high()).put((byte) key.prefixLength());
        } else {
            buffer.put(WHOLE).putLong(key.high()).putLong(key.low()).put((byte) key.prefixLength());
        }
        buffer.putVarLong(key.since()).putVarInt(key.sentence());
    }

    @Override
    public StoredKey read(ByteBuffer buffer) {
        byte form = buffer.get();
        long high = 0;
        long low = 0;
        int prefixLength = 128;
        if (form == IPV4) {
            low = IPV4_MAPPED | (buffer.getInt() & LOW_32);
        } else {
            high = buffer.getLong();
            low = form == WHOLE ? buffer.getLong() : 0;
            prefixLength = buffer.get() & 0xFF;
        }
        return new StoredKey(high, low, prefixLength, DataUtils.readVarLong(buffer), DataUtils.readVarInt(buffer));
    }

    @Override
    public StoredKey[] createStorage(int size) {
        return new StoredKey[PageBounds.checked(size)];
    }
}
