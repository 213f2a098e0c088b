package io.portcullis.server.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.listener.Decoding.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the decoder to one reading of the octets, however they arrive, and to one request at a time. */
class RequestDecoderTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: b\r\n\r\n";

    static Stream<Named<String>> conversations() {
        List<Named<String>> all = new ArrayList<>(List.of(
                Named.of("two requests", GET + NEXT),
                Named.of("empty lines", "\r\n\r\n" + GET + "\r\n" + NEXT + "\r\n"),
                Named.of("a body", post("Content-Length: 5", "hello") + NEXT),
                Named.of("an empty body", post("Content-Length: 0", "") + NEXT),
                Named.of("chunks", post("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n") + NEXT),
                Named.of(
                        "chunk extensions",
                        post("Transfer-Encoding: chunked", "5;a=b\r\nhello\r\nA ;q=\"x;y\"\r\n0123456789\r\n00\r\n\r\n")
                                + NEXT),
                Named.of(
                        "trailers",
                        post("Transfer-Encoding: chunked", "1\r\nx\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n") + NEXT),
                Named.of("an expectation", post("Expect: 100-continue\r\nContent-Length: 3", "abc")),
                Named.of("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n" + NEXT)));
        BadRequests.all()
                .map(bad -> Named.of(bad.name() + ", then a request", bad.octets() + NEXT))
                .forEach(all::add);
        BadRequests.all()
                .map(bad -> Named.of("a request, then " + bad.name(), GET + bad.octets()))
                .forEach(all::add);
        return all.stream();
    }

    private static String post(String fields, String body) {
        return "POST /p HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n" + body;
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void meansTheSameHoweverItIsCutIntoSegments_orAnAttackerChoosesTheReading(String octets) {
        byte[] bytes = octets.getBytes(ISO_8859_1);
        String whole = Decoding.of(octets).toString();

        Decoding single = new Decoding(Decoding.limits(), true);
        for (int i = 0; i < bytes.length; i++) {
            single.receive(bytes, i, i + 1);
        }
        assertThat(single.finish()).as("octet by octet").hasToString(whole);

        for (int cut = 1; cut < bytes.length; cut++) {
            Decoding split = new Decoding(Decoding.limits(), true);
            split.receive(bytes, 0, cut);
            split.receive(bytes, cut, bytes.length);
            assertThat(split.finish()).as("cut after %d octets", cut).hasToString(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void meansTheSameWhenEachAnswerTakesItsTime_orASlowApplicationChangesRequests(String octets) {
        Decoding slow = new Decoding(Decoding.limits(), false);
        slow.receive(octets);
        int answered = 0;
        while (answered < slow.messages().size()) {
            answered++;
            assertThat(slow.messages())
                    .as("decoded before the answers to those before")
                    .hasSize(answered);
            slow.nextRequest();
        }
        assertThat(slow.finish()).hasToString(Decoding.of(octets).toString());
    }

    @Test
    void decodesOneRequestAtATime_orOneClientFillsTheMemoryWithHeads() {
        Decoding decoding = new Decoding(Decoding.limits(), false);
        decoding.receive(GET + NEXT.repeat(2));
        assertThat(decoding.messages()).hasSize(1);
        assertThat(decoding.hasPending()).isTrue();
        assertThat(decoding.isReading()).as("reads on while requests wait").isFalse();

        decoding.nextRequest();
        assertThat(decoding.messages()).hasSize(2);
        assertThat(decoding.isReading()).isFalse();

        decoding.nextRequest();
        assertThat(decoding.messages()).hasSize(3);
        assertThat(decoding.hasPending()).isFalse();
        assertThat(decoding.isReading()).isTrue();
        decoding.nextRequest(); // nothing waits: no more than a note that one may come
        decoding.nextRequest();
        assertThat(decoding.finish()).hasSize(3).allMatch(message -> message.ended);
    }

    @Test
    void tellsNothingOfABodyBeforeItsEnd_orATruncatedUploadLooksWhole() {
        Decoding decoding = new Decoding(Decoding.limits(), true);
        decoding.receive(post("Content-Length: 5", "hell"));
        assertThat(decoding.finish()).singleElement().satisfies(message -> {
            assertThat(message.ended).isFalse();
            assertThat(message.body).hasToString("hell");
        });
    }

    @Test
    void leavesEmptyLinesBeforeARequestAside_asOldClientsSendThemAfterABody() {
        assertThat(Decoding.of("\r\n".repeat(50) + GET)).singleElement().satisfies(message -> {
            assertThat(message.status()).isZero();
            assertThat(message.line).isEqualTo("GET /a HTTP/1.1");
        });
        assertThat(Decoding.of("\r\n\r\n")).isEmpty();
    }

    @Test
    void givesTrailersToTheEndOfTheBodyAndNotToTheHead() {
        List<Message> messages = Decoding.of(post("Transfer-Encoding: chunked", "3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"));
        assertThat(messages).singleElement().satisfies(message -> {
            assertThat(message.fields).noneMatch(field -> field.startsWith("X-Sum"));
            assertThat(message.trailers).containsExactly("X-Sum: 1");
            assertThat(message.body).hasToString("abc");
        });
    }

    @Test
    void keepsTheCaseOfNamesAndTheOrderOfFields_asApplicationsMayLook() {
        assertThat(Decoding.of("GET / HTTP/1.1\r\nhOsT: a\r\nX-B: 1\r\nX-a:\t 2 \t\r\nx-b: 3\r\nX-Empty:\r\n\r\n"))
                .singleElement()
                .satisfies(message -> assertThat(message.fields)
                        .containsExactly("hOsT: a", "X-B: 1", "X-a: 2", "x-b: 3", "X-Empty: "));
    }

    @Test
    void passesOctetsAbove127InAValueOn_asOldApplicationsSendThem() {
        assertThat(Decoding.of("GET / HTTP/1.1\r\nHost: a\r\nX: \u00e4\u00ff\r\n\r\n"))
                .singleElement()
                .satisfies(message -> assertThat(message.fields).contains("X: \u00e4\u00ff"));
    }

    @Test
    void decodesNothingAfterItWasToldToDiscard_orAClosingConnectionStartsExchanges() {
        Decoding decoding = new Decoding(Decoding.limits(), false);
        decoding.receive(GET + NEXT);
        decoding.discard();
        assertThat(decoding.hasPending()).isFalse();
        decoding.nextRequest();
        decoding.receive(NEXT);
        assertThat(decoding.finish()).hasSize(1);
    }

    @Test
    void handsWhatHasNotBeenDecodedToWhatReplacesIt_orATunnelLosesItsFirstOctets() {
        Decoding decoding = new Decoding(Decoding.limits(), false);
        decoding.receive(GET + "first octets of another protocol");
        assertThat(decoding.remove()).isEqualTo("first octets of another protocol");
        decoding.finish();
    }
}
