package io.portcullis.benchmarks.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.portcullis.benchmarks.http.MessageReader.Progress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestReaderTest {

    @Test
    void readsARequestThatIsCutAnywhere() {
        byte[] octets = octets(
                "POST /sink/5?a=b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        for (int cut = 1; cut < octets.length; cut++) {
            RequestReader reader = new RequestReader();
            assertThat(reader.read(Unpooled.wrappedBuffer(octets, 0, cut))).isEqualTo(Progress.MORE);
            assertThat(reader.read(Unpooled.wrappedBuffer(octets, cut, octets.length - cut)))
                    .isEqualTo(Progress.WHOLE);
            assertThat(reader.method()).isEqualTo("POST");
            assertThat(reader.path()).isEqualTo("/sink/5");
            assertThat(reader.octets()).isEqualTo(5);
            assertThat(reader.keepsAlive()).isTrue();
        }
    }

    @Test
    void knowsTheSameRequestLineAgainAndNoOther() {
        RequestReader reader = new RequestReader();
        read(reader, "GET /a HTTP/1.1\r\n\r\n");
        assertThat(reader.isSameLine()).isFalse();
        read(reader, "GET /a HTTP/1.1\r\n\r\n");
        assertThat(reader.isSameLine()).isTrue();
        read(reader, "GET /b HTTP/1.1\r\n\r\n");
        assertThat(reader.isSameLine()).isFalse();
        assertThat(reader.path()).isEqualTo("/b");
    }

    @Test
    void keepsTheKeyOfAHandshakeForItsOwnRequestOnly() {
        RequestReader reader = new RequestReader();
        read(reader, "GET /echo HTTP/1.1\r\nSec-WebSocket-Key: abc==\r\n\r\n");
        assertThat(reader.webSocketKey()).isEqualTo("abc==");
        read(reader, "GET /echo HTTP/1.1\r\n\r\n");
        assertThat(reader.webSocketKey()).isEmpty();
    }

    @Test
    void letsAConnectionGoThatAsksForIt() {
        RequestReader reader = new RequestReader();
        read(reader, "GET / HTTP/1.0\r\n\r\n");
        assertThat(reader.keepsAlive()).isFalse();
        read(reader, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
        assertThat(reader.keepsAlive()).isFalse();
    }

    @Test
    void takesWhatIsNoRequestForNone() {
        assertThat(new RequestReader().read(Unpooled.wrappedBuffer(octets("GET\r\n"))))
                .isEqualTo(Progress.MALFORMED);
        assertThat(new RequestReader().read(Unpooled.wrappedBuffer(octets("GET / HTTP/2.0\r\n"))))
                .isEqualTo(Progress.MALFORMED);
    }

    private static void read(RequestReader reader, String request) {
        assertThat(reader.read(Unpooled.wrappedBuffer(octets(request)))).isEqualTo(Progress.WHOLE);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
