package io.portcullis.server.e2e.kit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the octets that arrive from a socket, whoever reads them. */
final class CountingInputStream extends FilterInputStream {

    private final AtomicLong total;
    private long count;

    /** Counts for itself and into a total that several streams share. */
    CountingInputStream(InputStream in, AtomicLong total) {
        super(in);
        this.total = total;
    }

    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        int octet = super.read();
        if (octet >= 0) {
            add(1);
        }
        return octet;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        if (read > 0) {
            add(read);
        }
        return read;
    }

    private void add(int octets) {
        count += octets;
        total.addAndGet(octets);
    }
}
