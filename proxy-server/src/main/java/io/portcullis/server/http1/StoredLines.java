package io.portcullis.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * How {@link FieldLines} keeps its lines: one array of octets, each line {@code name: value CRLF} in it, and an index of
 * where each begins and ends. A line's handle is its place in the index, and they go up in the order of the fields.
 */
abstract sealed class StoredLines extends HttpHeaders permits FieldLines {

    /** The handle of no line. */
    static final int NONE = -1;

    /** From one handle to the next. */
    static final int WIDTH = 4;

    // What the index has of a line, from its handle on.
    private static final int START = 0;
    private static final int NAME_END = 1;
    private static final int END = 2;
    private static final int TAG = 3;

    /** In a tag: the line has been removed. */
    private static final int GONE = 1;

    /** The colon and the space after a name, and the CRLF after a value. */
    private static final int PUNCTUATION = 4;

    private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);
    private static final int HEX_OF_LONG = 16;

    /** Lines that a proxy adds, with one of the request; and octets of a line, as they are on average. */
    private static final int LEAST_LINES = 8;

    private static final int USUAL_LINE = 48;

    private byte[] octets;
    /** Where the next line is put. */
    private int used;

    private int[] index;
    /** The end of the index: removed lines keep their places. */
    private int indexed;

    private int live;
    private int encodedLength;

    /** A bit for the tag of each line that there is or was: what has no bit here need not be looked for. */
    private long tags;

    // The value that was asked for last: jails ask for the same one by turns.
    private int askedLine = NONE;
    private String askedValue = "";

    /** @param used how many of the octets are in use; {@link #received} tells of lines among them */
    StoredLines(byte[] octets, int used) {
        this.octets = octets;
        this.used = used;
        this.index = new int[(LEAST_LINES + used / USUAL_LINE) * WIDTH];
    }

    // Putting in

    /** A line that is among the octets, well-formed; its value is without the blanks around it. */
    final void received(int start, int nameEnd, int valueStart, int valueEnd) {
        if (valueStart == nameEnd + 2 && octets[nameEnd + 1] == ' ' && octets[valueEnd] == '\r') {
            note(start, nameEnd, valueEnd);
            return;
        }
        int nameLength = nameEnd - start;
        int valueLength = valueEnd - valueStart;
        int respelled = reserve(nameLength + valueLength + PUNCTUATION);
        System.arraycopy(octets, start, octets, respelled, nameLength);
        System.arraycopy(octets, valueStart, octets, respelled + nameLength + 2, valueLength);
        punctuate(respelled, nameLength, valueLength);
        note(respelled);
    }

    /**
     * Puts a line behind the others, which is not a field before {@link #note(int)}.
     *
     * @return where it begins
     * @throws IllegalArgumentException if it could be read as anything but this one field
     */
    final int put(CharSequence name, CharSequence value) {
        int valueLength = value.length();
        int start = putName(name, valueLength);
        int valueStart = start + name.length() + 2;
        for (int i = 0; i < valueLength; i++) {
            char c = value.charAt(i);
            if (c > 0xFF || !FieldLineParser.isValueByte((byte) c)) {
                throw new IllegalArgumentException("value of header field " + name + " has a character U+"
                        + Integer.toHexString(c) + " (expected: octets, and no control characters)");
            }
            octets[valueStart + i] = (byte) c;
        }
        punctuate(start, name.length(), valueLength);
        return start;
    }

    /** As {@link #put}. */
    final int putHex(CharSequence name, long high, long low) {
        int start = putName(name, 2 * HEX_OF_LONG);
        int at = start + name.length() + 2;
        for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
            octets[at] = HEX[(int) (high >>> shift) & 0xF];
            octets[at + HEX_OF_LONG] = HEX[(int) (low >>> shift) & 0xF];
            at++;
        }
        punctuate(start, name.length(), 2 * HEX_OF_LONG);
        return start;
    }

    private int putName(CharSequence name, int valueLength) {
        int length = name.length();
        int start = reserve(length + valueLength + PUNCTUATION);
        if (length == 0) {
            throw new IllegalArgumentException("header field without a name");
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (c > 0x7F || !Tokens.isTokenByte((byte) c)) {
                throw new IllegalArgumentException("header field name: " + name + " (expected: a token)");
            }
            octets[start + i] = (byte) c;
        }
        return start;
    }

    /** The line that was put last is a field from now on. */
    final void note(int start) {
        int nameEnd = start;
        while (octets[nameEnd] != ':') {
            nameEnd++;
        }
        note(start, nameEnd, used - 2);
    }

    private void note(int start, int nameEnd, int end) {
        int line = indexed;
        if (line == index.length) {
            index = Arrays.copyOf(index, Math.max(LEAST_LINES * WIDTH, line * 2));
        }
        int length = nameEnd - start;
        int tag = tag(octets[start], octets[start + (length >> 1)], octets[nameEnd - 1], length);
        index[line + START] = start;
        index[line + NAME_END] = nameEnd;
        index[line + END] = end;
        index[line + TAG] = tag;
        indexed = line + WIDTH;
        tags |= bit(tag);
        live++;
        encodedLength += end + 2 - start;
    }

    final void append(StoredLines other) {
        int start = reserve(other.encodedLength);
        for (int line = other.present(0); line != NONE; line = other.present(line + WIDTH)) {
            int from = other.index[line + START];
            int end = other.index[line + END];
            System.arraycopy(other.octets, from, octets, start, end + 2 - from);
            note(start, start + other.index[line + NAME_END] - from, start + end - from);
            start += end + 2 - from;
        }
        used = start;
    }

    /** Gives up the room for more, where it is to be kept for long. */
    public final void trim() {
        octets = Arrays.copyOf(octets, used);
        index = Arrays.copyOf(index, indexed);
    }

    private int reserve(int length) {
        if (octets.length - used < length) {
            octets = Arrays.copyOf(octets, Math.max(used + length, used + used / 2));
        }
        return used;
    }

    private void punctuate(int start, int nameLength, int valueLength) {
        int nameEnd = start + nameLength;
        octets[nameEnd] = ':';
        octets[nameEnd + 1] = ' ';
        int valueEnd = nameEnd + 2 + valueLength;
        octets[valueEnd] = '\r';
        octets[valueEnd + 1] = '\n';
        used = valueEnd + 2;
    }

    // Taking out

    final void take(int line) {
        index[line + TAG] |= GONE;
        live--;
        encodedLength -= index[line + END] + 2 - index[line + START];
    }

    final void takeAll() {
        indexed = 0;
        live = 0;
        encodedLength = 0;
        tags = 0;
        askedLine = NONE;
    }

    /** Removes all fields of whose name that holds. */
    public final void removeIf(Predicate<? super CharSequence> unwanted) {
        NameView name = new NameView();
        for (int line = present(0); line != NONE; line = present(line + WIDTH)) {
            name.start = index[line + START];
            name.length = index[line + NAME_END] - name.start;
            if (unwanted.test(name)) {
                take(line);
            }
        }
    }

    /** A name where it stands. */
    private final class NameView implements CharSequence {
        private int start;
        private int length;

        @Override
        public int length() {
            return length;
        }

        @Override
        public char charAt(int at) {
            return (char) octets[start + at];
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return toString().substring(from, to);
        }

        @Override
        public String toString() {
            return new String(octets, start, length, ISO_8859_1);
        }
    }

    // Writing

    /** How many octets {@link #encode} writes. */
    public final int encodedLength() {
        return encodedLength;
    }

    /** Writes all lines in order, without the empty one that ends a head. */
    public final void encode(ByteBuf out) {
        int runStart = 0;
        int runEnd = 0;
        for (int line = present(0); line != NONE; line = present(line + WIDTH)) {
            if (index[line + START] != runEnd) {
                out.writeBytes(octets, runStart, runEnd - runStart);
                runStart = index[line + START];
            }
            runEnd = index[line + END] + 2;
        }
        out.writeBytes(octets, runStart, runEnd - runStart);
    }

    // Looking up

    /** The first line of that name from a handle on, or {@link #NONE}. */
    final int find(CharSequence name, int from) {
        int length = name.length();
        if (length == 0) {
            return NONE;
        }
        int tag = tag(name.charAt(0), name.charAt(length >> 1), name.charAt(length - 1), length);
        if ((tags & bit(tag)) == 0) {
            return NONE;
        }
        for (int line = from; line < indexed; line += WIDTH) {
            int start = index[line + START];
            if (index[line + TAG] == tag && index[line + NAME_END] - start == length && isNamed(start, name)) {
                return line;
            }
        }
        return NONE;
    }

    /** The first line from a handle on that has not been removed, or {@link #NONE}. */
    final int present(int from) {
        for (int line = from; line < indexed; line += WIDTH) {
            if ((index[line + TAG] & GONE) == 0) {
                return line;
            }
        }
        return NONE;
    }

    private boolean isNamed(int start, CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            int one = octets[start + i];
            int other = name.charAt(i);
            if (one != other && ((one ^ other) != 0x20 || !isLetter(one))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(int ascii) {
        int lower = ascii | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    /** The same whatever the letter case; of few characters, because names that have these alike are rare. Never {@link #GONE}. */
    private static int tag(int first, int middle, int last, int length) {
        int hash = (((first | 0x20) * 31 + (middle | 0x20)) * 31 + (last | 0x20)) * 31 + length;
        return (hash ^ hash >>> 7) & ~GONE;
    }

    private static long bit(int tag) {
        return 1L << (tag >>> 1);
    }

    final int live() {
        return live;
    }

    final String name(int line) {
        int start = index[line + START];
        return new String(octets, start, index[line + NAME_END] - start, ISO_8859_1);
    }

    final String value(int line) {
        if (askedLine != line) {
            int start = index[line + NAME_END] + 2;
            askedValue = new String(octets, start, index[line + END] - start, ISO_8859_1);
            askedLine = line;
        }
        return askedValue;
    }

    final boolean isValue(int line, String text) {
        int start = index[line + NAME_END] + 2;
        int length = text.length();
        if (index[line + END] - start != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if ((octets[start + i] & 0xFF) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A copy: who keeps it does not keep a whole head. */
    final AsciiString nameOctets(int line) {
        int start = index[line + START];
        return new AsciiString(octets, start, index[line + NAME_END] - start, true);
    }

    /** As {@link #nameOctets}. */
    final AsciiString valueOctets(int line) {
        int start = index[line + NAME_END] + 2;
        return new AsciiString(octets, start, index[line + END] - start, true);
    }
}
