package io.portcullis.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.junit.jupiter.api.Test;

/** If it breaks: a client is told another status than the application's. */
final class StatusesTest {

    @Test
    void everyCodeIsWrittenAndReadWithItsReason() throws MalformedMessage {
        for (int code = 100; code < 1000; code++) {
            HttpResponseStatus status = HttpResponseStatus.valueOf(code);
            assertThat(line(status)).isEqualTo("HTTP/1.1 " + status + "\r\n");
            HttpResponseStatus read = parse(String.format("%03d", code) + " " + status.reasonPhrase());
            assertThat(read.code()).isEqualTo(code);
            assertThat(read.reasonPhrase()).isEqualTo(status.reasonPhrase());
        }
    }

    /** If it breaks: a final answer is taken for one without a body, and its body for the next answer. */
    @Test
    void aCodeOfNoClassIsRefused() {
        for (String code : new String[] {"000", "020", "099"}) {
            assertThatThrownBy(() -> parse(code + " OK")).as(code).isInstanceOf(MalformedMessage.class);
        }
    }

    @Test
    void aReasonOfTheApplicationsOwnStays() throws MalformedMessage {
        for (int code : new int[] {200, 299}) {
            HttpResponseStatus read = parse(code + " Quite so");
            assertThat(read.reasonPhrase()).isEqualTo("Quite so");
            assertThat(line(read)).isEqualTo("HTTP/1.1 " + code + " Quite so\r\n");
        }
        assertThat(parse("200").reasonPhrase()).as("none").isEmpty();
    }

    private static HttpResponseStatus parse(String text) throws MalformedMessage {
        byte[] octets = text.getBytes(ISO_8859_1);
        return Statuses.parse(octets, 0, octets.length);
    }

    private static String line(HttpResponseStatus status) {
        ByteBuf out = Unpooled.buffer();
        try {
            Statuses.writeLine(status, out);
            return out.toString(ISO_8859_1);
        } finally {
            out.release();
        }
    }
}
