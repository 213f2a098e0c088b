package io.portcullis.server.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.portcullis.server.e2e.kit.CertificateAuthority;
import io.portcullis.server.e2e.kit.Http2Client;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Clients that ask one request after the other until they are told to stop, and an application that answers each. A
 * request fails where it has no whole answer of 200: nobody here tries again.
 */
final class SteadyLoad implements AutoCloseable {

    static final String HOST = "a.test";

    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final int GOAWAY = 7;

    private final ServerSocket application;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong done = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    SteadyLoad() throws IOException {
        application = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private void start(Runnable task) {
        Thread thread = new Thread(task, "load");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!application.isClosed()) {
            try {
                Socket connection = application.accept();
                connection.setTcpNoDelay(true);
                start(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Heads have no body here, and none is sent before the last is answered. */
    private static void serve(Socket connection) {
        try (connection) {
            InputStream in = connection.getInputStream();
            int ended = 0;
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                ended = octet == (ended % 2 == 0 ? '\r' : '\n') ? ended + 1 : octet == '\r' ? 1 : 0;
                if (ended == 4) {
                    connection.getOutputStream().write(ANSWER.getBytes(ISO_8859_1));
                    ended = 0;
                }
            }
        } catch (IOException gone) {
            // The proxy keeps its connections as long as it likes.
        }
    }

    String upstream() {
        return "http://127.0.0.1:" + application.getLocalPort();
    }

    /** One request, and what is to be done with the connection. */
    private interface Client {
        void ask() throws IOException, GeneralSecurityException;
    }

    private void run(Client client) {
        Thread thread = new Thread(
                () -> {
                    while (!stopping) {
                        try {
                            client.ask();
                            done.incrementAndGet();
                        } catch (IOException | GeneralSecurityException | AssertionError e) {
                            failures.add(String.valueOf(e));
                        }
                    }
                },
                "client");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Clients that keep their connection until an answer says that it was the last. */
    SteadyLoad keptAlive(int clients, int port) {
        for (int i = 0; i < clients; i++) {
            run(new KeptAlive(port));
        }
        return this;
    }

    /** Clients that connect anew for each request. */
    SteadyLoad connecting(int clients, int port) {
        for (int i = 0; i < clients; i++) {
            String from = Loopback.newClient();
            run(() -> {
                try (RawClient client = RawClient.connect(from, port)) {
                    check(client.get(HOST, "/"));
                }
            });
        }
        return this;
    }

    /** Clients of HTTP/2 over TLS that keep their connection until they are told that it goes away. */
    SteadyLoad http2(int clients, int port, CertificateAuthority trusted) {
        for (int i = 0; i < clients; i++) {
            run(new Multiplexed(port, trusted));
        }
        return this;
    }

    private static void check(RawResponse answer) throws IOException {
        if (answer.status() != 200 || !answer.body().equals("ok")) {
            throw new IOException("the answer " + answer);
        }
    }

    private static final class KeptAlive implements Client {
        private final String from = Loopback.newClient();
        private final int port;
        private @Nullable RawClient kept;

        KeptAlive(int port) {
            this.port = port;
        }

        @Override
        public void ask() throws IOException {
            RawClient connection = kept == null ? RawClient.connect(from, port) : kept;
            kept = null;
            RawResponse answer = connection.get(HOST, "/");
            check(answer);
            if (answer.has("Connection") && answer.value("Connection").equalsIgnoreCase("close")) {
                connection.close();
            } else {
                kept = connection;
            }
        }
    }

    private static final class Multiplexed implements Client {
        private final String from = Loopback.newClient();
        private final int port;
        private final CertificateAuthority trusted;
        private @Nullable Http2Client kept;

        Multiplexed(int port, CertificateAuthority trusted) {
            this.port = port;
            this.trusted = trusted;
        }

        @Override
        public void ask() throws IOException, GeneralSecurityException {
            Http2Client connection = kept == null ? Http2Client.connectTls(from, port, trusted, HOST) : kept;
            kept = null;
            int stream = connection.get(HOST, "/");
            connection.send();
            boolean goesAway = false;
            int status = 0;
            while (true) {
                Http2Client.Frame frame = connection.read();
                goesAway |= frame.type() == GOAWAY;
                if (frame.stream() == stream) {
                    status = Math.max(status, frame.status());
                    if (frame.endsStream()) {
                        break;
                    }
                }
            }
            if (status != 200) {
                throw new IOException("the status " + status);
            }
            if (goesAway) {
                connection.close();
            } else {
                kept = connection;
            }
        }
    }

    /** Whole answers so far. */
    long done() {
        return done.get();
    }

    /** What has failed so far; empty where nothing has. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Lets each end the request that it is at. */
    void stop() {
        stopping = true;
        try {
            for (Thread thread : threads) {
                thread.join(10_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        application.close();
    }
}
