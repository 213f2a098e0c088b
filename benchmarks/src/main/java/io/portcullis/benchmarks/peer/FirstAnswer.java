package io.portcullis.benchmarks.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks a port of this machine for {@code /} again and again, until the answer is a 200. */
final class FirstAnswer {

    private static final int TIMEOUT_MILLIS = 5_000;
    /** Between two tries: short beside any start, and no load. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final int port;
    private final byte[] request;
    private String instead = "nothing";

    FirstAnswer(int port, String host) {
        this.port = port;
        request = ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Tries once, and waits for a moment where nothing came of it. */
    boolean came() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(FreePorts.LOOPBACK, port), TIMEOUT_MILLIS);
            socket.getOutputStream().write(request);
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            instead = String.valueOf(answer.readLine());
            if (instead.startsWith("HTTP/1.1 200")) {
                return true;
            }
        } catch (IOException e) {
            instead = String.valueOf(e.getMessage());
        }
        LockSupport.parkNanos(PAUSE_NANOS);
        return false;
    }

    /** What came of the last try. */
    String instead() {
        return instead;
    }
}
