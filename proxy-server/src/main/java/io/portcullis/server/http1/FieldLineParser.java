package io.portcullis.server.http1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads the field lines of a message (RFC 9112 section 5), each octet once, strictly: what it lets through is passed on
 * as it is, so this is the place where a header injection would have to get past.
 *
 * <p>Refused are names that are no tokens, blanks before the colon, obsolete line folding, control characters in values
 * and any line end but CRLF.
 */
public final class FieldLineParser {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();

    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private FieldLineParser() {}

    /**
     * Reads the lines from {@code start} to {@code end}, where the last one's CRLF ends; the empty line that follows in a
     * head is not one of them.
     *
     * @param octets are taken over: nobody may write to them any more
     */
    public static FieldLines parse(byte[] octets, int start, int end, int maxFields) throws MalformedFields {
        FieldLines fields = new FieldLines(octets, end);
        int count = 0;
        for (int line = start; line < end; ) {
            if (++count > maxFields) {
                throw new MalformedFields("more than " + maxFields + " header fields", true);
            }
            line = parseLine(fields, octets, line, end);
        }
        return fields;
    }

    /** @return where the next line begins */
    private static int parseLine(FieldLines fields, byte[] octets, int line, int end) throws MalformedFields {
        int nameEnd = line;
        while (nameEnd < end && Tokens.isTokenByte(octets[nameEnd])) {
            nameEnd++;
        }
        if (nameEnd == line || nameEnd == end || octets[nameEnd] != ':') {
            throw malformed(
                    octets[line] == ' ' || octets[line] == '\t'
                            ? "obsolete line folding" // section 5.2
                            : "malformed header field name"); // section 5.1: no space before the colon
        }
        int valueStart = nameEnd + 1;
        while (valueStart < end && isBlank(octets[valueStart])) {
            valueStart++;
        }
        int lineEnd = valueEnd(octets, valueStart, end);
        if (lineEnd + 1 >= end || octets[lineEnd] != '\r' || octets[lineEnd + 1] != '\n') {
            throw malformed("control character in a header field value");
        }
        int valueEnd = lineEnd;
        while (valueEnd > valueStart && isBlank(octets[valueEnd - 1])) {
            valueEnd--;
        }
        fields.received(line, nameEnd, valueStart, valueEnd);
        return lineEnd + 2;
    }

    /** Where the first octet is that no value may have (RFC 9110 section 5.5), which should be the line's CR. */
    private static int valueEnd(byte[] octets, int start, int end) {
        int at = start;
        while (true) {
            while (at <= end - Long.BYTES && !hasControl((long) LONGS.get(octets, at))) {
                at += Long.BYTES;
            }
            int stop = Math.min(at + Long.BYTES, end);
            while (at < stop && isValueByte(octets[at])) {
                at++;
            }
            if (at < stop || at == end) {
                return at;
            }
        }
    }

    /** Whether one of eight octets is below a space, or DEL. Some others make it say so too, but none of these is missed. */
    private static boolean hasControl(long word) {
        long low = (word - ONES * ' ') & ~word;
        long delete = word ^ (ONES * 0x7F);
        return ((low | ((delete - ONES) & ~delete)) & TOPS) != 0;
    }

    /** Visible characters, SP, HTAB and obs-text. */
    static boolean isValueByte(byte b) {
        return b >= ' ' ? b != 0x7F : b < 0 || b == '\t';
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static MalformedFields malformed(String reason) {
        return new MalformedFields(reason, false);
    }
}
