package io.portcullis.server.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A decoder of answers at work, and what it has decoded: everything but how a body was cut into parts. */
final class AnswerDecoding implements AnswerDecoder.Sink {

    private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

    private final AnswerDecoder decoder = new AnswerDecoder(this);
    private final List<String> heads = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private final List<ByteBuf> received = new ArrayList<>();
    private String end = "";

    AnswerDecoding(boolean toHead) {
        decoder.expectAnswer(toHead);
    }

    /** Decodes an answer that arrives all at once, after which the connection is closed. */
    static String of(boolean toHead, String octets) {
        AnswerDecoding decoding = new AnswerDecoding(toHead);
        byte[] bytes = octets.getBytes(ISO_8859_1);
        decoding.receive(bytes, 0, bytes.length);
        return decoding.finish();
    }

    static String of(String octets) {
        return of(false, octets);
    }

    AnswerDecoder decoder() {
        return decoder;
    }

    void receive(String octets) {
        byte[] bytes = octets.getBytes(ISO_8859_1);
        receive(bytes, 0, bytes.length);
    }

    void receive(byte[] octets, int start, int to) {
        ByteBuf buffer = ALLOCATOR.buffer(to - start);
        buffer.writeBytes(octets, start, to - start);
        received.add(buffer);
        decoder.decode(buffer, ALLOCATOR);
    }

    /** What it has decoded so far. */
    String reading() {
        return String.join(" / ", heads) + " body=" + body + end;
    }

    /** The connection is closed; every buffer has been released. */
    String finish() {
        decoder.inputEnded();
        decoder.discard();
        assertThat(received).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
        return reading();
    }

    static String text(HttpResponse head) {
        int code = head.status().code();
        return head.protocolVersion() + " " + code + " " + head.status().reasonPhrase() + " " + text(head.headers());
    }

    /** A length is a number: zeros before it say nothing. */
    static String text(HttpHeaders fields) {
        StringBuilder text = new StringBuilder("[");
        for (Map.Entry<String, String> field : fields) {
            String value = field.getValue();
            boolean length = field.getKey().equalsIgnoreCase("content-length");
            text.append(field.getKey()).append(": ");
            text.append(length ? Long.valueOf(value).toString() : value).append("; ");
        }
        return text.append(']').toString();
    }

    @Override
    public void head(HttpResponse head) {
        assertThat(end).as("nothing follows the end").isEmpty();
        heads.add(text(head));
    }

    @Override
    public void content(HttpContent part) {
        assertThat(end).as("nothing follows the end").isEmpty();
        body.append(part.content().toString(ISO_8859_1));
        if (part instanceof LastHttpContent last) {
            end = " trailers=" + text(last.trailingHeaders()) + " ended";
        }
        part.release();
    }

    @Override
    public void malformed(boolean inBody, String reason) {
        end = (inBody ? " cut: " : " refused: ") + reason;
    }
}
