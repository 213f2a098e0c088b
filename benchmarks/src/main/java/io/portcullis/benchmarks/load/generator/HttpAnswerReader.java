package io.portcullis.benchmarks.load.generator;

import io.portcullis.benchmarks.http.MessageReader;

/** Reads HTTP/1.1 answers to requests that are neither HEAD nor CONNECT. Interim answers are skipped, but 101 is an answer. */
final class HttpAnswerReader extends MessageReader implements AnswerReader {

    /** "HTTP/1.1 200": what follows may be left out. */
    private static final int STATUS_END = 12;

    private static final int STATUS_START = 9;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private int status;

    @Override
    public int status() {
        return status;
    }

    @Override
    protected boolean firstLine(byte[] octets, int end) {
        if (end < STATUS_END || octets[0] != 'H' || octets[5] != '1' || octets[8] != ' ') {
            return false;
        }
        version(octets[7]);
        status = 0;
        for (int i = STATUS_START; i < STATUS_END; i++) {
            int digit = octets[i] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            status = status * 10 + digit;
        }
        return true;
    }

    @Override
    protected Body body() {
        return switch (status) {
            case SWITCHING_PROTOCOLS, NO_CONTENT, NOT_MODIFIED -> Body.NONE;
            default -> status < 200 ? Body.ANOTHER_HEAD : Body.AS_SAID_OR_TO_END;
        };
    }
}
