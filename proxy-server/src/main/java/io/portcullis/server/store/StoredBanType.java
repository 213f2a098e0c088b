package io.portcullis.server.store;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** How bans stand in the file; version 1: end and grounds as variable-length numbers, then the check. */
final class StoredBanType extends BasicDataType<StoredBan> {

    @Override
    public int getMemory(StoredBan ban) {
        return 40;
    }

    @Override
    public void write(WriteBuffer buffer, StoredBan ban) {
        buffer.putVarLong(ban.until()).putVarLong(ban.grounds()).putInt(ban.check());
    }

    @Override
    public StoredBan read(ByteBuffer buffer) {
        return new StoredBan(DataUtils.readVarLong(buffer), DataUtils.readVarLong(buffer), buffer.getInt());
    }

    @Override
    public StoredBan[] createStorage(int size) {
        return new StoredBan[PageBounds.checked(size)];
    }
}
