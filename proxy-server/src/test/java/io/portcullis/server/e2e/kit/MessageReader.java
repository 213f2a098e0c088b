package io.portcullis.server.e2e.kit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1.1 messages strictly (RFC 9112): what it lets pass has CRLF line ends, exact chunks and no doubtful
 * framing, so a proxy that writes sloppily fails the test that reads it.
 */
final class MessageReader {

    /**
     * A message's body.
     *
     * @param whole false where the connection ended before the framing said so
     */
    record Body(String text, List<RawField> trailers, boolean whole) {
        static final Body NONE = new Body("", List.of(), true);
    }

    private static final int MAX_LINE = 1 << 20;

    private final InputStream in;

    MessageReader(InputStream in) {
        this.in = in;
    }

    /** The next head, or null where the connection ended before its first octet. */
    @Nullable
    RawHead readHead() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        String startLine = readLine(first);
        return new RawHead(startLine, readFields());
    }

    Body readBodyOfRequest(RawHead head) throws IOException {
        if (!head.isChunked() && !head.has("Content-Length")) {
            return Body.NONE;
        }
        return readFramed(head);
    }

    /** Reads what RFC 9112 section 6.3 gives the answer to a request of that method as its body. */
    Body readBodyOfResponse(RawHead head, String method) throws IOException {
        int status = Integer.parseInt(head.word(1));
        if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return Body.NONE;
        }
        if (head.isChunked() || head.has("Content-Length")) {
            return readFramed(head);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        in.transferTo(body);
        return new Body(body.toString(StandardCharsets.ISO_8859_1), List.of(), true);
    }

    private Body readFramed(RawHead head) throws IOException {
        if (head.isChunked() && head.has("Content-Length")) {
            throw new ProtocolException("both framings in\n" + head);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            List<RawField> trailers = List.of();
            if (head.isChunked()) {
                trailers = readChunks(body);
            } else {
                readExactly(Integer.parseInt(head.value("Content-Length")), body);
            }
            return new Body(body.toString(StandardCharsets.ISO_8859_1), trailers, true);
        } catch (EOFException | SocketException cut) {
            return new Body(body.toString(StandardCharsets.ISO_8859_1), List.of(), false);
        }
    }

    private List<RawField> readChunks(ByteArrayOutputStream body) throws IOException {
        while (true) {
            int size = Integer.parseInt(readLine(read()), 16);
            if (size == 0) {
                return readFields();
            }
            readExactly(size, body);
            if (read() != '\r' || read() != '\n') {
                throw new ProtocolException("chunk data not ended by CRLF");
            }
        }
    }

    private void readExactly(int count, ByteArrayOutputStream into) throws IOException {
        byte[] buffer = new byte[8192];
        int missing = count;
        while (missing > 0) {
            int read = in.read(buffer, 0, Math.min(buffer.length, missing));
            if (read < 0) {
                throw new EOFException("ended with " + missing + " octets missing");
            }
            into.write(buffer, 0, read);
            missing -= read;
        }
    }

    private List<RawField> readFields() throws IOException {
        List<RawField> fields = new ArrayList<>();
        while (true) {
            String line = readLine(read());
            if (line.isEmpty()) {
                return List.copyOf(fields);
            }
            int colon = line.indexOf(':');
            if (colon < 1 || line.charAt(0) == ' ' || line.charAt(colon - 1) == ' ') {
                throw new ProtocolException("not a field: " + line);
            }
            fields.add(new RawField(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
    }

    private String readLine(int first) throws IOException {
        StringBuilder line = new StringBuilder();
        int octet = first;
        while (octet != '\r') {
            if (octet == '\n' || line.length() > MAX_LINE) {
                throw new ProtocolException("line not ended by CRLF: " + line);
            }
            line.append((char) octet);
            octet = read();
        }
        if (read() != '\n') {
            throw new ProtocolException("bare CR after: " + line);
        }
        return line.toString();
    }

    private int read() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("the connection ended in the middle of a message");
        }
        return octet;
    }
}
