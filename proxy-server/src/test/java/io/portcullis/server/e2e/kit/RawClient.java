package io.portcullis.server.e2e.kit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * A client that sends exactly the octets it is told to, from the address it is told to, and tells a reset from an end
 * from silence. Not thread-safe.
 */
public final class RawClient implements AutoCloseable {

    /** Generous: reached only by a test that fails. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Socket tcp;
    /** The same as {@link #tcp}, or TLS on top of it. */
    private Socket socket;

    private InputStream in = InputStream.nullInputStream();
    /** A reset that a connect or a write has met is not told again by the next read, so it is kept here. */
    private boolean reset;

    private RawClient(Socket tcp) {
        this.tcp = tcp;
        this.socket = tcp;
    }

    /**
     * Connects to a port of 127.0.0.1.
     *
     * @param from the client's own address
     * @throws ConnectException where nobody listens
     */
    public static RawClient connect(String from, int port) throws IOException {
        return connect(from, port, 0);
    }

    /**
     * The same with bounded socket buffers, so that a slow reader is felt at once.
     *
     * @param bufferSize octets; 0 leaves the system's choice
     */
    public static RawClient connect(String from, int port, int bufferSize) throws IOException {
        Socket socket = new Socket();
        RawClient client = new RawClient(socket);
        try {
            if (bufferSize > 0) {
                socket.setReceiveBufferSize(bufferSize);
                socket.setSendBufferSize(bufferSize);
            }
            socket.setTcpNoDelay(true);
            socket.bind(Loopback.socket(from, 0));
            socket.connect(Loopback.socket("127.0.0.1", port), (int) LIMIT.toMillis());
            client.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        } catch (ConnectException refused) {
            socket.close();
            throw refused;
        } catch (SocketException resetWhileConnecting) {
            client.reset = true;
        }
        return client;
    }

    /**
     * Connects and shakes hands, as one who trusts that authority alone.
     *
     * @param serverName what it asks for (SNI) and finds in the certificate
     * @throws SSLException where the server's certificate is not to be trusted, or the handshake is refused with an alert
     */
    public static RawClient connectTls(String from, int port, CertificateAuthority trusted, String serverName)
            throws IOException, GeneralSecurityException {
        RawClient client = connect(from, port);
        try {
            client.limit(LIMIT);
            SSLSocket secure = trusted.secure(client.tcp, serverName);
            client.socket = secure;
            client.in = new BufferedInputStream(secure.getInputStream(), 64 * 1024);
            return client;
        } catch (IOException | GeneralSecurityException refused) {
            client.close();
            throw refused;
        }
    }

    /** Sends the text as ISO 8859-1. A connection that is already cut is not a failure here: reading tells it. */
    public RawClient send(String text) {
        return send(text.getBytes(ISO_8859_1));
    }

    public RawClient send(byte[] octets) {
        if (reset) {
            return this;
        }
        try {
            out().write(octets);
        } catch (IOException cut) {
            reset = true;
        }
        return this;
    }

    /** Sends a GET without a body and reads its answer. */
    public RawResponse get(String host, String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read();
    }

    /** Reads one whole answer to a request that was not HEAD. */
    public RawResponse read() throws IOException {
        return readAnswerTo("GET");
    }

    /** Reads one whole answer. */
    public RawResponse readAnswerTo(String method) throws IOException {
        RawResponse response = readWholeOrCut(method);
        assertThat(response.whole()).as("the whole of %s", response).isTrue();
        return response;
    }

    /** Reads the head of an answer whose body the test reads from {@link #in}. */
    public RawHead readHead() throws IOException {
        limit(LIMIT);
        RawHead head = new MessageReader(in).readHead();
        if (head == null) {
            throw new EOFException("the connection ended without an answer");
        }
        return head;
    }

    /** Reads one answer, also one whose body is cut off. */
    public RawResponse readWholeOrCut(String method) throws IOException {
        limit(LIMIT);
        MessageReader reader = new MessageReader(in);
        RawHead head = reader.readHead();
        if (head == null) {
            throw new EOFException(reset ? "the connection was reset" : "the connection ended without an answer");
        }
        MessageReader.Body body = reader.readBodyOfResponse(head, method);
        return new RawResponse(head, body.text(), body.trailers(), body.whole());
    }

    /** Waits for the end of the connection. */
    public Ending ending() {
        return ending(LIMIT);
    }

    /** Waits for the end of the connection, and says that it is still open where none came within the limit. */
    public Ending ending(Duration limit) {
        StringBuilder received = new StringBuilder();
        long end = System.nanoTime() + limit.toNanos();
        try {
            limit(limit);
            byte[] buffer = new byte[8192];
            int read = in.read(buffer);
            while (read >= 0) {
                received.append(new String(buffer, 0, read, ISO_8859_1));
                if (System.nanoTime() > end) {
                    return new Ending(Ending.How.STILL_OPEN, received.toString());
                }
                read = in.read(buffer);
            }
        } catch (SocketTimeoutException silence) {
            return new Ending(Ending.How.STILL_OPEN, received.toString());
        } catch (IOException cut) {
            reset = true;
        }
        return new Ending(reset ? Ending.How.RESET : Ending.How.EOF, received.toString());
    }

    /** Says that no more will be sent, and goes on reading. */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Cuts the connection. */
    public void resetNow() throws IOException {
        tcp.setSoLinger(true, 0);
        tcp.close();
    }

    /** The raw stream; no time limit but the one of the last read. */
    public InputStream in() {
        return in;
    }

    public OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    public int localPort() {
        return socket.getLocalPort();
    }

    private void limit(Duration limit) throws IOException {
        if (!reset) {
            socket.setSoTimeout((int) limit.toMillis());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
