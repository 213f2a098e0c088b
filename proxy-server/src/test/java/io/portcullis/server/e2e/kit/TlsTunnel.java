package io.portcullis.server.e2e.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** A loopback port behind which each connection goes on over TLS: for clients that do not speak it themselves. */
public final class TlsTunnel implements AutoCloseable {

    private final ServerSocket server;
    private final SSLContext context;
    private final String serverName;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(TlsTunnel::daemon);

    private TlsTunnel(ServerSocket server, SSLContext context, String serverName, int port) {
        this.server = server;
        this.context = context;
        this.serverName = serverName;
        this.port = port;
    }

    /** Opens a tunnel to a port of 127.0.0.1, where a server of that name must prove itself by that authority. */
    public static TlsTunnel to(int port, CertificateAuthority trusted, String serverName)
            throws IOException, GeneralSecurityException {
        ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        TlsTunnel tunnel = new TlsTunnel(server, trusted.clientContext(), serverName, port);
        tunnel.threads.execute(tunnel::accept);
        return tunnel;
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                open.add(near);
                threads.execute(() -> join(near));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void join(Socket near) {
        Socket tcp = new Socket();
        open.add(tcp);
        try (near;
                tcp) {
            tcp.connect(Loopback.socket("127.0.0.1", port));
            tcp.setTcpNoDelay(true);
            near.setTcpNoDelay(true);
            try (Socket far = context.getSocketFactory().createSocket(tcp, serverName, port, true)) {
                threads.execute(() -> pass(near, far));
                pass(far, near);
            }
        } catch (IOException cut) {
            // Both ends are closed, and the client sees it.
        } finally {
            open.remove(tcp);
            open.remove(near);
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[64 * 1024];
            int read = in.read(buffer);
            while (read >= 0) {
                out.write(buffer, 0, read);
                read = in.read(buffer);
            }
            to.shutdownOutput();
        } catch (IOException cut) {
            // The other direction meets the same end.
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "tls-tunnel");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
