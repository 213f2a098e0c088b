package io.portcullis.benchmarks.load.generator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A port at which nobody listens. */
final class Closed {

    private Closed() {}

    static int port() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
