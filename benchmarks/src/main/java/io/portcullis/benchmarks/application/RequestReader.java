package io.portcullis.benchmarks.application;

import io.portcullis.benchmarks.http.MessageReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the requests that a proxy sends. A connection mostly has the same request line again and again, so the last one is
 * kept, and is not taken apart anew.
 */
final class RequestReader extends MessageReader {

    private static final byte[] KEY = "sec-websocket-key:".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION_LENGTH = " HTTP/1.1".length();

    private byte[] lastLine = {};
    private String method = "";
    private String path = "";
    private String webSocketKey = "";
    private boolean sameLine;

    String method() {
        return method;
    }

    /** The path, without the query. */
    String path() {
        return path;
    }

    /** Whether method and path are those of the request before. */
    boolean isSameLine() {
        return sameLine;
    }

    /** The key of a WebSocket's handshake, or an empty text. */
    String webSocketKey() {
        return webSocketKey;
    }

    @Override
    protected boolean firstLine(byte[] octets, int end) {
        webSocketKey = "";
        sameLine = Arrays.equals(octets, 0, end, lastLine, 0, lastLine.length);
        if (!sameLine) {
            String line = new String(octets, 0, end, StandardCharsets.US_ASCII);
            int first = line.indexOf(' ');
            int last = end - VERSION_LENGTH;
            if (first < 1 || last <= first || !line.startsWith(" HTTP/1.", last)) {
                return false;
            }
            int query = line.indexOf('?');
            method = line.substring(0, first);
            path = line.substring(first + 1, query > 0 && query < last ? query : last);
            lastLine = Arrays.copyOf(octets, end);
        }
        version(octets[end - 1]);
        return true;
    }

    @Override
    protected void otherField(byte[] octets, int end) {
        if (end > KEY.length && matches(octets, KEY, 0)) {
            webSocketKey = new String(octets, KEY.length, end - KEY.length, StandardCharsets.US_ASCII).strip();
        }
    }

    @Override
    protected Body body() {
        return Body.AS_SAID;
    }
}
