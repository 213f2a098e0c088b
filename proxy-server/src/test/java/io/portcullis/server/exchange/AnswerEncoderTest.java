package io.portcullis.server.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
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
import org.junit.jupiter.params.provider.CsvSource;

/** What a client's parser gets to see: one octet wrong, and the next answer is read as the rest of this one. */
class AnswerEncoderTest {

    private static final int ROUNDS = 3_000;

    private final AnswerEncoder encoder = new AnswerEncoder();
    private final EmbeddedChannel channel = new EmbeddedChannel(encoder);

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private static DefaultHttpResponse head(HttpResponseStatus status, HttpHeaders headers, String... fields) {
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, headers);
    }

    private static DefaultHttpResponse head(HttpResponseStatus status, String... fields) {
        return head(status, new FieldLines(), fields);
    }

    private static ByteBuf octets(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    private static List<String> written(EmbeddedChannel from) {
        List<String> written = new ArrayList<>();
        for (ByteBuf part = from.readOutbound(); part != null; part = from.readOutbound()) {
            written.add(part.toString(ISO_8859_1));
            part.release();
        }
        return written;
    }

    // As it was with Netty's

    /** If it breaks: a client gets other octets than by the encoder that all of them have been tried with. */
    @Test
    void writesWhatNettysEncoderWould() {
        SplittableRandom random = new SplittableRandom(6);
        for (int round = 0; round < ROUNDS; round++) {
            boolean toHead = random.nextInt(8) == 0;
            long seed = random.nextLong();
            AnswerEncoder ours = new AnswerEncoder();
            ours.answersHead(toHead);
            String read = String.join("", encode(ours, seed));
            String nettys = String.join(
                    "",
                    encode(
                            new HttpResponseEncoder() {
                                @Override
                                protected boolean isContentAlwaysEmpty(
                                        io.netty.handler.codec.http.HttpResponse answer) {
                                    return toHead || super.isContentAlwaysEmpty(answer);
                                }
                            },
                            seed));
            assertThat(read).as("round %d", round).isEqualTo(nettys);
        }
    }

    private static List<String> encode(ChannelHandler encoder, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        EmbeddedChannel channel = new EmbeddedChannel(encoder);
        for (HttpObject message : answer(random)) {
            if (random.nextBoolean()) {
                channel.write(message);
            } else {
                channel.writeAndFlush(message);
            }
        }
        channel.flush();
        List<String> written = written(channel);
        channel.finishAndReleaseAll();
        return written;
    }

    private static final HttpResponseStatus[] STATUSES = {
        HttpResponseStatus.OK,
        HttpResponseStatus.NO_CONTENT,
        HttpResponseStatus.RESET_CONTENT,
        HttpResponseStatus.NOT_MODIFIED,
        HttpResponseStatus.NOT_FOUND,
        new HttpResponseStatus(299, "Odd one"),
        new HttpResponseStatus(200, ""),
    };

    private static List<HttpObject> answer(SplittableRandom random) {
        HttpHeaders headers = random.nextBoolean() ? new FieldLines() : new DefaultHttpHeaders();
        boolean chunked = random.nextBoolean();
        DefaultHttpResponse head = head(
                STATUSES[random.nextInt(STATUSES.length)],
                headers,
                "Server",
                "x",
                chunked ? "Transfer-Encoding" : "Content-Length",
                chunked ? "chunked" : "17",
                "X-A",
                "caf\u00e9");
        List<HttpObject> messages = new ArrayList<>();
        messages.add(head);
        for (int parts = random.nextInt(4); parts > 0; parts--) {
            messages.add(new DefaultHttpContent(octets("x".repeat(length(random)))));
        }
        ByteBuf last = octets("y".repeat(length(random)));
        HttpHeaders trailers = new DefaultHttpHeaders();
        if (random.nextInt(4) == 0) {
            trailers.add("X-Sum", "1");
        }
        messages.add(
                last.isReadable() || !trailers.isEmpty()
                        ? new DefaultLastHttpContent(last, trailers)
                        : LastHttpContent.EMPTY_LAST_CONTENT);
        return messages;
    }

    private static int length(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> AnswerEncoder.SMALL_PART + random.nextInt(2);
            case 2 -> random.nextInt(5_000);
            default -> random.nextInt(300);
        };
    }

    // How many writes

    /** If it breaks: each small answer costs the kernel two buffers again. */
    @Test
    void writesASmallAnswerAtOnce() {
        channel.write(head(HttpResponseStatus.OK, "Content-Length", "2"), channel.voidPromise());
        channel.writeAndFlush(new DefaultLastHttpContent(octets("ok")), channel.voidPromise());
        assertThat(written(channel)).containsExactly("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        channel.write(head(HttpResponseStatus.OK, "Transfer-Encoding", "chunked"), channel.voidPromise());
        channel.writeAndFlush(new DefaultHttpContent(octets("ok")), channel.voidPromise());
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, channel.voidPromise());
        assertThat(written(channel))
                .containsExactly("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", "0\r\n\r\n");
    }

    /** If it breaks: downloads cost the proxy a copy of each octet. */
    @Test
    void copiesNoLargePart() {
        ByteBuf large = octets("x".repeat(AnswerEncoder.SMALL_PART + 1));
        channel.write(head(HttpResponseStatus.OK, "Content-Length", "9999"), channel.voidPromise());
        channel.writeAndFlush(new DefaultHttpContent(large), channel.voidPromise());
        ByteBuf first = channel.readOutbound();
        assertThat(first.toString(ISO_8859_1)).startsWith("HTTP/1.1 200 OK");
        first.release();
        ByteBuf second = channel.readOutbound();
        assertThat(second).isSameAs(large);
        second.release();
    }

    /** If it breaks: a client waits for the head of an answer whose body takes its time. */
    @Test
    void aFlushSendsTheHeadAlone() {
        channel.write(head(HttpResponseStatus.OK, "Content-Length", "2"), channel.voidPromise());
        assertThat(written(channel)).isEmpty();
        channel.flush();
        assertThat(written(channel)).containsExactly("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
        channel.writeAndFlush(new DefaultLastHttpContent(octets("ok")), channel.voidPromise());
        assertThat(written(channel)).containsExactly("ok");
    }

    @Test
    void aTunnelBeginsBehindTheAnswerThatOpensIt() {
        channel.write(head(HttpResponseStatus.SWITCHING_PROTOCOLS, "Upgrade", "x"), channel.voidPromise());
        channel.pipeline().remove(encoder);
        channel.writeAndFlush(octets("tunnelled"));
        assertThat(written(channel))
                .containsExactly("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "tunnelled");
    }

    @Test
    void whoWaitsForTheWriteIsToldOfItsEnd() {
        ChannelFuture first = channel.write(head(HttpResponseStatus.OK, "Transfer-Encoding", "chunked"));
        ChannelFuture empty = channel.write(new DefaultHttpContent(Unpooled.EMPTY_BUFFER));
        ChannelFuture last = channel.write(new DefaultLastHttpContent(octets("x".repeat(5_000))));
        assertThat(first.isDone() || empty.isDone() || last.isDone()).isFalse();
        channel.flush();
        assertThat(first.isSuccess() && empty.isSuccess() && last.isSuccess()).isTrue();
        assertThat(String.join("", written(channel)))
                .endsWith("\r\n\r\n1388\r\n" + "x".repeat(5_000) + "\r\n0\r\n\r\n");
    }

    /** Only what a whole answer of the proxy's own may be. */
    @Test
    void writesAWholeAnswerAtOnce() {
        DefaultFullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_FOUND, octets("404"));
        answer.headers().set("Content-Length", 3);
        assertThat(channel.writeAndFlush(answer).isSuccess()).isTrue();
        assertThat(written(channel)).containsExactly("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\n404");
    }

    @ParameterizedTest
    @CsvSource({
        "103, Early Hints, false, X: 1",
        "204, No Content, false, X: 1",
        "304, Not Modified, false, X: 1|Content-Length: 5",
        "205, Reset Content, false, X: 1|content-length: 0",
        "200, OK, true, X: 1|Content-Length: 5"
    })
    void anAnswerWithoutABodyHasNone(int code, String reason, boolean toHead, String fields) {
        encoder.answersHead(toHead);
        channel.write(head(HttpResponseStatus.valueOf(code), "X", "1", "Content-Length", "5"), channel.voidPromise());
        channel.writeAndFlush(new DefaultLastHttpContent(octets("hello")), channel.voidPromise());
        assertThat(written(channel))
                .containsExactly("HTTP/1.1 " + code + " " + reason + "\r\n" + fields.replace("|", "\r\n") + "\r\n\r\n");
    }

    @Test
    void aHeadThatNobodyWaitsForAnyMoreIsNotKept() {
        channel.write(head(HttpResponseStatus.OK, "Content-Length", "2"), channel.voidPromise());
        channel.close();
        channel.runPendingTasks();
        assertThat(written(channel)).isEmpty();
    }

    // Where memory is out

    /** If it breaks: what an endpoint sent stays in the memory that is short already, once for each answer that fails. */
    @ParameterizedTest
    @CsvSource({"false, 10", "false, 100000", "true, 10", "true, 100000"})
    void whereThereIsNoMemoryForTheHeadThePartIsReleased(boolean chunked, int length) {
        channel.config().setAllocator(new ExhaustedAllocator());
        String[] framing = chunked
                ? new String[] {"Transfer-Encoding", "chunked"}
                : new String[] {"Content-Length", Integer.toString(length)};
        channel.write(head(HttpResponseStatus.OK, framing), channel.voidPromise());
        ByteBuf content = Unpooled.wrappedBuffer(new byte[length]);

        ChannelFuture written = channel.write(new DefaultHttpContent(content));

        assertThat(written.cause()).isInstanceOf(OutOfMemoryError.class);
        assertThat(content.refCnt()).isZero();
    }
}
