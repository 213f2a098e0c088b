package io.portcullis.server.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an answer ends decides what the next visitor gets; and what an application may get wrong without harm. */
class AnswerDecoderTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";

    static Stream<String> answers() {
        return Stream.of(
                OK + "Content-Length: 5\r\nServer: x\r\n\r\nhello",
                OK + "Content-Length: 0\r\n\r\n",
                OK + "Content-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\nnext",
                OK + "\r\nuntil the end\r\n\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=\"y\"\r\n world\r\n0\r\n\r\nx",
                OK + "Transfer-Encoding: chunked\r\n\r\n3 \t\r\nabc\r\n00\r\nX: 1\r\nY : 2\r\nTrailer: Z\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\n0\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 9\r\n\r\n" + OK
                        + "Content-Length: 2\r\n\r\nok",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nwhat the tunnel gets",
                "HTTP/1.1 204 No Content\r\n\r\nx",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nx",
                "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 200\r\nX:\r\nContent-Length:  1 \t\r\n\r\nx",
                "HTTP/1.2 200 OK\r\n\r\n",
                "not HTTP at all",
                OK + "A: 1\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void meansTheSameHoweverItIsCutIntoSegments_orTheNetworkChoosesWhatTheVisitorGets(String octets) {
        byte[] bytes = octets.getBytes(ISO_8859_1);
        String whole = AnswerDecoding.of(octets);

        AnswerDecoding single = new AnswerDecoding(false);
        for (int i = 0; i < bytes.length; i++) {
            single.receive(bytes, i, i + 1);
        }
        assertThat(single.finish()).as("octet by octet").isEqualTo(whole);

        for (int cut = 1; cut < bytes.length; cut++) {
            AnswerDecoding split = new AnswerDecoding(false);
            split.receive(bytes, 0, cut);
            split.receive(bytes, cut, bytes.length);
            assertThat(split.finish()).as("cut after %d octets", cut).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "Content-Length: 5, hello, hello",
                "Content-Length: 3, hello, hel",
                "Content-Length: 000000000000000003, hello, hel",
                "Content-Length: 0, hello, ``",
                "Transfer-Encoding: chunked, `5\\r\\nhello\\r\\n0\\r\\n\\r\\nmore`, hello",
                "Transfer-Encoding: Chunked, `5\\r\\nhello\\r\\n2\\r\\nyo\\r\\n0\\r\\n\\r\\nmore`, helloyo",
                "TRANSFER-ENCODING:chunked, `A\\r\\n0123456789\\r\\n000\\r\\n\\r\\n`, 0123456789",
                "X: 1, hello, hello"
            })
    void endsABodyWhereItsHeadSays(String framing, String sent, String body) {
        String octets = sent.replace("\\r", "\r").replace("\\n", "\n");
        assertThat(AnswerDecoding.of(OK + framing + "\r\n\r\n" + octets))
                .endsWith("] body=" + body + " trailers=[] ended");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                ""
            })
    void anAnswerThatHasNoBodyHasNone_whateverItsHeadSays(String framing) {
        String fields = framing.contains("Length") ? "[Content-Length: 5; ]" : "[]";
        for (String status : new String[] {"204 No Content", "304 Not Modified"}) {
            assertThat(AnswerDecoding.of("HTTP/1.1 " + status + "\r\n" + framing + "\r\nsurplus"))
                    .isEqualTo("HTTP/1.1 " + status + " " + fields + " body= trailers=[] ended");
        }
        assertThat(AnswerDecoding.of(true, OK + framing + "\r\nsurplus"))
                .isEqualTo("HTTP/1.1 200 OK " + fields + " body= trailers=[] ended");
    }

    @Test
    void anInterimAnswerIsFollowedByTheFinalOne_toHeadToo() {
        String interim = "HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertThat(AnswerDecoding.of(true, interim + OK + "Content-Length: 5\r\n\r\n"))
                .isEqualTo(
                        "HTTP/1.1 103 Early Hints [] / HTTP/1.1 200 OK [Content-Length: 5; ] body= trailers=[] ended");
    }

    /** If one breaks: an application that nginx and HAProxy take is bad gateway here. */
    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200, 'HTTP/1.1 200 '",
        "'HTTP/1.1 200 ', 'HTTP/1.1 200 '",
        "HTTP/1.1 200 Fine by me, HTTP/1.1 200 Fine by me",
        "HTTP/1.1 200 caf\u00e9, HTTP/1.1 200 caf\u00e9",
        "'HTTP/1.1  404 Not Found', HTTP/1.1 404 Not Found",
        "HTTP/1.1 299 OK, HTTP/1.1 299 OK",
        "HTTP/1.0 200 OK, HTTP/1.0 200 OK"
    })
    void takesAStatusLineThatIsSloppilyWritten(String line, String read) {
        assertThat(AnswerDecoding.of(line + "\r\nContent-Length: 0\r\n\r\n")).startsWith(read + " [");
    }

    @Test
    void takesFieldsThatAreSloppilyWritten() {
        assertThat(AnswerDecoding.of(OK + "X \t: caf\u00e9\r\nY:\r\nZ:\t1 \r\nContent-Length:0\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK [X: caf\u00e9; Y: ; Z: 1; Content-Length: 0; ] body= trailers=[] ended");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "nonsense",
                "\r\nHTTP/1.1 200 OK\r\n\r\n",
                " HTTP/1.1 200 OK\r\n\r\n",
                "\u0015\u0003\u0003\0\2",
                "ICY 200 OK\r\n\r\n",
                "http/1.1 200 OK\r\n\r\n",
                "HTTP/1.1\r\n\r\n",
                "HTTP/1.1 \r\n\r\n",
                "HTTP/1.2 200 OK\r\n\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/1.10 200 OK\r\n\r\n",
                "HTTP/1.1\t200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 20x OK\r\n\r\n",
                "HTTP/1.1 +20 OK\r\n\r\n",
                "HTTP/1.1 -20 OK\r\n\r\n",
                "HTTP/1.1 200\tOK\r\n\r\n",
                "HTTP/1.1 200 O\0K\r\n\r\n",
                "HTTP/1.1 200 O\rK\r\n\r\n",
                "HTTP/1.1 200 OK\n\r\n",
                "HTTP/1.1 200 OK\r\nA: 1\n\r\n",
                "HTTP/1.1 200 OK\r\nA: 1\r\n\n",
                "HTTP/1.1 200 OK\r\nA: 1\rB: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: 1\r\n folded\r\n\r\n",
                "HTTP/1.1 200 OK\r\n A: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA b: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA\u00e9: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: \u007f\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 1 1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\nx",
                "HTTP/1.1 204 No Content\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: \r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
            })
    void refusesAHeadThatOthersMayReadDifferently_orTheVisitorGetsAnotherAnswerThanWeThink(String octets) {
        assertThat(AnswerDecoding.of(octets)).startsWith(" body= refused: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n",
                "\r\n",
                " 1\r\na\r\n0\r\n\r\n",
                "1\na\r\n0\r\n\r\n",
                "-1\r\n",
                "+1\r\n",
                "0x1\r\n",
                "1;\r\na\r\n",
                "1;a=\"\r\n\"\r\n",
                "10000000000000000\r\n",
                "1\r\nab\r\n",
                "1\r\na\n0\r\n\r\n",
                "1\r\na\r0\r\n\r\n",
                "0\r\nX\r\n\r\n",
                "0\r\n X: 1\r\n\r\n",
                "0\r\nX: 1\n\r\n",
                "0\r\n\n",
            })
    void cutsABodyThatOthersMayReadDifferently(String chunks) {
        assertThat(AnswerDecoding.of(OK + "Transfer-Encoding: chunked\r\n\r\n" + chunks))
                .contains(" cut: ")
                .doesNotContain("ended");
    }

    @Test
    void takesNoFramingFromTrailers_orWhoMergesThemReadsAnotherAnswer() {
        assertThat(AnswerDecoding.of(OK + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\nX: 1\r\n"
                        + "transfer-encoding: gzip\r\nTrailer: Y\r\n\r\n"))
                .endsWith("body= trailers=[X: 1; ] ended");
    }

    @Test
    void boundsEverythingThatItKeeps_orAnApplicationTakesTheProxysMemory() {
        assertThat(AnswerDecoding.of(OK.replace("OK", "x".repeat(9_000)))).contains("refused: first line longer than");
        assertThat(AnswerDecoding.of("HTTP/1.1 200 " + "x".repeat(9_000))).contains("refused: first line longer than");
        String long60k = "X: " + "x".repeat(60_000) + "\r\n";
        assertThat(AnswerDecoding.of(OK + long60k + "Content-Length: 0\r\n\r\n"))
                .endsWith("ended");
        assertThat(AnswerDecoding.of(OK + long60k + long60k)).contains("refused: header section larger than");
        String chunked = OK + "Transfer-Encoding: chunked\r\n\r\n";
        assertThat(AnswerDecoding.of(chunked + "1;" + "x".repeat(300))).contains("cut: chunk size line too long");
        assertThat(AnswerDecoding.of(chunked + "0\r\n" + long60k + long60k)).contains("cut: header section larger");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK, X: 1, true",
        "HTTP/1.1 200 OK, Connection: keep-alive, true",
        "HTTP/1.1 200 OK, Connection: x; close, true",
        "HTTP/1.1 200 OK, 'Connection: x, Close', false",
        "HTTP/1.1 200 OK, Connection: close, false",
        "HTTP/1.0 200 OK, X: 1, false",
        "HTTP/1.0 200 OK, Connection: Keep-Alive, true",
        "HTTP/1.0 200 OK, 'Connection: keep-alive, close', false",
    })
    void tellsWhetherTheConnectionGoesOn(String line, String field, boolean expected) {
        AnswerDecoding decoding = new AnswerDecoding(false);
        decoding.receive(line + "\r\n" + field + "\r\nContent-Length: 1\r\n\r\n");
        assertThat(decoding.decoder().isEndedAndPersists()).as("in mid-answer").isFalse();
        decoding.receive("x");
        assertThat(decoding.decoder().isEndedAndPersists()).isEqualTo(expected);
        assertThat(decoding.decoder().hasSurplus()).isFalse();
        decoding.receive("y");
        assertThat(decoding.decoder().hasSurplus()).isTrue();
        decoding.finish();
    }

    @Test
    void leavesWhatFollowsAnUpgradeToTheTunnel() {
        AnswerDecoding decoding = new AnswerDecoding(false);
        decoding.receive("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nfirst");
        assertThat(decoding.reading()).endsWith("ended");
        ByteBuf rest = decoding.decoder().takeRest();
        assertThat(rest).isNotNull().satisfies(octets -> {
            assertThat(octets.toString(ISO_8859_1)).isEqualTo("first");
            octets.release();
        });
        decoding.finish();
    }

    @Test
    void anAnswerThatIsCutOffNeverEnds() {
        assertThat(AnswerDecoding.of(OK + "Content-Length: 5\r\n\r\nhell")).doesNotContain("ended");
        assertThat(AnswerDecoding.of(OK + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"))
                .doesNotContain("ended");
        assertThat(AnswerDecoding.of(OK + "Content-Length: 5\r\n")).isEqualTo(" body=");
    }
}
