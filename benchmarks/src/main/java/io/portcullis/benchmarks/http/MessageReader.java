package io.portcullis.benchmarks.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Reads HTTP/1.1 messages (RFC 9112) from the octets of a connection, however they are cut: their first line, where they
 * end, and whether the connection stays. Nothing is allocated for a message, and a body is counted, not kept.
 *
 * <p>Fields that say nothing of the framing are skipped: this is for both ends of a measurement, and what a proxy lets
 * through is held to the rules by the proxy's own tests.
 */
public abstract class MessageReader {

    /** How far a message has come. */
    public enum Progress {
        /** All octets were read, and there are more to come. */
        MORE,
        /** A message is whole; octets behind it were left. */
        WHOLE,
        /** That is no message. */
        MALFORMED
    }

    /** What follows a head. */
    protected enum Body {
        /** As Content-Length or Transfer-Encoding say; without them, none. */
        AS_SAID,
        /** The same, but without them all up to the connection's end. */
        AS_SAID_OR_TO_END,
        NONE,
        /** Another head: this one belongs to an interim answer. */
        ANOTHER_HEAD
    }

    private static final int LONGEST_LINE = 8_192;
    private static final int MOST_LINES = 256;
    /** Of a chunk's size: more would overflow. */
    private static final int MOST_DIGITS = 15;

    private static final byte[] LENGTH = lower("content-length:");
    private static final byte[] CODING = lower("transfer-encoding:");
    private static final byte[] CONNECTION = lower("connection:");
    private static final byte[] CHUNKED = lower("chunked");
    private static final byte[] CLOSE = lower("close");

    private enum Part {
        FIRST_LINE,
        FIELDS,
        LENGTH_BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        BODY_TO_END
    }

    private final byte[] line = new byte[LONGEST_LINE];
    private int lineLength;
    private Part part = Part.FIRST_LINE;
    private int lines;
    private long length;
    private boolean chunked;
    private boolean keepsAlive;
    private long octets;
    private long left;

    /** Reads on. Octets behind a message that is whole are left. */
    public final Progress read(ByteBuf in) {
        while (in.isReadable()) {
            Progress progress = switch (part) {
                case FIRST_LINE, FIELDS, CHUNK_SIZE, CHUNK_END, TRAILERS -> readLine(in);
                case LENGTH_BODY, CHUNK -> skipBody(in);
                case BODY_TO_END -> skipAll(in);
            };
            if (progress != Progress.MORE) {
                return progress;
            }
        }
        return Progress.MORE;
    }

    /** The connection's end was reached: a message without a length is whole by it. */
    public final Progress end() {
        if (part == Part.BODY_TO_END) {
            return whole();
        }
        return Progress.MALFORMED;
    }

    /** Of the message that is whole: the octets of its body. */
    public final long octets() {
        return octets;
    }

    /** Whether another message may follow the one that is whole on its connection. */
    public final boolean keepsAlive() {
        return keepsAlive;
    }

    private Progress skipBody(ByteBuf in) {
        int octetsHere = (int) Math.min(left, in.readableBytes());
        in.skipBytes(octetsHere);
        octets += octetsHere;
        left -= octetsHere;
        if (left > 0) {
            return Progress.MORE;
        }
        if (part == Part.LENGTH_BODY) {
            return whole();
        }
        part = Part.CHUNK_END;
        return Progress.MORE;
    }

    private Progress skipAll(ByteBuf in) {
        octets += in.readableBytes();
        in.skipBytes(in.readableBytes());
        return Progress.MORE;
    }

    /** Reads up to the next line feed, and what the line says if it is there. */
    private Progress readLine(ByteBuf in) {
        int start = in.readerIndex();
        int feed = in.indexOf(start, in.writerIndex(), (byte) '\n');
        int end = feed < 0 ? in.writerIndex() : feed;
        if (lineLength + end - start > LONGEST_LINE) {
            return Progress.MALFORMED;
        }
        in.getBytes(start, line, lineLength, end - start);
        lineLength += end - start;
        if (feed < 0) {
            in.readerIndex(end);
            return Progress.MORE;
        }
        in.readerIndex(feed + 1);
        int lineEnd = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
        lineLength = 0;
        return switch (part) {
            case FIRST_LINE -> begin(lineEnd);
            case FIELDS -> lineEnd == 0 ? headEnd() : field(lineEnd);
            case CHUNK_SIZE -> chunkSize(lineEnd);
            case CHUNK_END -> chunkEnd(lineEnd);
            default -> lineEnd == 0 ? whole() : countedLine();
        };
    }

    /**
     * The first line is there.
     *
     * @param octets its octets, up to {@code end}; the array is the reader's
     * @return whether it is one
     */
    protected abstract boolean firstLine(byte[] octets, int end);

    /** A field is there that says nothing of the framing. */
    protected void otherField(byte[] octets, int end) {}

    /** The head is whole: what follows? */
    protected abstract Body body();

    /** To be called for a first line: the version's last digit, which is 0 where a connection doesn't stay by itself. */
    protected final void version(int minor) {
        keepsAlive = minor != '0';
    }

    private Progress begin(int end) {
        keepsAlive = true;
        length = -1;
        chunked = false;
        octets = 0;
        lines = 0;
        part = Part.FIELDS;
        return firstLine(line, end) ? Progress.MORE : Progress.MALFORMED;
    }

    private Progress field(int end) {
        // The three that matter begin with these letters; the bit makes them small.
        switch (line[0] | 0x20) {
            case 'c' -> {
                if (startsWith(LENGTH, end)) {
                    length = decimal(LENGTH.length, end);
                    if (length < 0) {
                        return Progress.MALFORMED;
                    }
                } else if (startsWith(CONNECTION, end)) {
                    keepsAlive &= !contains(CLOSE, CONNECTION.length, end);
                }
            }
            case 't' -> chunked |= startsWith(CODING, end) && contains(CHUNKED, CODING.length, end);
            default -> otherField(line, end);
        }
        return countedLine();
    }

    private Progress countedLine() {
        return ++lines > MOST_LINES ? Progress.MALFORMED : Progress.MORE;
    }

    /** RFC 9112, section 6.3. */
    private Progress headEnd() {
        Body body = body();
        if (body == Body.ANOTHER_HEAD) {
            part = Part.FIRST_LINE;
            return Progress.MORE;
        }
        if (body == Body.NONE) {
            return whole();
        }
        if (chunked) {
            part = Part.CHUNK_SIZE;
            return Progress.MORE;
        }
        if (length < 0 && body == Body.AS_SAID_OR_TO_END) {
            keepsAlive = false;
            part = Part.BODY_TO_END;
            return Progress.MORE;
        }
        left = Math.max(0, length);
        part = Part.LENGTH_BODY;
        return left == 0 ? whole() : Progress.MORE;
    }

    private Progress chunkSize(int end) {
        long size = 0;
        int digits = 0;
        for (; digits < end; digits++) {
            int digit = Character.digit(line[digits], 16);
            if (digit < 0) {
                break;
            }
            size = size << 4 | digit;
        }
        boolean extended = digits < end && (line[digits] == ';' || line[digits] == ' ');
        if (digits == 0 || digits > MOST_DIGITS || (digits < end && !extended)) {
            return Progress.MALFORMED;
        }
        left = size;
        part = size == 0 ? Part.TRAILERS : Part.CHUNK;
        return Progress.MORE;
    }

    private Progress chunkEnd(int end) {
        part = Part.CHUNK_SIZE;
        return end == 0 ? Progress.MORE : Progress.MALFORMED;
    }

    private Progress whole() {
        part = Part.FIRST_LINE;
        return Progress.WHOLE;
    }

    private boolean startsWith(byte[] name, int end) {
        return end >= name.length && matches(line, name, 0);
    }

    private boolean contains(byte[] word, int from, int end) {
        for (int i = from; i <= end - word.length; i++) {
            if (matches(line, word, i)) {
                return true;
            }
        }
        return false;
    }

    /** Whether that word, in small letters, stands there in letters of any size. */
    protected static boolean matches(byte[] line, byte[] word, int at) {
        for (int i = 0; i < word.length; i++) {
            int letter = line[at + i];
            if ((letter >= 'A' && letter <= 'Z' ? (letter | 0x20) : letter) != word[i]) {
                return false;
            }
        }
        return true;
    }

    /** The number, or -1 where there is none. */
    private long decimal(int from, int end) {
        long number = 0;
        int digits = 0;
        for (int i = from; i < end; i++) {
            int octet = line[i];
            if (octet == ' ' || octet == '\t') {
                continue;
            }
            if (octet < '0' || octet > '9' || ++digits > 18) {
                return -1;
            }
            number = number * 10 + (octet - '0');
        }
        return digits == 0 ? -1 : number;
    }

    private static byte[] lower(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
