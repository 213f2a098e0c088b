package io.portcullis.server.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.portcullis.server.FuzzSeeds;
import io.portcullis.server.listener.Decoding.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Throws mutated requests at the decoder, and compares what it accepts with another parser's reading: where two read one
 * request differently, a second one can be smuggled through the first.
 */
class RequestFuzzTest {

    private static final int ROUNDS = 6_000;

    /** RFC 9112 section 7.1.1 lets a quoted extension value hold obs-text; here it is read over and never passed on. */
    private static final Pattern NETTY_IS_STRICTER = Pattern.compile(";[^\\r\\n]*\"[^\\r\\n]*[\\x80-\\xff]");

    private static final String[] SEEDS = {
        "GET /a?b=c HTTP/1.1\r\nHost: a.example\r\nUser-Agent: x/1 (y)\r\nAccept: */*\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nContent-Type: text/plain\r\n\r\nhello world",
        "PUT /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=\"y\"\r\n world\r\n0\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n3\r\nabc\r\n0\r\nX: 1\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close, x\r\nX:\r\n\r\n",
        "GET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n",
        "HEAD / HTTP/1.0\r\nX-Y: z\r\n\r\n",
        "\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n",
    };

    private static final String[] PIECES = {
        "\r",
        "\n",
        "\r\n",
        "\r\n\r\n",
        "\n\n",
        " ",
        "\t",
        "\0",
        "\u000b",
        "\u0085",
        "\u00a0",
        "\u00ff",
        "\u007f",
        ":",
        ";",
        ",",
        "\"",
        "\\",
        "0",
        "-1",
        "+1",
        "0x",
        "1e1",
        "ffffffff",
        "Content-Length: 3\r\n",
        "content-length:4\r\n",
        "Transfer-Encoding: chunked\r\n",
        "transfer-encoding: gzip, chunked\r\n",
        "Transfer-Encoding:\tchunked\r\n",
        "Host: b\r\n",
        " folded\r\n",
        "X : y\r\n",
        "HTTP/1.0",
        "HTTP/1.2",
        "HTTP/2.0",
        "GET / HTTP/1.1\r\n",
        "0\r\n\r\n",
        "5\r\n",
        "#",
        "/../",
        "%00",
        "http://",
        "*"
    };

    private static String mutate(SplittableRandom random) {
        StringBuilder octets = new StringBuilder(SEEDS[random.nextInt(SEEDS.length)]);
        if (random.nextInt(4) == 0) {
            octets.append(SEEDS[random.nextInt(SEEDS.length)]);
        }
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            int at = random.nextInt(octets.length());
            switch (random.nextInt(5)) {
                case 0 -> octets.setCharAt(at, (char) random.nextInt(256));
                case 1 -> octets.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> octets.delete(at, Math.min(octets.length(), at + 1 + random.nextInt(6)));
                case 3 -> octets.insert(lineStart(octets, at), PIECES[random.nextInt(PIECES.length)]);
                default -> octets.insert(at, octets.substring(at, Math.min(octets.length(), at + random.nextInt(30))));
            }
            if (octets.isEmpty()) {
                octets.append('\r');
            }
        }
        return octets.toString();
    }

    private static int lineStart(StringBuilder octets, int at) {
        int end = octets.lastIndexOf("\n", at);
        return end + 1;
    }

    @Test
    void whateverItAcceptsNettyReadsAlike_orOneRequestCanHideInAnother() {
        SplittableRandom random = new SplittableRandom(20_260_102);
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String octets = mutate(random);
            accepted += compare(octets, random, "round " + round);
        }
        assertThat(accepted)
                .as("requests accepted, so that the comparison means something")
                .isGreaterThan(ROUNDS / 5);
    }

    /** @return how many requests were accepted */
    private static int compare(String octets, SplittableRandom random, String which) {
        List<Message> wholes = decode(octets, random).stream()
                .filter(message -> message.fault == null && message.ended)
                .toList();
        if (NETTY_IS_STRICTER.matcher(octets).find()) {
            return 0;
        }
        List<String> read = wholes.stream().map(RequestFuzzTest::reading).toList();
        List<String> nettys = netty(octets).stream()
                .limit(read.size())
                .map(RequestFuzzTest::reading)
                .toList();
        assertThat(nettys).as("%s: %s", which, octets).isEqualTo(read);
        return wholes.size();
    }

    /** @param octets all that a client says */
    public static void fuzzerTestOneInput(byte[] octets) {
        compare(new String(octets, ISO_8859_1), new SplittableRandom(Arrays.hashCode(octets)), "fuzzed");
    }

    @TestFactory
    List<DynamicTest> seeds() throws IOException {
        return FuzzSeeds.replay(RequestFuzzTest.class, RequestFuzzTest::fuzzerTestOneInput);
    }

    /** Arrives in random segments; {@link Decoding#finish} looks for leaks and for what was thrown. */
    private static List<Message> decode(String octets, SplittableRandom random) {
        Decoding decoding = new Decoding(Decoding.limits(), true);
        byte[] bytes = octets.getBytes(ISO_8859_1);
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(bytes.length));
            decoding.receive(bytes, at, end);
            at = end;
        }
        return decoding.finish();
    }

    private static String reading(Message message) {
        List<String> trailers = new ArrayList<>(message.trailers);
        trailers.removeIf(field -> field.regionMatches(true, 0, "Trailer:", 0, 8)); // Netty leaves it out
        return message.line + " " + message.fields + " " + message.body.length() + " " + trailers;
    }

    private static List<Message> netty(String octets) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder(
                new HttpDecoderConfig().setMaxInitialLineLength(16 * 1024).setMaxHeaderSize(16 * 1024)));
        channel.writeInbound(Unpooled.copiedBuffer(octets, ISO_8859_1));
        List<Message> messages = new ArrayList<>();
        Message current = new Message();
        for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
            if (read instanceof HttpRequest request) {
                current = new Message();
                messages.add(current);
                current.line = request.decoderResult().isSuccess()
                        ? request.method() + " " + request.uri() + " " + request.protocolVersion()
                        : "refused by Netty: " + request.decoderResult().cause();
                for (Map.Entry<String, String> field : request.headers()) {
                    current.fields.add(field.getKey() + ": " + field.getValue());
                }
            } else if (read instanceof HttpContent content
                    && content.decoderResult().isSuccess()) {
                current.body.append(content.content().toString(ISO_8859_1));
                if (content instanceof LastHttpContent last) {
                    for (Map.Entry<String, String> field : last.trailingHeaders()) {
                        current.trailers.add(field.getKey() + ": " + field.getValue());
                    }
                }
            } else {
                current.line += ", its body refused by Netty";
            }
            ReferenceCountUtil.release(read);
        }
        channel.finishAndReleaseAll();
        return messages;
    }
}
