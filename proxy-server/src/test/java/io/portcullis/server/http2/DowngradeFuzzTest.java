package io.portcullis.server.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.portcullis.server.http1.FieldLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Throws field sections at the conversion and writes what it lets through as HTTP/1.1: another parser must read exactly
 * one request there, with the fields that were let through and no other. Where it reads more, a request has been
 * smuggled.
 */
class DowngradeFuzzTest {

    private static final int ROUNDS = 20_000;

    private static final String[] NAMES = {
        ":method",
        ":scheme",
        ":authority",
        ":path",
        ":protocol",
        ":status",
        ":x",
        "host",
        "cookie",
        "te",
        "connection",
        "transfer-encoding",
        "content-length",
        "upgrade",
        "x",
        "X",
        "x y",
        "expect",
        "",
        "x\r\ntransfer-encoding",
        "x: y\r\nhost",
        "foo\0",
        "accept",
    };

    private static final String[] VALUES = {
        "GET",
        "POST",
        "CONNECT",
        "OPTIONS",
        "http",
        "https",
        "a",
        "b",
        "/",
        "/x",
        "*",
        "0",
        "3",
        "chunked",
        "trailers",
        "a=1",
        "",
        "/ HTTP/1.1\r\nHost: b\r\n\r\nGET /s",
        "x\r\nContent-Length: 3",
        "a\nb",
        " a",
        "a ",
        "\t",
        "a@b",
        "\0",
        "http://b/",
        "/#",
        "\u0085",
        "\u000b\u000c",
        "GET / HTTP/1.1\r\nx:",
    };

    private final SplittableRandom random = new SplittableRandom(2026);

    private FieldSection section() {
        FieldSection section = new FieldSection(Sections.LIMITS, FieldLines.withRoom(0));
        List<String[]> fields = new ArrayList<>(List.of(
                new String[] {":method", random.nextInt(8) == 0 ? "POST" : "GET"},
                new String[] {":scheme", "https"},
                new String[] {":authority", "a"},
                new String[] {":path", "/x"},
                new String[] {"accept", "*/*"}));
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            String[] field = {NAMES[random.nextInt(NAMES.length)], VALUES[random.nextInt(VALUES.length)]};
            int at = random.nextInt(fields.size());
            switch (random.nextInt(4)) {
                case 0 -> fields.set(at, field);
                case 1 -> fields.add(at, field);
                case 2 -> fields.add(field);
                default -> fields.set(at, new String[] {fields.get(at)[0], mutated(fields.get(at)[1])});
            }
        }
        fields.forEach(field -> section.add(Sections.octets(field[0]), Sections.octets(field[1])));
        return section;
    }

    private String mutated(String text) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + (char) random.nextInt(256) + text.substring(at);
    }

    private static @Nullable HttpRequest converted(FieldSection section, boolean endStream) {
        try {
            return Http2Fields.request(section, endStream);
        } catch (MalformedSection fault) {
            return null;
        }
    }

    @Test
    void whateverIsLetThroughIsOneRequestToAnotherParser() {
        int passed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            boolean endStream = random.nextBoolean();
            HttpRequest request = converted(section(), endStream);
            if (request != null && request.headers().get("content-length", "0").equals("0")) {
                passed++;
                check(request);
            }
        }
        assertThat(passed).isGreaterThan(ROUNDS / 10); // or it would prove nothing
    }

    private static void check(HttpRequest request) {
        HttpRequest asHttp1 =
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, request.method(), request.uri(), request.headers(), false);
        EmbeddedChannel encoder = new EmbeddedChannel(new HttpRequestEncoder());
        encoder.writeOutbound(asHttp1, LastHttpContent.EMPTY_LAST_CONTENT);
        EmbeddedChannel decoder = new EmbeddedChannel(new HttpRequestDecoder());
        for (Object octets = encoder.readOutbound(); octets != null; octets = encoder.readOutbound()) {
            decoder.writeInbound((ByteBuf) octets);
        }
        HttpRequest read = decoder.readInbound();
        assertThat(read.decoderResult().isSuccess()).as("%s", request).isTrue();
        assertThat(read.method()).isEqualTo(request.method());
        assertThat(read.uri()).isEqualTo(request.uri());
        assertThat(entries(read)).isEqualTo(entries(request));
        Object end = decoder.readInbound();
        assertThat(end).isInstanceOf(LastHttpContent.class);
        ReferenceCountUtil.release(end);
        assertThat(decoder.inboundMessages())
                .as("a second request in %s", request)
                .isEmpty();
        encoder.finishAndReleaseAll();
        decoder.finishAndReleaseAll();
    }

    private static List<String> entries(HttpRequest request) {
        List<String> entries = new ArrayList<>();
        for (Map.Entry<String, String> field : request.headers()) {
            entries.add(field.getKey() + ": " + field.getValue());
        }
        return entries;
    }
}
