package io.portcullis.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * A file of addresses, one a line, read as a stream: there may be tens of millions. Lines that are plainly an IPv4
 * address or block, as nearly all of them are, become no object; the others are handed over as text.
 */
final class AddressFile {

    /** Longer lines are cut: what stands beyond is comment, or the line is no address anyway. */
    private static final int LONGEST_LINE = 1_024;

    private static final int BUFFER = 64 * 1024;
    private static final int END = -1;

    private final InputStream in;
    private final Lines lines;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int filled;

    private final byte[] line = new byte[LONGEST_LINE];
    private int length;
    private boolean cut;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer decoded = CharBuffer.allocate(LONGEST_LINE);

    /** What the lines say. */
    interface Lines {

        /**
         * @param bits the network, without bits after the prefix
         * @param prefixLength 0 to 32
         */
        void ipv4(int bits, int prefixLength);

        /**
         * Anything else that is neither empty nor a comment.
         *
         * @param number 1-based
         * @param text without comment and blanks around it
         */
        void text(int number, String text);
    }

    private AddressFile(InputStream in, Lines lines) {
        this.in = in;
        this.lines = lines;
    }

    /**
     * Reads to the end, and leaves closing to the caller.
     *
     * @return how many lines there are
     * @throws CharacterCodingException if it is not UTF-8
     */
    static int read(InputStream in, Lines lines) throws IOException {
        return new AddressFile(in, lines).read();
    }

    private int read() throws IOException {
        int number = 0;
        while (nextLine()) {
            number++;
            if (!isPlainIpv4()) {
                String text = text();
                if (!text.isEmpty()) {
                    lines.text(number, text);
                }
            }
        }
        return number;
    }

    /** Takes one line, whichever of LF, CR and CRLF ends it. */
    private boolean nextLine() throws IOException {
        length = 0;
        cut = false;
        int octet = next();
        if (octet == END) {
            return false;
        }
        while (octet != END && octet != '\n' && octet != '\r') {
            if (length < LONGEST_LINE) {
                line[length++] = (byte) octet;
            } else {
                cut = true;
            }
            octet = next();
        }
        if (octet == '\r' && next() != '\n') {
            position = filled > 0 ? position - 1 : position;
        }
        return true;
    }

    private int next() throws IOException {
        if (position == filled) {
            filled = Math.max(0, in.read(buffer, 0, BUFFER));
            position = 0;
            if (filled == 0) {
                return END;
            }
        }
        return buffer[position++] & 0xFF;
    }

    /** Whether the line was one, and has been handed over. */
    private boolean isPlainIpv4() {
        int at = 0;
        int bits = 0;
        for (int octet = 0; octet < 4; octet++) {
            if (octet > 0 && (at >= length || line[at++] != '.')) {
                return false;
            }
            int end = endOfNumber(at);
            int value = number(at, end);
            if (value > 255) {
                return false;
            }
            bits = bits << 8 | value;
            at = end;
        }
        int prefixLength = 32;
        if (at < length && line[at] == '/') {
            int end = endOfNumber(at + 1);
            prefixLength = number(at + 1, end);
            at = end;
        }
        if (at < length || prefixLength > 32) {
            return false;
        }
        // Java shifts an int by 32 not at all.
        boolean bitsAfterPrefix = prefixLength == 0 ? bits != 0 : bits << (prefixLength - 1) << 1 != 0;
        if (bitsAfterPrefix) {
            return false;
        }
        lines.ipv4(bits, prefixLength);
        return true;
    }

    private int endOfNumber(int start) {
        int at = start;
        while (at < length && at < start + 3 && line[at] >= '0' && line[at] <= '9') {
            at++;
        }
        return at;
    }

    /** More than any number that counts here where there is none, or a zero leads. */
    private int number(int start, int end) {
        int value = end == start || (end - start > 1 && line[start] == '0') ? 1_000 : 0;
        for (int i = start; i < end; i++) {
            value = value * 10 + line[i] - '0';
        }
        return value;
    }

    private String text() throws CharacterCodingException {
        decoded.clear();
        decoder.reset();
        // Of a line that was cut, the last character may be, too.
        CoderResult result = decoder.decode(ByteBuffer.wrap(line, 0, length), decoded, !cut);
        if (result.isError()) {
            result.throwException();
        }
        String text = decoded.flip().toString();
        int comment = text.indexOf('#');
        return (comment < 0 ? text : text.substring(0, comment)).strip();
    }
}
