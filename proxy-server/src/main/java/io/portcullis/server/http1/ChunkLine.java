package io.portcullis.server.http1;

import io.netty.buffer.ByteBuf;

/** The line before a chunk: its size, and extensions that nobody may rely on (RFC 9112 section 7.1). */
public final class ChunkLine {

    private static final int CRLF = '\r' << 8 | '\n';

    private ChunkLine() {}

    /**
     * Writes the line of a chunk, with its CRLF.
     *
     * @param size of the chunk in octets, at least 1: one of none would be the last
     * @return {@code out}
     */
    public static ByteBuf write(ByteBuf out, int size) {
        int shift = (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(size)) & ~3;
        for (; shift >= 0; shift -= 4) {
            out.writeByte(Character.forDigit(size >>> shift & 0xF, 16));
        }
        return out.writeShort(CRLF);
    }

    /**
     * The chunk's size. Extensions are checked for form and thrown away.
     *
     * @param length without the CRLF
     * @throws MalformedMessage if the line is not {@code 1*HEXDIG [chunk-ext]}
     */
    static long size(byte[] line, int length, int maxDigits) throws MalformedMessage {
        long size = 0;
        int at = 0;
        while (at < length) {
            int digit = Character.digit(line[at], 16);
            if (digit < 0) {
                break;
            }
            if (at == maxDigits) {
                throw MalformedMessage.rule("chunk size too large");
            }
            size = size << 4 | digit;
            at++;
        }
        if (at == 0) {
            throw MalformedMessage.rule("malformed chunk size");
        }
        checkExtensions(line, at, length);
        return size;
    }

    /** {@code *( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] )} */
    private static void checkExtensions(byte[] line, int start, int length) throws MalformedMessage {
        int at = start;
        while (at < length) {
            at = blankEnd(line, at, length);
            if (at == length || line[at] != ';') {
                throw malformedExtension();
            }
            at = tokenEnd(line, blankEnd(line, at + 1, length), length);
            int equals = blankEnd(line, at, length);
            if (equals < length && line[equals] == '=') {
                int value = blankEnd(line, equals + 1, length);
                boolean quoted = value < length && line[value] == '"';
                at = quoted ? quotedEnd(line, value + 1, length) : tokenEnd(line, value, length);
            }
        }
    }

    private static int blankEnd(byte[] line, int start, int length) {
        int at = start;
        while (at < length && (line[at] == ' ' || line[at] == '\t')) {
            at++;
        }
        return at;
    }

    private static int tokenEnd(byte[] line, int start, int length) throws MalformedMessage {
        int at = start;
        while (at < length && Tokens.isTokenByte(line[at])) {
            at++;
        }
        if (at == start) {
            throw malformedExtension();
        }
        return at;
    }

    /** RFC 9110 section 5.6.4. A line end inside quotes has been read differently by others (CVE-2026-33870). */
    private static int quotedEnd(byte[] line, int start, int length) throws MalformedMessage {
        for (int at = start; at < length; at++) {
            if (line[at] == '"') {
                return at + 1;
            }
            if (line[at] == '\\') {
                at++;
            }
            if (at == length || (line[at] >= 0 && line[at] < ' ' && line[at] != '\t') || line[at] == 0x7F) {
                break;
            }
        }
        throw malformedExtension();
    }

    private static MalformedMessage malformedExtension() {
        return MalformedMessage.rule("malformed chunk extension");
    }
}
