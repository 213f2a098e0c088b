package io.portcullis.server.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Http2SectionsTest {

    private static List<String> lines(Http2Headers section) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> field : section) {
            lines.add(field.getKey() + "=" + field.getValue());
        }
        return lines;
    }

    @Test
    void anAnswerLosesWhatIsForAnHttp1ConnectionOnly() {
        HttpHeaders headers = new DefaultHttpHeaders()
                .add("Content-Type", "text/plain")
                .add("Connection", "close, X-Hop")
                .add("X-Hop", "1")
                .add("Keep-Alive", "timeout=5")
                .add("Proxy-Connection", "close")
                .add("Transfer-Encoding", "chunked")
                .add("Upgrade", "h2c")
                .add("Set-Cookie", "a=1")
                .add("Set-Cookie", "b=2")
                .add("Content-Length", "5");

        assertThat(lines(Http2Sections.ofAnswer(HttpResponseStatus.OK, headers)))
                .containsExactly(
                        ":status=200",
                        "content-type=text/plain",
                        "set-cookie=a=1",
                        "set-cookie=b=2",
                        "content-length=5");
    }

    @Test
    void connectionCannotTakeAwayWhatFrames() {
        HttpHeaders headers =
                new DefaultHttpHeaders().add("Connection", "Content-Length").add("Content-Length", "5");

        assertThat(lines(Http2Sections.ofAnswer(HttpResponseStatus.OK, headers)))
                .contains("content-length=5");
    }

    @Test
    void aRequestNamesItsAuthorityOnceAndKeepsTeTrailersForGrpc() {
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/a?b");
        head.headers()
                .add("Host", "a.example")
                .add("TE", "trailers")
                .add("Connection", "TE")
                .add("X", "y");

        assertThat(lines(Http2Sections.ofRequest(head, AsciiString.cached("https"))))
                .containsExactlyInAnyOrder(
                        ":method=POST", ":path=/a?b", ":scheme=https", ":authority=a.example", "te=trailers", "x=y");
        head.headers().set("TE", "gzip");
        assertThat(lines(Http2Sections.ofRequest(head, AsciiString.cached("https"))))
                .noneMatch(l -> l.startsWith("te="));
    }

    @Test
    void whatHttp2CannotSayIsSaidWithoutControlCharacters() {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        headers.add("x", " a\rb\n\0c\t");
        headers.add("b d", "no token");
        headers.add("y", "\u00e4");

        assertThat(lines(Http2Sections.ofTrailers(headers))).containsExactly("x=a b  c", "y=\u00e4");
    }

    @Test
    void whatIsWrittenIsWhatThisPackageWouldTake() throws MalformedSection {
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/x");
        head.headers().add("Host", "a.example:81").add("Content-Length", "3").add("Cookie", "a=1; b=2");

        HttpRequest back = Http2Fields.request(Http2Sections.ofRequest(head, AsciiString.cached("http")), false);

        assertThat(back.uri()).isEqualTo("/x");
        assertThat(back.headers().get("Host")).isEqualTo("a.example:81");
        assertThat(back.headers().get("Cookie")).isEqualTo("a=1; b=2");
        assertThat(Http2Fields.contentLength(back.headers())).isEqualTo(3);
    }
}
