package io.portcullis.server.e2e.kit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every octet that its connections bring, so that others than the application can read them as well. */
public final class TappedServerSocket extends ServerSocket {

    private final List<Tape> tapes = new CopyOnWriteArrayList<>();

    public TappedServerSocket() throws IOException {
        super(0, 512, InetAddress.getLoopbackAddress());
    }

    @Override
    public Socket accept() throws IOException {
        TappedSocket socket = new TappedSocket();
        implAccept(socket);
        tapes.add(socket.tape);
        return socket;
    }

    /** What has been read so far from each connection, as ISO 8859-1, in the order of accepting. */
    public List<String> tapes() {
        return tapes.stream().map(Tape::text).toList();
    }

    private static final class TappedSocket extends Socket {
        private final Tape tape = new Tape();

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    int octet = in.read();
                    if (octet >= 0) {
                        tape.add(new byte[] {(byte) octet}, 0, 1);
                    }
                    return octet;
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int count = in.read(into, offset, length);
                    if (count > 0) {
                        tape.add(into, offset, count);
                    }
                    return count;
                }
            };
        }
    }

    private static final class Tape {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

        void add(byte[] from, int offset, int length) {
            octets.write(from, offset, length);
        }

        String text() {
            return octets.toString(ISO_8859_1);
        }
    }
}
