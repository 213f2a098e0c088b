package io.portcullis.server.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/** Two ends of a connection without a network between them. */
final class EnginePair {

    private static final int BUFFER = 64 * 1024;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer toClient = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer plain = ByteBuffer.allocateDirect(BUFFER);

    EnginePair(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
        client.setUseClientMode(true);
        server.setUseClientMode(false);
    }

    /** Until both have nothing more to say, the tickets that follow a handshake of TLS 1.3 among it. */
    void handshake() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        boolean isMoving = true;
        while (isMoving) {
            isMoving = step(client, toServer);
            isMoving |= step(server, toClient);
            isMoving |= take(server, toServer);
            isMoving |= take(client, toClient);
        }
    }

    private static boolean step(SSLEngine engine, ByteBuffer out) throws SSLException {
        boolean isMoving = false;
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            engine.wrap(ByteBuffer.allocate(0), out);
            runTasks(engine);
            isMoving = true;
        }
        return isMoving;
    }

    private boolean take(SSLEngine engine, ByteBuffer in) throws SSLException {
        in.flip();
        boolean isMoving = false;
        int before;
        do {
            before = in.remaining();
            plain.clear();
            engine.unwrap(in, plain);
            runTasks(engine);
            isMoving |= in.remaining() < before;
        } while (in.hasRemaining() && in.remaining() < before);
        in.compact();
        return isMoving;
    }

    private static void runTasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    SSLSession serverSession() {
        return server.getSession();
    }

    void close() throws SSLException {
        for (SSLEngine engine : new SSLEngine[] {client, server}) {
            engine.closeOutbound();
            plain.clear();
            engine.wrap(ByteBuffer.allocate(0), plain);
            try {
                engine.closeInbound();
            } catch (SSLException withoutCloseNotify) {
                // Nobody is left to say it.
            }
        }
    }
}
