package io.portcullis.server.e2e.kit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An application of HTTP/1.1 on a loopback port that records what reaches it, and misbehaves on the paths where it is
 * told to. One thread a connection; safe for use from several threads.
 */
public final class RecordingApplication implements AutoCloseable {

    private final String name;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(RecordingApplication::daemon);
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    /** Not copied on write, as the rest: a load test records many thousands. */
    private final List<RecordedRequest> requests = Collections.synchronizedList(new ArrayList<>());

    private final List<RawHead> cutRequests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong octets = new AtomicLong();

    private RecordingApplication(String name, ServerSocket server) {
        this.name = name;
        this.server = server;
        behaviours.put("/", this::greet);
    }

    public static RecordingApplication start(String name) throws IOException {
        return start(name, new ServerSocket(0, 512, InetAddress.getLoopbackAddress()));
    }

    /**
     * Starts it on a socket of the test's choice: one that speaks TLS, or one with small buffers.
     *
     * @param server bound; closed with the application
     */
    public static RecordingApplication start(String name, ServerSocket server) {
        RecordingApplication application = new RecordingApplication(name, server);
        application.threads.execute(application::accept);
        return application;
    }

    /** Sets the behaviour on a path; on one that ends in a slash, for all below it. The longest path wins. */
    public RecordingApplication on(String path, Behaviour behaviour) {
        behaviours.put(path, behaviour);
        return this;
    }

    public int port() {
        return server.getLocalPort();
    }

    /** As an endpoint in a configuration. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** All requests received whole (or, where the behaviour takes the body, to the end of the head). */
    public List<RecordedRequest> requests() {
        return List.copyOf(requests);
    }

    public List<RecordedRequest> requests(String path) {
        return requests().stream()
                .filter(request -> request.path().equals(path))
                .toList();
    }

    /** The only request on that path. */
    public RecordedRequest request(String path) {
        List<RecordedRequest> found = requests(path);
        if (found.size() != 1) {
            throw new AssertionError("requests on " + path + ": " + found + " (expected: one)");
        }
        return found.get(0);
    }

    public int count(String path) {
        return requests(path).size();
    }

    /** The heads of requests whose body ended before its framing said so. */
    public List<RawHead> cutRequests() {
        return List.copyOf(cutRequests);
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** Octets received so far, on all connections. */
    public long octetsReceived() {
        return octets.get();
    }

    private boolean greet(RecordedRequest request, ApplicationConnection connection) throws IOException {
        return Behaviours.answer(200, name + " " + request.target()).answer(request, connection);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                int number = connections.incrementAndGet();
                threads.execute(() -> serve(socket, number));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            CountingInputStream counted =
                    new CountingInputStream(new BufferedInputStream(socket.getInputStream(), 64 * 1024), octets);
            ApplicationConnection connection = new ApplicationConnection(socket, counted);
            int index = 1;
            while (serveOne(connection, counted, number, index)) {
                index++;
            }
        } catch (IOException cut) {
            // The proxy cut the connection; what a test looks at is the client's end.
        } finally {
            open.remove(socket);
        }
    }

    private boolean serveOne(ApplicationConnection connection, CountingInputStream in, int number, int index)
            throws IOException {
        long before = in.count();
        MessageReader reader = new MessageReader(in);
        RawHead head = reader.readHead();
        if (head == null) {
            return false;
        }
        Behaviour behaviour = behaviourOn(RecordedRequest.pathOf(head));
        MessageReader.Body body = behaviour.takesBody() ? MessageReader.Body.NONE : reader.readBodyOfRequest(head);
        if (!body.whole()) {
            cutRequests.add(head);
            return false;
        }
        RecordedRequest request =
                new RecordedRequest(head, body.text(), body.trailers(), number, index, in.count() - before);
        requests.add(request);
        return behaviour.answer(request, connection);
    }

    private Behaviour behaviourOn(String path) {
        Behaviour exact = behaviours.get(path);
        int slash = path.length();
        while (exact == null && slash > 0) {
            slash = path.lastIndexOf('/', slash - 1);
            exact = behaviours.get(path.substring(0, slash + 1));
        }
        return exact == null ? this::greet : exact;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "application");
        thread.setDaemon(true);
        return thread;
    }

    /** Ends every connection and frees the port. */
    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
