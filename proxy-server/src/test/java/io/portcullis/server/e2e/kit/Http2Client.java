package io.portcullis.server.e2e.kit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocket;

/**
 * A client of HTTP/2 with prior knowledge that sends exactly the frames it is told to, and keeps no rule of its own: it
 * acknowledges nothing and opens no window. Not thread-safe.
 *
 * <p>It can write field sections, literally, and reads none: what it looks at in an answer is its frames. The status is
 * read where it is one that HPACK's static table has.
 */
public final class Http2Client implements AutoCloseable {

    /** Generous: reached only by a test that fails. */
    private static final int LIMIT_MILLIS = 10_000;

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    private static final int[] STATUSES = {200, 204, 206, 304, 400, 404, 500};

    /**
     * A frame that has come.
     *
     * @param payload as ISO 8859-1
     */
    public record Frame(int type, int flags, int stream, String payload) {

        public boolean endsStream() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /** The status of an answer's head; 0 where it is none that is common. */
        public int status() {
            int index = payload.charAt(0) - 0x80 - 8;
            return type == HEADERS && index >= 0 && index < STATUSES.length ? STATUSES[index] : 0;
        }

        /** What a RST_STREAM or GOAWAY says is wrong. */
        public int error() {
            int at = type == GOAWAY ? 4 : 0;
            return payload.charAt(at) << 24
                    | payload.charAt(at + 1) << 16
                    | payload.charAt(at + 2) << 8
                    | payload.charAt(at + 3);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
    private int nextStream = 1;

    private Http2Client(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** Connects, and sends the preface with no settings. */
    public static Http2Client connect(String from, int port) throws IOException {
        return connect(from, port, new byte[0]);
    }

    /** Connects, and sends the preface with settings of which the initial window is this. */
    public static Http2Client withWindow(String from, int port, int window) throws IOException {
        return connect(from, port, concat(new byte[] {0, 4}, int32(window)));
    }

    /**
     * Connects with TLS, agrees on HTTP/2 by ALPN, and sends the preface with no settings.
     *
     * @param serverName what it asks for by SNI
     */
    public static Http2Client connectTls(String from, int port, CertificateAuthority trusted, String serverName)
            throws IOException, GeneralSecurityException {
        Socket tcp = open(from, port);
        SSLSocket secure = trusted.secure(tcp, serverName, "h2");
        if (!"h2".equals(secure.getApplicationProtocol())) {
            throw new IOException("agreed on \"" + secure.getApplicationProtocol() + "\" (expected: h2)");
        }
        return begin(secure, new byte[0]);
    }

    private static Http2Client connect(String from, int port, byte[] settings) throws IOException {
        return begin(open(from, port), settings);
    }

    private static Socket open(String from, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(Loopback.socket(from, 0));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.connect(Loopback.socket("127.0.0.1", port), LIMIT_MILLIS);
        return socket;
    }

    private static Http2Client begin(Socket socket, byte[] settings) throws IOException {
        Http2Client client = new Http2Client(socket);
        client.unsent.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
        client.frame(SETTINGS, 0, 0, settings);
        return client;
    }

    // What is sent

    /** Adds a frame to what {@link #send} sends. */
    public Http2Client frame(int type, int flags, int stream, byte[] payload) {
        int length = payload.length;
        unsent.writeBytes(
                new byte[] {(byte) (length >> 16), (byte) (length >> 8), (byte) length, (byte) type, (byte) flags});
        unsent.writeBytes(int32(stream));
        unsent.writeBytes(payload);
        return this;
    }

    /** Sends all frames added; false where the proxy has cut the connection. */
    public boolean send() {
        try {
            socket.getOutputStream().write(unsent.toByteArray());
            unsent.reset();
            return true;
        } catch (IOException cut) {
            return false;
        }
    }

    /** Adds a request without a body; the number of its stream. */
    public int get(String host, String path, String... fields) {
        int stream = nextStream;
        nextStream += 2;
        frame(HEADERS, END_STREAM | END_HEADERS, stream, concat(head("GET", host, path), section(fields)));
        return stream;
    }

    /** Adds the head of a request whose body follows; the number of its stream. */
    public int post(String host, String path, String... fields) {
        int stream = nextStream;
        nextStream += 2;
        frame(HEADERS, END_HEADERS, stream, concat(head("POST", host, path), section(fields)));
        return stream;
    }

    public Http2Client data(int stream, String octets, boolean end) {
        return frame(DATA, end ? END_STREAM : 0, stream, octets.getBytes(ISO_8859_1));
    }

    public Http2Client reset(int stream) {
        return frame(RST_STREAM, 0, stream, int32(8));
    }

    public Http2Client windowUpdate(int stream, int more) {
        return frame(WINDOW_UPDATE, 0, stream, int32(more));
    }

    /** The next stream's number, which is used up. */
    public int newStream() {
        int stream = nextStream;
        nextStream += 2;
        return stream;
    }

    public static byte[] head(String method, String host, String path) {
        return section(":method", method, ":scheme", "http", ":authority", host, ":path", path);
    }

    /** Literal fields without indexing: names and values by turns, each below 127 octets but for the values. */
    public static byte[] section(String... namesAndValues) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.write(0);
            string(out, namesAndValues[i]);
            string(out, namesAndValues[i + 1]);
        }
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        int length = text.length();
        if (length < 127) {
            out.write(length);
        } else {
            out.write(127);
            int rest = length - 127;
            while (rest >= 128) {
                out.write((rest & 0x7F) | 0x80);
                rest >>= 7;
            }
            out.write(rest);
        }
        out.writeBytes(text.getBytes(ISO_8859_1));
    }

    public static byte[] int32(int value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    private static byte[] concat(byte[] one, byte[] other) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(one);
        out.writeBytes(other);
        return out.toByteArray();
    }

    // What comes

    /** The next frame. */
    public Frame read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        return new Frame(type, flags, stream, new String(in.readNBytes(length), ISO_8859_1));
    }

    /** Reads until such a frame has come, and gives it. */
    public Frame readUntil(Predicate<Frame> wanted) throws IOException {
        Frame frame = read();
        while (!wanted.test(frame)) {
            frame = read();
        }
        return frame;
    }

    /** Reads until each of these streams has ended or is reset, opening windows as needed; what the last frames were. */
    public Map<Integer, Frame> readEnds(int... streams) throws IOException {
        Map<Integer, Frame> ends = new LinkedHashMap<>();
        while (ends.size() < streams.length) {
            Frame frame = read();
            if (frame.type() == DATA && !frame.payload().isEmpty()) {
                windowUpdate(0, frame.payload().length());
                if (!frame.endsStream()) {
                    windowUpdate(frame.stream(), frame.payload().length());
                }
                send();
            }
            for (int stream : streams) {
                if (frame.stream() == stream && (frame.endsStream() || frame.type() == RST_STREAM)) {
                    ends.put(stream, frame);
                }
            }
        }
        return ends;
    }

    /** The status of the answer on that stream, of which nothing has been read yet. */
    public int status(int stream) throws IOException {
        Frame head =
                readUntil(frame -> frame.stream() == stream && (frame.type() == HEADERS || frame.type() == RST_STREAM));
        return head.type() == RST_STREAM ? -head.error() : head.status();
    }

    /** Reads to the end of the connection, whichever it is. */
    public List<Frame> readToEnd() throws IOException {
        List<Frame> frames = new ArrayList<>();
        try {
            while (true) {
                frames.add(read());
            }
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the connection is still open after " + frames, open);
        } catch (EOFException | SocketException end) {
            return frames;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
