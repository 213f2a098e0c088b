package io.portcullis.server.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;

/** A disk that can be made full or read-only. */
final class FaultyDisk {
    boolean full;
    boolean readOnly;

    SingleFileStore of(Map<String, Object> config) {
        return new SingleFileStore(config) {
            @Override
            public void open(String fileName, boolean readOnlyToo, char[] encryptionKey) {
                super.open(fileName, readOnly || readOnlyToo, encryptionKey);
            }

            @Override
            protected void writeFully(SFChunk chunk, long position, ByteBuffer bytes) {
                if (full) {
                    ByteBuffer half = bytes.duplicate().limit(bytes.limit() / 2);
                    super.writeFully(chunk, position, half); // what a disk does that has only so much room
                    throw DataUtils.newMVStoreException(
                            DataUtils.ERROR_WRITING_FAILED, "writing", new IOException("No space left on device"));
                }
                super.writeFully(chunk, position, bytes);
            }
        };
    }
}
