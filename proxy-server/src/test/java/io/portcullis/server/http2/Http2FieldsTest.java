package io.portcullis.server.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.portcullis.server.http1.FieldLines;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes over HTTP/2 is what the application reads as HTTP/1.1, or it is refused. */
class Http2FieldsTest {

    private static String refusal(Http2Headers section) {
        return refusal(section, true);
    }

    private static String refusal(Http2Headers section, boolean endStream) {
        try {
            HttpRequest request = Http2Fields.request(section, endStream);
            throw new AssertionError("let through: " + request);
        } catch (MalformedSection fault) {
            return fault.getMessage();
        }
    }

    @Test
    void aRequestGetsTheFormThatTheRestOfTheProxyKnows() throws MalformedSection {
        HttpRequest request = Http2Fields.request(
                Sections.of(
                        ":method",
                        "GET",
                        ":path",
                        "/a?b=c",
                        ":authority",
                        "a.example:8443",
                        ":scheme",
                        "https",
                        "user-agent",
                        "x/1",
                        "x-empty",
                        "",
                        "x-latin",
                        "\u00e4 \t\u00f6"),
                true);

        assertThat(request.protocolVersion()).isEqualTo(Http2Fields.HTTP_2);
        assertThat(request.method().name()).isEqualTo("GET");
        assertThat(request.uri()).isEqualTo("/a?b=c");
        assertThat(request.headers())
                .extracting(Map.Entry::getKey, Map.Entry::getValue)
                .containsExactly(
                        tuple("host", "a.example:8443"),
                        tuple("user-agent", "x/1"),
                        tuple("x-empty", ""),
                        tuple("x-latin", "\u00e4 \t\u00f6"));
    }

    @Test
    void crumbsOfACookieAreOneFieldAgainBecauseApplicationsReadOnlyTheFirst() throws MalformedSection {
        HttpHeaders headers = Http2Fields.request(
                        Sections.get("cookie", "a=1", "x", "y", "cookie", "b=2", "cookie", "c=3"), true)
                .headers();

        assertThat(headers.getAll("Cookie")).containsExactly("a=1; b=2; c=3");
    }

    @Test
    void hostMayStandInPlaceOfTheAuthorityOrSayTheSame() throws MalformedSection {
        Http2Headers alone = Sections.of(":method", "GET", ":scheme", "http", ":path", "/", "host", "a.example");

        assertThat(Http2Fields.request(alone, true).headers().getAll("Host")).containsExactly("a.example");
        assertThat(Http2Fields.request(Sections.get("host", "A.example"), true)
                        .headers()
                        .getAll("Host"))
                .containsExactly("a.example");
    }

    @Test
    void aHostThatIsNotTheAuthorityWouldBringTheRequestPastTheVerdict() {
        assertThat(refusal(Sections.get("host", "b.example"))).isEqualTo("host does not agree with :authority");
        assertThat(refusal(Sections.get("host", "a.example", "host", "b.example")))
                .isEqualTo("more than one host");
        assertThat(refusal(Sections.of(":method", "GET", ":scheme", "http", ":path", "/")))
                .isEqualTo("no :authority");
    }

    @ParameterizedTest
    @ValueSource(strings = {"u@a.example", "a.example/x", "a.example?", "a.example#", "a b", "a\\b", "a,b", "a\u00e4"})
    void anAuthorityThatOthersReadOtherwiseIsRefused(String authority) {
        assertThat(refusal(Sections.of(":method", "GET", ":scheme", "http", ":path", "/", ":authority", authority)))
                .isEqualTo("malformed :authority");
        assertThat(refusal(Sections.of(":method", "GET", ":scheme", "http", ":path", "/", "host", authority)))
                .isEqualTo("malformed :authority");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\rb", "a\nb", "a\r\nX: y", "a\0b", "a\u0001b", "a\u007fb", " a", "a ", "\ta", "a\t", "a\u000bb"
            })
    void aValueThatSplitsOrFoldsAsHttp1IsRefused(String value) {
        assertThat(refusal(Sections.get("x", value))).isEqualTo("control character or outer blank in a field value");
        assertThat(refusal(Sections.get("cookie", value))).startsWith("control character");
        assertThat(refusal(Sections.of(":method", value, ":scheme", "http", ":path", "/", ":authority", "a")))
                .isEqualTo("malformed pseudo-header");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "X",
                "x y",
                "x:",
                "x\r\n",
                "x\nhost",
                "x\0",
                "x\u00e4",
                "transfer-encoding ",
                "x\"",
                "x(",
                "x,"
            })
    void aNameThatIsNoLowerCaseTokenIsRefused(String name) {
        assertThat(refusal(Sections.get(name, "v"))).isEqualTo("malformed field name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"})
    void whatFramesOrSwitchesAsHttp1IsRefused(String name) {
        assertThat(refusal(Sections.get(name, "chunked"))).isEqualTo("connection-specific field");
        assertThat(refusal(Sections.get(name, ""))).isEqualTo("connection-specific field");
    }

    @Test
    void teSaysTrailersOrNothing() throws MalformedSection {
        assertThat(refusal(Sections.get("te", "gzip"))).isEqualTo("connection-specific field");
        assertThat(refusal(Sections.get("te", "trailers, chunked"))).isEqualTo("connection-specific field");
        assertThat(Http2Fields.request(Sections.get("te", "trailers"), true)
                        .headers()
                        .get("TE"))
                .isEqualTo("trailers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+1", "-1", "1,1", "0x1", "1 1", "1e1", "9999999999999999999"})
    void aContentLengthThatOthersReadOtherwiseIsRefused(String length) {
        assertThat(refusal(Sections.get("content-length", length), false)).isEqualTo("malformed content-length");
    }

    @Test
    void aContentLengthThatLiesIsRefused() {
        assertThat(refusal(Sections.get("content-length", "5"), true))
                .isEqualTo("content-length is not the length of the body");
        assertThat(refusal(Sections.get("content-length", "5", "content-length", "5"), false))
                .isEqualTo("more than one content-length");
    }

    @Test
    void bodiesAreFramedAsHttp1WouldFrameThem() throws MalformedSection {
        Http2Headers post =
                Sections.of(":method", "POST", ":scheme", "https", ":authority", "a", ":path", "/", "x", "y");

        assertThat(Http2Fields.request(post, true).headers().get("content-length"))
                .isEqualTo("0");
        assertThat(Http2Fields.request(Sections.get(), true).headers().contains("content-length"))
                .isFalse();
        HttpHeaders streamed = Http2Fields.request(Sections.get(), false).headers();
        assertThat(streamed.get("transfer-encoding")).isEqualTo("chunked");
        HttpHeaders known =
                Http2Fields.request(Sections.get("content-length", "7"), false).headers();
        assertThat(known.contains("transfer-encoding")).isFalse();
        assertThat(Http2Fields.contentLength(known)).isEqualTo(7);
        assertThat(Http2Fields.contentLength(streamed)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "http://b/", "*", "/ HTTP/1.1", "/\u00e4", "/#f", "/a\tb", "?"})
    void aTargetThatIsNoPathIsRefused(String path) {
        assertThat(refusal(Sections.of(":method", "GET", ":scheme", "http", ":authority", "a", ":path", path)))
                .isEqualTo("malformed :path");
    }

    @Test
    void theAsteriskIsForOptions() throws MalformedSection {
        Http2Headers all = Sections.of(":method", "OPTIONS", ":scheme", "http", ":authority", "a", ":path", "*");

        assertThat(Http2Fields.request(all, true).uri()).isEqualTo("*");
    }

    @Test
    void pseudoHeadersStandOnceBeforeTheOthersAndAreAllKnown() {
        assertThat(refusal(Sections.get(":path", "/b"))).isEqualTo("pseudo-header twice");
        assertThat(refusal(Sections.get("x", "y", ":authority", "b"))).isEqualTo("pseudo-header after another field");
        assertThat(refusal(Sections.get(":host", "b"))).isEqualTo("unknown pseudo-header");
        assertThat(refusal(Sections.get(":status", "200"))).contains(":status in a request");
        assertThat(refusal(Sections.of(":scheme", "http", ":authority", "a", ":path", "/")))
                .startsWith("no :method");
        assertThat(refusal(Sections.of(":method", "GET", ":authority", "a", ":path", "/")))
                .isEqualTo("no :scheme or no :path");
        assertThat(refusal(Sections.of(":method", "GET", ":authority", "a", ":scheme", "http")))
                .isEqualTo("no :scheme or no :path");
        assertThat(refusal(Sections.of(":method", "GET", ":authority", "a", ":scheme", "http://b/?", ":path", "/")))
                .isEqualTo(":scheme is neither http nor https");
        assertThat(refusal(Sections.of(":method", "G ET", ":authority", "a", ":scheme", "http", ":path", "/")))
                .isEqualTo("malformed :method");
    }

    @Test
    void aTunnelToAnywhereIsToldByItsTargetAndAnExtendedOneByItsProtocol() throws MalformedSection {
        assertThat(Http2Fields.request(Sections.of(":method", "CONNECT", ":authority", "b:25"), false)
                        .uri())
                .isEqualTo("b:25");
        assertThat(refusal(Sections.of(":method", "CONNECT", ":authority", "b:25", ":path", "/")))
                .startsWith("CONNECT has :authority");
        Http2Headers socket = Sections.of(
                ":method",
                "CONNECT",
                ":protocol",
                "websocket",
                ":scheme",
                "https",
                ":authority",
                "a",
                ":path",
                "/chat");
        HttpRequest request = Http2Fields.request(socket, false);
        assertThat(request.uri()).isEqualTo("/chat");
        assertThat(request.headers().contains("transfer-encoding")).isFalse();
        assertThat(Http2Fields.protocol(socket)).isEqualTo("websocket");
        assertThat(Http2Fields.protocol(Sections.get())).isNull();
        assertThat(refusal(Sections.get(":protocol", "websocket"))).isEqualTo(":protocol without CONNECT");
    }

    @Test
    void aSectionOverItsLimitsIsToldFromAMalformedOneBecauseItsSenderMayBeHonest() {
        String[] many = new String[2 * 101];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = "x-" + i;
            many[i + 1] = "";
        }
        assertThatExceptionOfType(MalformedSection.class)
                .isThrownBy(() -> Http2Fields.request(Sections.get(many), true))
                .withMessage("more than 100 header fields")
                .matches(MalformedSection::isTooLarge);
        assertThatExceptionOfType(MalformedSection.class)
                .isThrownBy(() -> Http2Fields.request(Sections.get("x", "v".repeat(16 * 1024)), true))
                .withMessage("header section larger than 16384 bytes")
                .matches(MalformedSection::isTooLarge);
        assertThatExceptionOfType(MalformedSection.class)
                .isThrownBy(() -> Http2Fields.request(Sections.get("x y", "v", "x", "v".repeat(16 * 1024)), true))
                .matches(fault -> !fault.isTooLarge());
    }

    @Test
    void aBombOfRepeatedReferencesIsCountedAndNotStored() {
        FieldSection section = new FieldSection(Sections.LIMITS);
        for (int i = 0; i < 65_536; i++) {
            section.add(Sections.octets("x"), Sections.octets("v".repeat(4000)));
        }

        assertThat(section.size()).isLessThanOrEqualTo(4);
    }

    @Test
    void anAnswerHasAStatusAndNothingOfARequest() throws MalformedSection {
        HttpResponse answer = Http2Fields.answer(Sections.of(":status", "204", "x", "y"));

        assertThat(answer.status().code()).isEqualTo(204);
        assertThat(answer.headers().entries()).hasSize(1);
        for (String status : List.of("20", "2000", "abc", "099", "-20", "101")) {
            assertThatExceptionOfType(MalformedSection.class)
                    .isThrownBy(() -> Http2Fields.answer(Sections.of(":status", status)));
        }
        assertThatExceptionOfType(MalformedSection.class)
                .isThrownBy(() -> Http2Fields.answer(Sections.of(":status", "200", ":path", "/")));
        assertThatExceptionOfType(MalformedSection.class)
                .isThrownBy(() -> Http2Fields.answer(Sections.of(":status", "200", "transfer-encoding", "chunked")));
    }

    @Test
    void trailersNeitherFrameNorRoute() throws MalformedSection {
        assertThat(Http2Fields.requestTrailers(Sections.of("grpc-status", "0")).get("grpc-status"))
                .isEqualTo("0");
        for (String name : List.of("host", "content-length", ":path", ":status", "transfer-encoding")) {
            assertThatExceptionOfType(MalformedSection.class)
                    .isThrownBy(() -> Http2Fields.requestTrailers(Sections.of(name, "1")));
        }
        assertThat(Http2Fields.answerTrailers(Sections.of("x", "y", "content-length", "1"))
                        .entries())
                .hasSize(1);
    }

    @Test
    void aSectionFromAnotherDecoderIsCheckedAsWell() {
        Http2Headers foreign = new DefaultHttp2Headers(false)
                .method("GET")
                .scheme("http")
                .authority("a")
                .path("/")
                .add("x", "a\r\nb");

        assertThat(refusal(foreign)).startsWith("control character");
    }

    /** So that a client's fields are octets from the start, which an endpoint's HTTP/1.1 takes as they are. */
    @Test
    void aRequestsHeadersAreThoseThatTheDecoderWasGiven() throws MalformedSection {
        HttpHeaders given = FieldLines.withRoom(64);
        Http2Headers section = new FieldSectionDecoder(Sections.LIMITS, () -> given).newHeaders();
        section.add(Sections.octets(":method"), Sections.octets("GET"))
                .add(Sections.octets(":scheme"), Sections.octets("https"))
                .add(Sections.octets(":authority"), Sections.octets("a.example"))
                .add(Sections.octets(":path"), Sections.octets("/"))
                .add(Sections.octets("cookie"), Sections.octets("a=1"))
                .add(Sections.octets("x"), Sections.octets("\u00e4"))
                .add(Sections.octets("cookie"), Sections.octets("b=2"));

        HttpHeaders headers = Http2Fields.request(section, true).headers();

        assertThat(headers).isSameAs(given);
        assertThat(headers.entries())
                .containsExactly(
                        Map.entry("host", "a.example"), Map.entry("x", "\u00e4"), Map.entry("cookie", "a=1; b=2"));
    }
}
