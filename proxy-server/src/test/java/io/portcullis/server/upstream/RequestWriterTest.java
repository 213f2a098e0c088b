package io.portcullis.server.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.portcullis.server.http1.ExhaustedAllocator;
import io.portcullis.server.http1.FieldLines;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to an endpoint: whatever it reads there must be the one request that was meant. */
class RequestWriterTest {

    private static final int ROUNDS = 300;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final RequestWriter writer = new RequestWriter(channel);

    @AfterEach
    void release() {
        writer.discard();
        channel.finishAndReleaseAll();
    }

    private static HttpRequest get(String target, String... fields) {
        FieldLines headers = new FieldLines();
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target, headers, false);
    }

    private static HttpContent part(String octets) {
        return new DefaultHttpContent(Unpooled.copiedBuffer(octets, ISO_8859_1));
    }

    private static LastHttpContent last(String octets) {
        return new DefaultLastHttpContent(Unpooled.copiedBuffer(octets, ISO_8859_1));
    }

    /** Each write by itself. */
    private List<String> written() {
        writer.flush();
        List<String> writes = new ArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            writes.add(out.toString(ISO_8859_1));
            out.release();
        }
        return writes;
    }

    @Test
    void aRequestWithoutABodyIsOneWrite() {
        writer.head(get("/a?b", "Host", "shop", "X", "1"));
        writer.part(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(written()).containsExactly("GET /a?b HTTP/1.1\r\nHost: shop\r\nX: 1\r\n\r\n");
    }

    @Test
    void aSmallBodyIsWrittenWithItsHead() {
        writer.head(get("/", "Content-Length", "4"));
        writer.part(part("bo"));
        writer.part(last("dy"));
        assertThat(written()).containsExactly("GET / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody");
    }

    @Test
    void aLargeBodyIsNotCopied() {
        HttpContent large = part("x".repeat(10_000));
        writer.head(get("/", "Content-Length", "10001"));
        writer.part(large);
        writer.part(last("y"));
        writer.flush();
        ByteBuf head = channel.readOutbound();
        assertThat(head.toString(ISO_8859_1)).isEqualTo("GET / HTTP/1.1\r\nContent-Length: 10001\r\n\r\n");
        head.release();
        assertThat(channel.<ByteBuf>readOutbound()).isSameAs(large.content());
        large.release();
        assertThat(written()).containsExactly("y");
    }

    @Test
    void aBodyOfUnknownLengthGoesInChunks() {
        writer.head(get("/", "Transfer-Encoding", "chunked"));
        writer.part(part("0123456789abcdef0"));
        writer.part(part(""));
        writer.part(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(String.join("", written())).endsWith("\r\n\r\n11\r\n0123456789abcdef0\r\n0\r\n\r\n");
    }

    @Test
    void trailersFollowTheLastChunk() {
        LastHttpContent end = last("x");
        end.trailingHeaders().add("Digest", "1");
        writer.head(get("/", "Transfer-Encoding", "chunked"));
        writer.part(end);
        assertThat(String.join("", written())).endsWith("\r\n\r\n1\r\nx\r\n0\r\nDigest: 1\r\n\r\n");
    }

    @Test
    void takesTheHeadersOfAnotherKind() {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, "/");
        request.headers().add("host", "shop").add("x", "\u00e9");
        writer.head(request);
        assertThat(written()).containsExactly("PUT / HTTP/1.1\r\nhost: shop\r\nx: \u00e9\r\n\r\n");
    }

    /** If it breaks: a header value from HTTP/2 that slipped through unchecked is a request of its own to the endpoint. */
    @ParameterizedTest
    @ValueSource(strings = {"1\r\nHost: b", "1\n", "\0"})
    void refusesHeadersThatNobodyHasChecked(String value) {
        HttpHeaders unchecked =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        unchecked.add("X", value);
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", unchecked, false);
        assertThatThrownBy(() -> writer.head(request)).isInstanceOf(IllegalArgumentException.class);
        assertThat(written()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/ HTTP/1.1\r\nX: y\r\n\r\nGET /",
                "/a b",
                "/\r",
                "/\n",
                "/\0",
                "/\u007f",
                "/\u00e9",
                "/\u010a"
            })
    void refusesATargetThatIsMoreThanATarget(String target) {
        assertThatThrownBy(() -> writer.head(get(target))).isInstanceOf(IllegalArgumentException.class);
        assertThat(written()).isEmpty();
    }

    /** If it breaks: the rest of a request that nobody waits for is read as the beginning of the next one. */
    @Test
    void writesNothingOfWhatIsDiscarded() {
        writer.head(get("/first"));
        writer.discard();
        writer.head(get("/second"));
        assertThat(written()).containsExactly("GET /second HTTP/1.1\r\n\r\n");
    }

    /** Any parts, flushed at any time: another parser reads the same octets, and then the next request. */
    @Test
    void whateverIsWrittenIsReadAsItWasMeant() {
        SplittableRandom random = new SplittableRandom(61);
        for (int round = 0; round < ROUNDS; round++) {
            EmbeddedChannel endpoint = new EmbeddedChannel(new HttpRequestDecoder());
            for (int request = 0; request < 3; request++) {
                String sent = send(random, endpoint);
                assertThat(read(endpoint)).isEqualTo(sent);
            }
            endpoint.finishAndReleaseAll();
        }
    }

    private String send(SplittableRandom random, EmbeddedChannel endpoint) {
        boolean chunked = random.nextBoolean();
        List<String> parts = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            int size = random.nextInt(4) == 0 ? random.nextInt(5_000) : random.nextInt(30);
            parts.add("p".repeat(size));
        }
        String body = String.join("", parts);
        writer.head(
                chunked
                        ? get("/", "Transfer-Encoding", "chunked")
                        : get("/", "Content-Length", String.valueOf(body.length())));
        for (int i = 0; i < parts.size(); i++) {
            writer.part(i < parts.size() - 1 ? part(parts.get(i)) : last(parts.get(i)));
            if (random.nextInt(3) == 0) {
                arrive(endpoint);
            }
        }
        arrive(endpoint);
        return body;
    }

    private void arrive(EmbeddedChannel endpoint) {
        writer.flush();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            endpoint.writeInbound(out);
        }
    }

    private static String read(EmbeddedChannel endpoint) {
        StringBuilder body = new StringBuilder();
        assertThat(endpoint.<HttpObject>readInbound()).isInstanceOf(HttpRequest.class);
        for (HttpContent part = endpoint.readInbound(); part != null; part = endpoint.readInbound()) {
            assertThat(part.decoderResult().isSuccess()).isTrue();
            body.append(part.content().toString(ISO_8859_1));
            part.release();
            if (part instanceof LastHttpContent) {
                return body.toString();
            }
        }
        throw new AssertionError("the request does not end");
    }

    /** If it breaks: what a client sent stays in the memory that is short already, once for each request that fails. */
    @ParameterizedTest
    @ValueSource(ints = {10, 100_000})
    void whereThereIsNoMemoryForAChunksLineThePartIsReleased(int length) {
        writer.head(get("/", "Host", "a", "Transfer-Encoding", "chunked"));
        writer.flush();
        channel.config().setAllocator(new ExhaustedAllocator());
        HttpContent part = part("x".repeat(length));

        assertThatThrownBy(() -> writer.part(part)).isInstanceOf(OutOfMemoryError.class);
        assertThat(part.refCnt()).isZero();
    }
}
