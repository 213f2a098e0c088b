package io.portcullis.server.e2e.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * One end of a WebSocket (RFC 6455), as little as an echo needs: unfragmented frames, up to 64 KiB. A client masks, a
 * server does not.
 */
public final class WebSocketPeer {

    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    /** RFC 6455 section 1.3's example. */
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};

    private final DataInputStream in;
    private final OutputStream out;
    private final boolean client;

    private WebSocketPeer(InputStream in, OutputStream out, boolean client) {
        this.in = new DataInputStream(in);
        this.out = out;
        this.client = client;
    }

    /** One frame. */
    public record Frame(int opcode, String payload) {}

    /** The request that asks for a WebSocket. */
    public static String handshake(String host, String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + host
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + KEY + "\r\n\r\n";
    }

    /** The value of Sec-WebSocket-Accept that answers {@link #handshake}. */
    public static String expectedAccept() {
        return accept(KEY);
    }

    /** The client's end, once the handshake has been answered with 101. */
    public static WebSocketPeer client(RawClient connection) throws IOException {
        return new WebSocketPeer(connection.in(), connection.out(), true);
    }

    /** An application that accepts every WebSocket and sends each message back, until it is told to close. */
    public static Behaviour echo() {
        return (request, connection) -> {
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + accept(request.value("Sec-WebSocket-Key")) + "\r\n\r\n");
            WebSocketPeer peer = new WebSocketPeer(connection.in(), connection.out(), false);
            while (true) {
                Frame frame = peer.read();
                peer.send(frame.opcode() == PING ? PONG : frame.opcode(), frame.payload());
                if (frame.opcode() == CLOSE) {
                    return false;
                }
            }
        };
    }

    public void send(int opcode, String payload) throws IOException {
        byte[] octets = payload.getBytes(UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x80 | opcode);
        int masked = client ? 0x80 : 0;
        if (octets.length < 126) {
            frame.write(masked | octets.length);
        } else {
            frame.write(masked | 126);
            frame.write(octets.length >>> 8);
            frame.write(octets.length);
        }
        if (client) {
            frame.writeBytes(MASK);
            applyMask(octets, MASK);
        }
        frame.writeBytes(octets);
        out.write(frame.toByteArray());
        out.flush();
    }

    public Frame read() throws IOException {
        int opcode = in.readUnsignedByte() & 0x0F;
        int second = in.readUnsignedByte();
        int length = second & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
        }
        byte[] mask = new byte[4];
        if ((second & 0x80) != 0) {
            in.readFully(mask);
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        applyMask(payload, mask);
        return new Frame(opcode, new String(payload, UTF_8));
    }

    private static void applyMask(byte[] payload, byte[] mask) {
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
    }

    static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }
}
