package io.portcullis.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.core.config.AdminConfig;
import io.portcullis.core.net.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What commands and a successor make of a process that answers oddly, or not at all. */
class AdminCallsTest {

    private final AtomicInteger requests = new AtomicInteger();
    private final ServerSocket server;
    private final AdminCalls calls;

    AdminCallsTest() throws IOException {
        server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        AdminConfig.Bind bind = new AdminConfig.Bind(IpAddress.ofIpv4(0x7F00_0001), server.getLocalPort());
        calls = new AdminCalls(bind, "token", Duration.ofSeconds(10));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** Answers each request so, and closes the connection. */
    private void answer(String answer) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    try (Socket socket = server.accept()) {
                        readHead(socket.getInputStream());
                        requests.incrementAndGet();
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void readHead(InputStream in) throws IOException {
        int last = 0;
        while (last != 0x0D0A0D0A) {
            last = last << 8 | in.read();
        }
    }

    /** If it breaks: an unban that has been obeyed lifts a ban that was made since, or two processes are started. */
    @Test
    void anOrderWhoseAnswerIsLostIsNotSentAgain() {
        answer("");
        assertThatThrownBy(() -> calls.send("POST", "/v1/reload", null)).isInstanceOf(IOException.class);
        assertThat(requests).hasValue(1);
    }

    @Test
    void aRefusalIsToldInTheProcessesWords() throws IOException {
        answer("HTTP/1.1 409 Conflict\r\nConnection: close\r\n\r\n{\"error\":\"busy\",\"expected\":\"patience\"}");
        try (AdminCalls.Answer answer = calls.send("POST", "/v1/take-over", null)) {
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.said().text()).isEqualTo("busy (expected: patience)");
        }
    }

    @Test
    void aRefusalWithoutAWordHasItsStatus() throws IOException {
        answer("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        try (AdminCalls.Answer answer = calls.send("GET", "/v1/status", null)) {
            assertThat(answer.said()).isEqualTo(new AdminCalls.Said("status 401", ""));
        }
    }

    /** It is what tells "nobody runs" from "whoever runs says no". */
    @Test
    void whereNobodyListensThatIsWhatIsSaid() throws IOException {
        server.close();
        assertThatThrownBy(() -> calls.send("GET", "/v1/status", null)).isInstanceOf(ConnectException.class);
    }
}
