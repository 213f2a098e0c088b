package io.portcullis.server.listener;

import io.netty.buffer.ByteBuf;
import io.portcullis.server.exchange.Fault;

/**
 * Finds the end of a head or of a trailer section: the empty line. Looks at each octet once, however they come, and
 * takes nothing but CRLF for the end of a line (RFC 9112 section 2.2 lets a recipient take a bare LF, and recipients
 * differ).
 */
final class SectionScanner {

    /** Returned where the end has not come yet. */
    static final int INCOMPLETE = -1;

    private final int maxSize;

    /** Octets from the reader index that are known to hold no end. */
    private int scanned;
    /** Where, from the reader index, the line being looked at begins. */
    private int lineStart;

    /** @param maxSize of the section, its last line included */
    SectionScanner(int maxSize) {
        this.maxSize = maxSize;
    }

    /** Whether nothing of the section has been looked at. */
    boolean isAtStart() {
        return scanned == 0;
    }

    /**
     * The length of the section with the empty line that ends it, or {@link #INCOMPLETE}; then the same octets, and more,
     * are to be given again.
     *
     * @param firstLineTooLong the status where the section's first line alone is larger than allowed
     */
    int length(ByteBuf in, int firstLineTooLong) throws Fault {
        int base = in.readerIndex();
        int readable = in.readableBytes();
        while (true) {
            int found = in.indexOf(base + scanned, base + readable, (byte) '\n');
            if (found < 0) {
                scanned = readable;
                checkSize(readable, firstLineTooLong);
                return INCOMPLETE;
            }
            int end = found - base;
            checkSize(end + 1, firstLineTooLong);
            if (end == lineStart || in.getByte(found - 1) != '\r') {
                throw Fault.ofClient(400, "line feed without carriage return");
            }
            scanned = end + 1;
            if (end == lineStart + 1) {
                scanned = 0;
                lineStart = 0;
                return end + 1;
            }
            lineStart = scanned;
        }
    }

    private void checkSize(int size, int firstLineTooLong) throws Fault {
        if (size > maxSize) {
            throw lineStart == 0 && firstLineTooLong == 414
                    ? Fault.ofClient(414, "request line longer than " + maxSize + " bytes")
                    : Fault.ofClient(431, "header section larger than " + maxSize + " bytes");
        }
    }
}
