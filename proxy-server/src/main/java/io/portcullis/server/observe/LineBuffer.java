package io.portcullis.server.observe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A reused, growing buffer of finished lines, and the place where what strangers sent becomes harmless ASCII. Used by
 * one thread.
 */
final class LineBuffer {
    private static final byte[] UPPER_HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOWER_HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final char REPLACEMENT = '\uFFFD';

    private byte[] bytes;
    private int length;
    /** Bytes before it were written by {@link #writeTo}. */
    private int written;

    LineBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    /** Appends text that this program made; anything but ASCII is not expected and shows as {@code ?}. */
    LineBuffer ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            put(c < 0x80 ? c : '?');
        }
        return this;
    }

    LineBuffer ascii(char c) {
        put(c);
        return this;
    }

    LineBuffer number(long value) {
        if (value < 0) {
            return ascii(Long.toString(value));
        }
        int start = length;
        long rest = value;
        do {
            put((int) ('0' + rest % 10));
            rest /= 10;
        } while (rest > 0);
        for (int left = start, right = length - 1; left < right; left++, right--) {
            byte swapped = bytes[left];
            bytes[left] = bytes[right];
            bytes[right] = swapped;
        }
        return this;
    }

    /**
     * Appends as nginx's log does: {@code "}, {@code \}, and every byte below 0x20 or above 0x7E as {@code \xHH}. A
     * character up to U+00FF is the byte that came over the wire; one beyond is written as its UTF-8 bytes.
     */
    LineBuffer hexEscaped(String text) {
        return hexEscaped(text, false);
    }

    /** Like {@link #hexEscaped(String)}, for a field that only a blank ends: the blank is escaped too. */
    LineBuffer hexEscapedWord(String text) {
        return hexEscaped(text, true);
    }

    private LineBuffer hexEscaped(String text, boolean blankToo) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xFF) {
                int end = Character.isSurrogatePair(c, i + 1 < text.length() ? text.charAt(i + 1) : 0) ? i + 2 : i + 1;
                for (byte b : text.substring(i, end).getBytes(StandardCharsets.UTF_8)) {
                    hexEscape(b);
                }
                i = end - 1;
            } else if (isPlain(c) && !(blankToo && c == ' ')) {
                put(c);
            } else {
                hexEscape(c);
            }
        }
        return this;
    }

    private void hexEscape(int b) {
        put('\\');
        put('x');
        put(UPPER_HEX[b >> 4 & 0xF]);
        put(UPPER_HEX[b & 0xF]);
    }

    /**
     * Appends the inside of a JSON string in ASCII alone (RFC 8259 section 7): so control characters, DEL, the C1
     * controls that terminals obey, and U+2028 and U+2029 that JavaScript takes for line ends, cannot act on a reader.
     * Half a surrogate pair, which no UTF-8 reader accepts (RFC 8259 section 8.2), becomes U+FFFD.
     */
    LineBuffer jsonEscaped(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                put(c);
            } else if (c == '"' || c == '\\') {
                put('\\');
                put(c);
            } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                jsonEscape(c);
                jsonEscape(text.charAt(++i));
            } else {
                jsonEscape(Character.isSurrogate(c) ? REPLACEMENT : c);
            }
        }
        return this;
    }

    private void jsonEscape(char c) {
        put('\\');
        put('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            put(LOWER_HEX[c >> shift & 0xF]);
        }
    }

    private static boolean isPlain(char c) {
        return c >= 0x20 && c <= 0x7E && c != '"' && c != '\\';
    }

    private void put(int b) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = (byte) b;
    }

    int length() {
        return length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Takes back everything after that length. */
    void truncate(int newLength) {
        length = newLength;
    }

    /**
     * Writes what has not been written yet, then empties the buffer. After a fault it holds the rest, and the next call
     * goes on with the next byte.
     *
     * @param most bytes for one write, unless a single line has more; each write ends with a line's end
     */
    void writeTo(WritableByteChannel channel, int most) throws IOException {
        while (written < length) {
            ByteBuffer part = ByteBuffer.wrap(bytes, written, endOfPart(most) - written);
            try {
                while (part.hasRemaining()) {
                    if (channel.write(part) == 0) {
                        // Whoever shares the stream may have set it to non-blocking; to try again at once would spin.
                        throw new IOException("it takes nothing more now");
                    }
                }
            } finally {
                written = part.position();
            }
        }
        written = 0;
        length = 0;
    }

    private int endOfPart(int most) {
        if (length - written <= most) {
            return length;
        }
        int end = written + most;
        while (end > written && bytes[end - 1] != '\n') {
            end--;
        }
        if (end == written) {
            end = written + most;
            while (end < length && bytes[end - 1] != '\n') {
                end++;
            }
        }
        return end;
    }

    /** Whether the last line that was written was written in part. */
    boolean isWithinLine() {
        return written > 0 && bytes[written - 1] != '\n';
    }

    /** Goes back to the start of a line that was written in part: for a new file, which must not begin with its tail. */
    void rewindToLineStart() {
        while (written > 0 && bytes[written - 1] != '\n') {
            written--;
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
}
