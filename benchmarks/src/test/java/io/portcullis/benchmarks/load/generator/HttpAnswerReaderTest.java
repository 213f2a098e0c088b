package io.portcullis.benchmarks.load.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.portcullis.benchmarks.http.MessageReader.Progress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAnswerReaderTest {

    static final List<Sample> SAMPLES = List.of(
            new Sample("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, 5, true),
            new Sample("HTTP/1.1 200\r\ncontent-LENGTH:5\r\nServer: x\r\n\r\nhello", 200, 5, true),
            new Sample("HTTP/1.1 200 OK\nContent-Length: 0\n\n", 200, 0, true),
            new Sample("HTTP/1.1 403 Forbidden\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nno", 403, 2, false),
            new Sample("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, 2, false),
            new Sample("HTTP/1.1 204 No Content\r\nX-Octets: 7\r\n\r\n", 204, 0, true),
            new Sample("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", 304, 0, true),
            new Sample("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n.", 200, 1, true),
            new Sample(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                    101,
                    0,
                    true),
            new Sample(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5;a=b\r\nhello\r\n0a\r\n0123456789\r\n0\r\nX: y\r\n\r\n",
                    200,
                    15,
                    true),
            new Sample("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, 0, true));

    record Sample(String text, int status, long octets, boolean keepsAlive) {}

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void readsAnAnswerThatIsCutAnywhere(Sample sample) {
        byte[] octets = octets(sample.text());
        for (int cut = 1; cut < octets.length; cut++) {
            HttpAnswerReader reader = new HttpAnswerReader();
            assertThat(reader.read(Unpooled.wrappedBuffer(octets, 0, cut))).isEqualTo(Progress.MORE);
            assertThat(reader.read(Unpooled.wrappedBuffer(octets, cut, octets.length - cut)))
                    .isEqualTo(Progress.WHOLE);
            assertIs(sample, reader);
        }
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void readsAnAnswerThatComesOctetByOctetTwiceOnOneConnection(Sample sample) {
        byte[] octets = octets(sample.text());
        HttpAnswerReader reader = new HttpAnswerReader();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < octets.length - 1; i++) {
                assertThat(reader.read(Unpooled.wrappedBuffer(octets, i, 1))).isEqualTo(Progress.MORE);
            }
            assertThat(reader.read(Unpooled.wrappedBuffer(octets, octets.length - 1, 1)))
                    .isEqualTo(Progress.WHOLE);
            assertIs(sample, reader);
        }
    }

    @Test
    void leavesWhatComesBehindAnAnswer() {
        ByteBuf in = Unpooled.wrappedBuffer(octets("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP"));
        assertThat(new HttpAnswerReader().read(in)).isEqualTo(Progress.WHOLE);
        assertThat(in.toString(StandardCharsets.US_ASCII)).isEqualTo("HTTP");
    }

    @Test
    void takesAnAnswerWithoutALengthToBeWholeOnlyByTheEndOfTheConnection() {
        HttpAnswerReader reader = new HttpAnswerReader();
        assertThat(reader.read(Unpooled.wrappedBuffer(octets("HTTP/1.1 200 OK\r\n\r\nas long as it is"))))
                .isEqualTo(Progress.MORE);
        assertThat(reader.end()).isEqualTo(Progress.WHOLE);
        assertThat(reader.octets()).isEqualTo(16);
        assertThat(reader.keepsAlive()).isFalse();
    }

    @Test
    void takesAnAnswerThatIsCutOffForNone() {
        HttpAnswerReader reader = new HttpAnswerReader();
        assertThat(reader.read(Unpooled.wrappedBuffer(octets("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"))))
                .isEqualTo(Progress.MORE);
        assertThat(reader.end()).isEqualTo(Progress.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/1.1 2x0 OK\r\n",
                "HTTP/1.1\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: five\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"
            })
    void takesWhatIsNoAnswerForNoneSoThatItIsNotCountedAsOne(String text) {
        assertThat(new HttpAnswerReader().read(Unpooled.wrappedBuffer(octets(text))))
                .isEqualTo(Progress.MALFORMED);
    }

    @Test
    void keepsNoMoreOfAnEndlessHeadThanItMust() {
        HttpAnswerReader line = new HttpAnswerReader();
        assertThat(line.read(Unpooled.wrappedBuffer(octets("HTTP/1.1 200 " + "x".repeat(10_000)))))
                .isEqualTo(Progress.MALFORMED);
        HttpAnswerReader fields = new HttpAnswerReader();
        assertThat(fields.read(Unpooled.wrappedBuffer(octets("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(300)))))
                .isEqualTo(Progress.MALFORMED);
    }

    private static void assertIs(Sample sample, HttpAnswerReader reader) {
        assertThat(reader.status()).isEqualTo(sample.status());
        assertThat(reader.octets()).isEqualTo(sample.octets());
        assertThat(reader.keepsAlive()).isEqualTo(sample.keepsAlive());
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
