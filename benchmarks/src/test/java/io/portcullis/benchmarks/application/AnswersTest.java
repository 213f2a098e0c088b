package io.portcullis.benchmarks.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.benchmarks.application.ApplicationMain.Served;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The application over real sockets, as every proxy sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswersTest {

    private Served served;

    @BeforeAll
    void serve() {
        served = ApplicationMain.serve();
    }

    @AfterAll
    void end() {
        served.close();
    }

    @Test
    void answersByPath() throws IOException {
        assertThat(ask("GET / HTTP/1.1"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\n" + "0123456789".repeat(10));
        assertThat(ask("GET /bytes/70000 HTTP/1.1"))
                .contains("Content-Length: 70000\r\n")
                .hasSizeGreaterThan(70_000);
        assertThat(ask("GET /forbidden HTTP/1.1")).startsWith("HTTP/1.1 403 ");
        assertThat(ask("GET /nowhere HTTP/1.1")).startsWith("HTTP/1.1 404 ");
        assertThat(ask("GET /bytes/99999999999 HTTP/1.1")).startsWith("HTTP/1.1 404 ");
        assertThat(ask("HEAD / HTTP/1.1")).startsWith("HTTP/1.1 405 ");
        assertThat(ask("GET /echo HTTP/1.1")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void saysHowMuchOfAnUploadArrivedSoThatALossIsSeen() throws IOException {
        assertThat(ask("POST /sink HTTP/1.1\r\nContent-Length: 5", "hello"))
                .startsWith("HTTP/1.1 204 ")
                .contains("X-Octets: 5\r\n");
        assertThat(ask("POST /sink/5 HTTP/1.1\r\nContent-Length: 5", "hello")).startsWith("HTTP/1.1 204 ");
        assertThat(ask("POST /sink/6 HTTP/1.1\r\nContent-Length: 5", "hello"))
                .startsWith("HTTP/1.1 400 ")
                .endsWith("5 octets (expected: 6)\n");
    }

    @Test
    void answersTheHandshakeOfTheRfcAsTheRfcDoes() throws IOException {
        assertThat(ask("GET /echo HTTP/1.1\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "\u0088\u0080\0\0\0\0"))
                .startsWith("HTTP/1.1 101 ")
                .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
    }

    @Test
    void countsWhatReachedItButNotTheQuestions() throws IOException {
        ask("POST /count/reset HTTP/1.1");
        ask("GET /forbidden HTTP/1.1");
        ask("GET /forbidden?again HTTP/1.1");
        assertThat(ask("GET /count HTTP/1.1")).contains("\"/forbidden\":2").doesNotContain("/count");
        ask("POST /count/reset HTTP/1.1");
        assertThat(ask("GET /count HTTP/1.1")).contains("\"/forbidden\":0");
    }

    private String ask(String head) throws IOException {
        return ask(head, "");
    }

    /** The whole answer to one request, which is the connection's last. */
    private String ask(String head, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.port())) {
            socket.setSoTimeout(10_000);
            String request = head + "\r\nConnection: close\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
