package io.portcullis.server.e2e.kit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An application's end of a WebSocket that keeps to RFC 6455 to the letter and sends each message back: fragments, control
 * frames between them, UTF-8, the codes of a close. It is what a conformance suite may be let loose on; for what the other
 * tests need, {@link WebSocketPeer} does.
 */
public final class WebSocketEcho {

    private static final int CONTINUATION = 0;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int LARGEST_CONTROL = 125;
    private static final int LARGEST_MESSAGE = 32 * 1024 * 1024;
    private static final int PIECE = 64 * 1024;

    private static final int PROTOCOL_ERROR = 1002;
    private static final int NOT_UTF8 = 1007;
    private static final int TOO_BIG = 1009;

    private final DataInputStream in;
    private final OutputStream out;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    /** The opcode of the message whose fragments are coming; 0 where none is. */
    private int under;

    private @Nullable Utf8Stream text;

    private WebSocketEcho(ApplicationConnection connection) throws IOException {
        this.in = new DataInputStream(connection.in());
        this.out = connection.out();
    }

    /** Accepts every WebSocket. */
    public static Behaviour application() {
        return (request, connection) -> {
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + WebSocketPeer.accept(request.value("Sec-WebSocket-Key"))
                    + "\r\n\r\n");
            new WebSocketEcho(connection).untilClosed();
            // RFC 6455 section 7.1.1: the server ends the connection first, and lets the client see it.
            connection.halfClose();
            connection.awaitEnd();
            return false;
        };
    }

    /** Why the connection must fail (RFC 6455 section 7.1.7). */
    private static final class Violation extends ProtocolException {
        private final int code;

        Violation(int code, String what) {
            super(what);
            this.code = code;
        }
    }

    private void untilClosed() throws IOException {
        try {
            boolean open = true;
            while (open) {
                open = takeFrame();
            }
        } catch (Violation violation) {
            sendClose(violation.code);
        }
    }

    private boolean takeFrame() throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        boolean last = (first & FINAL) != 0;
        int opcode = first & 0x0F;
        require((first & 0x70) == 0, "a reserved bit without an extension");
        require((second & MASKED) != 0, "a client's frame without a mask");
        if (opcode >= WebSocketPeer.CLOSE) {
            return takeControl(opcode, last, second & 0x7F);
        }
        require(opcode <= WebSocketPeer.BINARY, "a reserved opcode");
        require((opcode == CONTINUATION) == (under != 0), "a fragment out of place");
        if (opcode != CONTINUATION) {
            under = opcode;
            text = opcode == WebSocketPeer.TEXT ? new Utf8Stream() : null;
        }
        takeFragment(length(second & 0x7F), last);
        if (last) {
            send(under, message.toByteArray());
            message.reset();
            under = 0;
        }
        return true;
    }

    private boolean takeControl(int opcode, boolean last, int length) throws IOException {
        require(last && length <= LARGEST_CONTROL, "a control frame in fragments, or too long");
        require(opcode <= WebSocketPeer.PONG, "a reserved opcode");
        byte[] payload = read(length, mask(), 0);
        if (opcode == WebSocketPeer.PING) {
            send(WebSocketPeer.PONG, payload);
        } else if (opcode == WebSocketPeer.CLOSE) {
            answerClose(payload);
            return false;
        }
        return true;
    }

    /** In pieces, so that a text that is none is refused before the rest of it has come. */
    private void takeFragment(long length, boolean last) throws IOException {
        if (message.size() + length > LARGEST_MESSAGE) {
            throw new Violation(TOO_BIG, "a message of more than " + LARGEST_MESSAGE);
        }
        byte[] mask = mask();
        long taken = 0;
        do {
            int size = (int) Math.min(length - taken, Math.max(1, Math.min(in.available(), PIECE)));
            byte[] piece = read(size, mask, taken);
            taken += size;
            if (text != null && !text.accepts(piece, last && taken == length)) {
                throw new Violation(NOT_UTF8, "not UTF-8");
            }
            message.writeBytes(piece);
        } while (taken < length);
    }

    private long length(int seven) throws IOException {
        if (seven < 126) {
            return seven;
        }
        long length = seven == 126 ? in.readUnsignedShort() : in.readLong();
        require(length >= 0, "a length of 64 bits");
        return length;
    }

    private byte[] mask() throws IOException {
        byte[] mask = new byte[4];
        in.readFully(mask);
        return mask;
    }

    private byte[] read(int length, byte[] mask, long position) throws IOException {
        byte[] payload = new byte[length];
        in.readFully(payload);
        for (int i = 0; i < length; i++) {
            payload[i] ^= mask[(int) (position + i & 3)];
        }
        return payload;
    }

    private void answerClose(byte[] payload) throws IOException {
        if (payload.length == 0) {
            send(WebSocketPeer.CLOSE, payload);
            return;
        }
        require(payload.length > 1, "half a code");
        int code = ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
        require(mayBeSent(code), "a code that must not be sent");
        if (!new Utf8Stream().accepts(Arrays.copyOfRange(payload, 2, payload.length), true)) {
            throw new Violation(NOT_UTF8, "a reason that is not UTF-8");
        }
        sendClose(code);
    }

    /** RFC 6455 section 7.4: those it defines but for the three that never stand in a frame, and the private ones. */
    private static boolean mayBeSent(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1011) || (code >= 3000 && code < 5000);
    }

    private static void require(boolean kept, String what) throws Violation {
        if (!kept) {
            throw new Violation(PROTOCOL_ERROR, what);
        }
    }

    private void sendClose(int code) throws IOException {
        send(WebSocketPeer.CLOSE, new byte[] {(byte) (code >>> 8), (byte) code});
    }

    private void send(int opcode, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 10);
        frame.write(FINAL | opcode);
        if (payload.length < 126) {
            frame.write(payload.length);
        } else if (payload.length < 0x10000) {
            frame.write(126);
            frame.write(payload.length >>> 8);
            frame.write(payload.length);
        } else {
            frame.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >>> shift));
            }
        }
        frame.writeBytes(payload);
        out.write(frame.toByteArray());
        out.flush();
    }
}
