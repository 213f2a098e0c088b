package io.portcullis.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.LimitsConfig;
import org.junit.jupiter.api.Test;

/** Each limit lets pass what is just at it and nothing beyond, or operators cannot rely on the number they set. */
class RequestLimitsTest {

    private static final int HEAD = 1024;
    private static final LimitsConfig LIMITS = Decoding.limits(HEAD, 100, 1000);

    private static String headOf(int octets) {
        String start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        return start + "x".repeat(octets - start.length() - 4) + "\r\n\r\n";
    }

    private static String requestLineOf(int octets) {
        return "GET /" + "x".repeat(octets - 16) + " HTTP/1.1\r\n";
    }

    private static int status(String octets) {
        return Decoding.of(octets, LIMITS).get(0).status();
    }

    @Test
    void headsAtTheLimitPassAndOneOctetMoreIs431() {
        assertThat(headOf(HEAD)).hasSize(HEAD);
        assertThat(status(headOf(HEAD))).isZero();
        assertThat(status(headOf(HEAD + 1))).isEqualTo(431);
        assertThat(status("\r\n" + headOf(HEAD)))
                .as("an empty line before it is not of the head")
                .isZero();
    }

    @Test
    void aRequestLineOverTheLimitIs414() {
        assertThat(requestLineOf(HEAD)).hasSize(HEAD);
        assertThat(status(requestLineOf(HEAD) + "Host: a\r\n\r\n")).isEqualTo(431);
        assertThat(status(requestLineOf(HEAD + 1) + "Host: a\r\n\r\n")).isEqualTo(414);
    }

    @Test
    void aHeadWithoutEndIsRefusedAtTheLimit_orItIsBufferedForever() {
        Decoding line = new Decoding(LIMITS, true);
        line.receive("GET /" + "x".repeat(HEAD - 5));
        assertThat(line.messages()).isEmpty();
        line.receive("x");
        assertThat(line.finish())
                .singleElement()
                .satisfies(message -> assertThat(message.status()).isEqualTo(414));

        Decoding fields = new Decoding(LIMITS, true);
        String begun = "GET / HTTP/1.1\r\nX: ";
        fields.receive(begun + "x".repeat(HEAD - begun.length()));
        assertThat(fields.messages()).isEmpty();
        fields.receive("x");
        assertThat(fields.finish())
                .singleElement()
                .satisfies(message -> assertThat(message.status()).isEqualTo(431));
    }

    @Test
    void aTrailerSectionHasTheLimitOfAHead() {
        String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
        assertThat(status(head + "X: " + "x".repeat(HEAD - 7) + "\r\n\r\n")).isZero();
        assertThat(status(head + "X: " + "x".repeat(HEAD - 6) + "\r\n\r\n")).isEqualTo(431);
        assertThat(status(head + "x".repeat(HEAD + 1))).as("without end").isEqualTo(431);
    }

    @Test
    void a100FieldsPassAnd101Are431() {
        String head = "GET / HTTP/1.1\r\nHost: a\r\n";
        assertThat(status(head + "X:\r\n".repeat(99) + "\r\n")).isZero();
        assertThat(status(head + "X:\r\n".repeat(100) + "\r\n")).isEqualTo(431);
    }

    @Test
    void aBodyAtTheLimitPassesAndOneOctetMoreIs413() {
        String head = "POST / HTTP/1.1\r\nHost: a\r\n";
        assertThat(status(head + "Content-Length: 1000\r\n\r\n" + "b".repeat(1000)))
                .isZero();
        assertThat(status(head + "Content-Length: 1001\r\n\r\n")).isEqualTo(413);
        assertThat(status(head + "Content-Length: 999999999999999999\r\n\r\n")).isEqualTo(413);

        String chunked = head + "Transfer-Encoding: chunked\r\n\r\n1F4\r\n" + "b".repeat(500) + "\r\n";
        assertThat(status(chunked + "1f4\r\n" + "b".repeat(500) + "\r\n0\r\n\r\n"))
                .isZero();
        assertThat(status(chunked + "1f5\r\n")).isEqualTo(413);
        assertThat(status(chunked + "FFFFFFFFFFFFFFF\r\n")).isEqualTo(413);
    }

    @Test
    void theLimitOfABodyIsForEachRequest_orALongLivedConnectionRunsIntoIt() {
        String request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + "b".repeat(1000)
                + "\r\n0\r\n\r\n";
        assertThat(Decoding.of(request.repeat(3), LIMITS)).hasSize(3).allMatch(message -> message.status() == 0);
    }

    @Test
    void noLimitOfABodyIsNoLimit() {
        assertThat(Decoding.of(
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999999999\r\n\r\n",
                        Decoding.limits(HEAD, 100, 0)))
                .allMatch(message -> message.status() == 0);
    }

    @Test
    void aChunkSizeLineOf256OctetsPassesAndOneMoreIs400_orExtensionsCostWhatIsCountedNowhere() {
        String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertThat(status(head + "1;" + "x".repeat(252) + "\r\nb\r\n0\r\n\r\n")).isZero();
        assertThat(status(head + "1;" + "x".repeat(253) + "\r\nb\r\n0\r\n\r\n")).isEqualTo(400);
        assertThat(status(head + "1;" + "x".repeat(254))).as("without end").isEqualTo(400);
    }
}
