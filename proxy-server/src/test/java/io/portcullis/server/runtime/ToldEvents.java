package io.portcullis.server.runtime;

import io.portcullis.core.config.AdminConfig;
import io.portcullis.core.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** What a process that hands over says, as its successor reads it. */
final class ToldEvents {

    static final String RELEASED = "event: released\ndata: {\"pid\":1}\n\n";
    static final String RETIRED = "event: retired\ndata: {}\n\n";

    private ToldEvents() {}

    static String listed(boolean all) {
        return "event: listed\ndata: {\"all\":" + all + "}\n\n";
    }

    /** @param more members, with a comma before each */
    static String banned(String client, String more) {
        return "event: banned\ndata: {\"client\":\"" + client
                + "\",\"host\":\"a\",\"jail\":\"j\",\"action\":\"drop\",\"mode\":\"enforced\""
                + ",\"since\":\"2026-01-01T00:00:00.000Z\",\"until\":null" + more + "}\n\n";
    }

    static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    /** A process that says so and keeps the stream open until the latch falls. */
    static Predecessor tell(String events, ServerSocket server, Path directory, CountDownLatch end) throws IOException {
        Thread thread = new Thread(() -> {
            try (Socket socket = server.accept()) {
                socket.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + events)
                                .getBytes(StandardCharsets.US_ASCII));
                end.await();
            } catch (IOException | InterruptedException gone) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef0123456789abcdef\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        AdminConfig.Bind bind = new AdminConfig.Bind(IpAddress.ofIpv4(0x7F00_0001), server.getLocalPort());
        return Predecessor.find(new AdminConfig(Optional.of(bind), token, true, new AdminConfig.Metrics(0, false)))
                .orElseThrow();
    }
}
