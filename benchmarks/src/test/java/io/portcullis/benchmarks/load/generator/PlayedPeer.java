package io.portcullis.benchmarks.load.generator;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does to each connection what a test has it do; one thread a connection. */
final class PlayedPeer implements Closeable {

    static final byte[] OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
    static final byte[] LAST =
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
    static final byte[] FORBIDDEN =
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final AtomicInteger connections = new AtomicInteger();

    /** What is done to a connection. It is closed thereafter. */
    interface Part {
        void play(int number, Socket connection) throws IOException;
    }

    PlayedPeer(Part part) throws IOException {
        thread(() -> {
            while (!listener.isClosed()) {
                accept(part);
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Reads a request without a body; whether there was one. */
    static boolean request(Socket connection) throws IOException {
        InputStream in = connection.getInputStream();
        int last = 0;
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            last = last << 8 | octet;
            if (last == ('\r' << 24 | '\n' << 16 | '\r' << 8 | '\n')) {
                return true;
            }
        }
        return false;
    }

    /** Has the connection end by a reset. */
    static void reset(Socket connection) throws IOException {
        connection.setSoLinger(true, 0);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept(Part part) {
        try {
            Socket accepted = listener.accept();
            int number = connections.incrementAndGet();
            thread(() -> {
                try (accepted) {
                    part.play(number, accepted);
                } catch (IOException e) {
                    // The load is gone: that is no test's matter.
                }
            });
        } catch (IOException e) {
            if (!listener.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "played peer");
        thread.setDaemon(true);
        thread.start();
    }
}
