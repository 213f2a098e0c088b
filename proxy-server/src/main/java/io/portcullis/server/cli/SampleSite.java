package io.portcullis.server.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * An application behind the demo's proxy: its front page is for everybody, {@code /admin} for nobody.
 *
 * <p>It counts what reaches it, so that it can be asked what did not. Thread-safe.
 */
final class SampleSite implements AutoCloseable {

    private static final String FRONT_PAGE = "/";
    private static final String FORBIDDEN = "/admin";

    private final String name;
    private final HttpServer server;
    private final ConcurrentMap<String, Integer> requests = new ConcurrentHashMap<>();

    private SampleSite(String name, HttpServer server) {
        this.name = name;
        this.server = server;
    }

    /** Starts one on a free port of the loopback interface. */
    static SampleSite start(String name) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        SampleSite site = new SampleSite(name, HttpServer.create(new InetSocketAddress(loopback, 0), 0));
        site.server.createContext("/", site::answer);
        site.server.start();
        return site;
    }

    /** Also the virtual host's name. */
    String name() {
        return name;
    }

    /** The server name that the proxy knows it by; browsers resolve it to the loopback interface. */
    String serverName() {
        return name + ".localhost";
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** How many requests of a client have arrived here. */
    int requestsOf(String client) {
        return requests.getOrDefault(client, 0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String client = String.valueOf(exchange.getRequestHeaders().getFirst("X-Real-IP"));
        int count = requests.merge(client, 1, Integer::sum);
        switch (exchange.getRequestURI().getPath()) {
            case FRONT_PAGE ->
                send(exchange, 200, "This is the " + name + ". Request " + count + " of " + client + ".");
            case FORBIDDEN -> send(exchange, 403, "The " + name + " does not let you in there.");
            default -> send(exchange, 404, "The " + name + " has no such page. There are / and /admin.");
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
