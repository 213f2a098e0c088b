package io.portcullis.server.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.server.exchange.AnswerEncoder;
import io.portcullis.server.exchange.ClientChannel;
import io.portcullis.server.exchange.ClientConnection;
import io.portcullis.server.exchange.EmbeddedWorker;
import io.portcullis.server.exchange.Fault;
import io.portcullis.server.exchange.Http1Stream;
import io.portcullis.server.exchange.TestRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A decoder at work, and what it has decoded.
 *
 * <p>Each buffer that goes in is remembered, so that {@link #finish} can tell a leak from the buffer itself and need not
 * wait for the garbage collector to find one.
 */
final class Decoding {

    /** Shared: it holds no state between connections that are never opened. */
    private static final EmbeddedWorker WORKER = new EmbeddedWorker(new TestRules(List.of()));

    /** One request as the decoder handed it on; what is not there is empty. */
    static final class Message {
        String line = "";
        final List<String> fields = new ArrayList<>();
        final StringBuilder body = new StringBuilder();
        final List<String> trailers = new ArrayList<>();
        boolean ended;

        @Nullable
        Fault fault;

        int status() {
            return fault == null ? 0 : fault.status().code();
        }

        /** Everything but how the body was cut into parts, which depends on how it arrived. */
        @Override
        public String toString() {
            return line + " " + fields + " body=" + body + " trailers=" + trailers + (ended ? " ended" : "")
                    + (fault == null ? "" : " " + status() + ": " + fault.getMessage());
        }
    }

    private final ClientChannel channel = new ClientChannel("198.51.100.7");
    private final RequestDecoder decoder;
    private final boolean answersAtOnce;
    private final List<Message> messages = new ArrayList<>();
    private final List<ByteBuf> received = new ArrayList<>();
    private final List<Throwable> thrown = new ArrayList<>();
    private final StringBuilder rest = new StringBuilder();

    /** @param answersAtOnce whether each exchange ends as its request does, so that the next may be decoded */
    Decoding(LimitsConfig limits, boolean answersAtOnce) {
        Http1Stream stream =
                new Http1Stream(new ClientConnection(channel, WORKER.worker(), WORKER.listener()), new AnswerEncoder());
        this.decoder = new RequestDecoder(stream, limits);
        this.answersAtOnce = answersAtOnce;
        stream.attach(decoder);
        channel.pipeline().addLast(decoder, new Collector());
    }

    static LimitsConfig limits(int head, int headers, long body) {
        return new LimitsConfig(head, headers, body, 100, 0);
    }

    static LimitsConfig limits() {
        return limits(16 * 1024, 100, 1024 * 1024);
    }

    /** Decodes octets that arrive all at once, and answers each request at once. */
    static List<Message> of(String octets) {
        return of(octets, limits());
    }

    static List<Message> of(String octets, LimitsConfig limits) {
        Decoding decoding = new Decoding(limits, true);
        decoding.receive(octets);
        return decoding.finish();
    }

    void receive(String octets) {
        receive(octets.getBytes(ISO_8859_1), 0, octets.length());
    }

    void receive(byte[] octets, int start, int end) {
        ByteBuf buffer = channel.alloc().buffer(end - start);
        buffer.writeBytes(octets, start, end - start);
        received.add(buffer);
        channel.writeInbound(buffer);
    }

    void nextRequest() {
        decoder.nextRequest();
    }

    void discard() {
        decoder.discard();
    }

    /** Takes the decoder off the pipeline. @return the octets that it then handed on */
    String remove() {
        channel.pipeline().remove(decoder);
        return rest.toString();
    }

    boolean hasPending() {
        return decoder.hasPending();
    }

    boolean isReading() {
        return channel.config().isAutoRead();
    }

    List<Message> messages() {
        return messages;
    }

    /** Closes; nothing was thrown on the way, and every buffer has been released. */
    List<Message> finish() {
        channel.finishAndReleaseAll();
        assertThat(thrown).isEmpty();
        assertThat(received).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
        assertThat(decoder.hasPending()).isFalse();
        return messages;
    }

    private final class Collector extends ChannelInboundHandlerAdapter {
        private Message current = new Message();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object read) {
            if (read instanceof HttpRequest request) {
                current = new Message();
                messages.add(current);
                current.line = request.method() + " " + request.uri() + " " + request.protocolVersion();
                current.fields.addAll(lines(request.headers()));
                fault(request.decoderResult());
            } else if (read instanceof ByteBuf octets) {
                rest.append(octets.toString(ISO_8859_1));
                octets.release();
            } else if (read instanceof HttpContent content) {
                assertThat(current.ended).as("nothing follows the end").isFalse();
                current.body.append(content.content().toString(ISO_8859_1));
                content.release();
                fault(content.decoderResult());
                if (content instanceof LastHttpContent last) {
                    current.trailers.addAll(lines(last.trailingHeaders()));
                    current.ended = true;
                    if (answersAtOnce) {
                        decoder.nextRequest();
                    }
                }
            }
        }

        private void fault(DecoderResult result) {
            if (result.isFailure()) {
                assertThat(result.cause()).isInstanceOf(Fault.class);
                current.fault = (Fault) result.cause();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            thrown.add(cause);
        }
    }

    private static List<String> lines(HttpHeaders headers) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, String> field : headers) {
            lines.add(field.getKey() + ": " + field.getValue());
        }
        return lines;
    }
}
