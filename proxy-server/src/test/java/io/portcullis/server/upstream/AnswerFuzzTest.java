package io.portcullis.server.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.portcullis.server.FuzzSeeds;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Throws mutated answers at the decoder, and compares what it accepts with another parser's reading: where two end one
 * answer at different octets, the rest of it is another visitor's.
 */
class AnswerFuzzTest {

    private static final int ROUNDS = 12_000;

    /** What Netty refuses or loses, and RFC 9112 and everybody else let be: obs-text in extensions and in reasons. */
    private static final Pattern NETTY_READS_LESS =
            Pattern.compile(";[^\\r\\n]*\"[^\\r\\n]*[\\x80-\\xff]|HTTP/1\\.[01] +[0-9]{3}[^\\r\\n]*[\\t\\x80-\\xff]");

    private static final String[] SEEDS = {
        "HTTP/1.1 200 OK\r\nServer: x/1 (y)\r\nDate: now\r\nContent-Length: 11\r\n\r\nhello world",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nX:\r\n\r\nuntil the end",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=\"y\"\r\n world\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n3\r\nabc\r\n0\r\nX: 1\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 20\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.0 500 Oh dear\r\nContent-Type: text/plain\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\nno",
    };

    private static final String[] PIECES = {
        "\r",
        "\n",
        "\r\n",
        "\r\n\r\n",
        " ",
        "\t",
        "\0",
        "\u000b",
        "\u00a0",
        "\u00ff",
        "\u007f",
        ":",
        ";",
        ",",
        "\"",
        "0",
        "-1",
        "+1",
        "0x",
        "ffffffff",
        "200",
        "204 ",
        "304 ",
        "101 ",
        "Content-Length: 3\r\n",
        "content-length:4\r\n",
        "Transfer-Encoding: chunked\r\n",
        "transfer-encoding: gzip, chunked\r\n",
        "Transfer-Encoding:\tchunked\r\n",
        " folded\r\n",
        "X : y\r\n",
        "HTTP/1.0",
        "HTTP/1.2",
        "HTTP/2",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "0\r\n\r\n",
        "5\r\n",
    };

    private static String mutate(SplittableRandom random) {
        StringBuilder octets = new StringBuilder(SEEDS[random.nextInt(SEEDS.length)]);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(octets.length());
            switch (random.nextInt(5)) {
                case 0 -> octets.setCharAt(at, (char) random.nextInt(256));
                case 1 -> octets.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> octets.delete(at, Math.min(octets.length(), at + 1 + random.nextInt(6)));
                case 3 -> octets.insert(octets.lastIndexOf("\n", at) + 1, PIECES[random.nextInt(PIECES.length)]);
                default -> octets.insert(at, octets.substring(at, Math.min(octets.length(), at + random.nextInt(30))));
            }
            if (octets.isEmpty()) {
                octets.append('\r');
            }
        }
        return octets.toString();
    }

    @Test
    void whateverItAcceptsNettyReadsAlike_orAVisitorGetsTheRestOfAnothersAnswer() {
        SplittableRandom random = new SplittableRandom(20_260_601);
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String octets = mutate(random);
            if (compare(random.nextInt(8) == 0, octets, random, "round " + round)) {
                accepted++;
            }
        }
        assertThat(accepted)
                .as("answers accepted, so that the comparison means something")
                .isGreaterThan(ROUNDS / 4);
    }

    /** @return whether it was accepted, and compared */
    private static boolean compare(boolean toHead, String octets, SplittableRandom random, String which) {
        String read = AnswerDecoding.of(toHead, octets);
        assertThat(outcome(inPieces(toHead, octets, random)))
                .as("%s: %s", which, octets)
                .isEqualTo(outcome(read));
        if (!read.endsWith("ended") || NETTY_READS_LESS.matcher(octets).find()) {
            return false;
        }
        assertThat(netty(toHead, octets)).as("%s: %s", which, octets).isEqualTo(read);
        return true;
    }

    /** @param octets all that an endpoint says */
    public static void fuzzerTestOneInput(byte[] octets) {
        String text = new String(octets, ISO_8859_1);
        compare(false, text, new SplittableRandom(Arrays.hashCode(octets)), "fuzzed");
        compare(true, text, new SplittableRandom(Arrays.hashCode(octets)), "fuzzed, to HEAD");
    }

    @TestFactory
    List<DynamicTest> seeds() throws IOException {
        return FuzzSeeds.replay(AnswerFuzzTest.class, AnswerFuzzTest::fuzzerTestOneInput);
    }

    /** Which of several faults it tells of may depend on how the octets came. */
    private static String outcome(String reading) {
        return reading.replaceFirst(" (refused|cut): .*", " $1");
    }

    private static String inPieces(boolean toHead, String octets, SplittableRandom random) {
        byte[] bytes = octets.getBytes(ISO_8859_1);
        AnswerDecoding decoding = new AnswerDecoding(toHead);
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(40));
            decoding.receive(bytes, at, end);
            at = end;
        }
        return decoding.finish();
    }

    /** How Netty reads the answer, as {@link AnswerDecoding} tells it. */
    private static String netty(boolean toHead, String octets) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpResponseDecoder() {
            @Override
            protected boolean isContentAlwaysEmpty(HttpMessage message) {
                return toHead || ((HttpResponse) message).status().code() == 101 || super.isContentAlwaysEmpty(message);
            }
        });
        channel.writeInbound(Unpooled.copiedBuffer(octets, ISO_8859_1));
        channel.finish();
        StringBuilder heads = new StringBuilder();
        StringBuilder body = new StringBuilder();
        String end = "";
        boolean interim = false;
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
            if (!end.isEmpty() || !(next instanceof HttpObject read)) {
                ReferenceCountUtil.release(next);
                continue; // what follows is nobody's
            }
            if (read.decoderResult().isFailure()) {
                end = " " + read.decoderResult().cause();
            } else if (read instanceof HttpResponse head) {
                heads.append(heads.isEmpty() ? "" : " / ").append(AnswerDecoding.text(head));
                interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL
                        && head.status().code() != 101;
            } else if (read instanceof HttpContent content && !interim) {
                body.append(content.content().toString(ISO_8859_1));
                if (content instanceof LastHttpContent last) {
                    end = " trailers=" + AnswerDecoding.text(last.trailingHeaders()) + " ended";
                }
            }
            ReferenceCountUtil.release(read);
        }
        return heads + " body=" + body + end;
    }
}
