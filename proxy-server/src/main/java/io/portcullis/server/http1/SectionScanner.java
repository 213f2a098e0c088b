package io.portcullis.server.http1;

import io.netty.buffer.ByteBuf;

/**
 * Finds the end of a head or of a trailer section: the empty line. Looks at each octet once, however they come, and
 * takes nothing but CRLF for the end of a line (RFC 9112 section 2.2 lets a recipient take a bare LF, and recipients
 * differ).
 */
public final class SectionScanner {

    /** Returned where the end has not come yet. */
    public static final int INCOMPLETE = -1;

    private final int maxFirstLine;
    private final int maxSize;

    /** Octets from the reader index that are known to hold no end. */
    private int scanned;
    /** Where, from the reader index, the line being looked at begins. */
    private int lineStart;

    /**
     * @param maxFirstLine of the request line or status line
     * @param maxSize of the section, its last line included
     */
    public SectionScanner(int maxFirstLine, int maxSize) {
        this.maxFirstLine = maxFirstLine;
        this.maxSize = maxSize;
    }

    /** Whether nothing of the section has been looked at. */
    public boolean isAtStart() {
        return scanned == 0;
    }

    /**
     * The length of the section with the empty line that ends it, or {@link #INCOMPLETE}; then the same octets, and more,
     * are to be given again.
     */
    public int length(ByteBuf in) throws MalformedMessage {
        int base = in.readerIndex();
        int readable = in.readableBytes();
        while (true) {
            int found = in.indexOf(base + scanned, base + readable, (byte) '\n');
            if (found < 0) {
                scanned = readable;
                checkSize(readable);
                return INCOMPLETE;
            }
            int end = found - base;
            checkSize(end + 1);
            if (end == lineStart || in.getByte(found - 1) != '\r') {
                throw MalformedMessage.rule("line feed without carriage return");
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

    /** Where the CRLF of the first line begins, in octets that have been looked at: every line of them ends in one. */
    public static int firstLineEnd(byte[] section) {
        int at = 0;
        while (section[at] != '\n') {
            at++;
        }
        return at - 1;
    }

    private void checkSize(int size) throws MalformedMessage {
        if (lineStart == 0 && size > maxFirstLine) {
            throw MalformedMessage.firstLineTooLong(maxFirstLine);
        }
        if (size > maxSize) {
            throw MalformedMessage.sectionTooLarge(maxSize);
        }
    }
}
