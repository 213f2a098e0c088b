package io.portcullis.server.listener;

import io.portcullis.server.exchange.Fault;

/** The line before a chunk: its size, and extensions that nobody may rely on (RFC 9112 section 7.1). */
final class ChunkLine {

    private ChunkLine() {}

    /**
     * The chunk's size. Extensions are checked for form and thrown away.
     *
     * @param length without the CRLF
     * @throws Fault if the line is not {@code 1*HEXDIG [chunk-ext]}
     */
    static long size(byte[] line, int length, int maxDigits) throws Fault {
        long size = 0;
        int at = 0;
        while (at < length) {
            int digit = Character.digit(line[at], 16);
            if (digit < 0) {
                break;
            }
            if (at == maxDigits) {
                throw Fault.ofClient(400, "chunk size too large");
            }
            size = size << 4 | digit;
            at++;
        }
        if (at == 0) {
            throw Fault.ofClient(400, "malformed chunk size");
        }
        checkExtensions(line, at, length);
        return size;
    }

    private static void checkExtensions(byte[] line, int start, int length) throws Fault {
        int at = start;
        while (at < length && (line[at] == ' ' || line[at] == '\t')) {
            at++;
        }
        if (at == length && at == start) {
            return;
        }
        boolean valid = at < length && line[at] == ';';
        boolean quoted = false;
        for (; valid && at < length; at++) {
            byte b = line[at];
            // A line end inside quotes has been read differently by others (CVE-2026-33870): here no line has one.
            valid = b >= ' ' ? b != 0x7F : b == '\t' || b < 0;
            if (b == '"') {
                quoted = !quoted;
            }
        }
        if (!valid || quoted) {
            throw Fault.ofClient(400, "malformed chunk extension");
        }
    }
}
