package io.portcullis.server.e2e.kit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** The application's end of a connection from the proxy. */
public final class ApplicationConnection {

    private final Socket socket;
    private final InputStream in;

    ApplicationConnection(Socket socket, InputStream in) {
        this.socket = socket;
        this.in = in;
    }

    public InputStream in() {
        return in;
    }

    public OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    /** Sends the text as ISO 8859-1, at once. */
    public void send(String text) throws IOException {
        out().write(text.getBytes(ISO_8859_1));
        out().flush();
    }

    /** Reads the body that the head frames. */
    public String readBody(RecordedRequest request) throws IOException {
        return new MessageReader(in).readBodyOfRequest(request.head()).text();
    }

    /** Waits until the proxy closes the connection; what it still sends is thrown away. */
    public void awaitEnd() throws IOException {
        byte[] buffer = new byte[8192];
        while (in.read(buffer) >= 0) {
            // Only the end matters.
        }
    }

    /** Says that the application has no more to send, as one does that ends an idle connection. */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Cuts the connection with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
