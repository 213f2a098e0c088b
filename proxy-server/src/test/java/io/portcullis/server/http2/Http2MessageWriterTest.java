package io.portcullis.server.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The frames that a message becomes. */
class Http2MessageWriterTest {

    private final EmbeddedChannel channel = new EmbeddedChannel(new Writing());

    /** Hands to the writer what is written. */
    private static final class Writing extends ChannelOutboundHandlerAdapter {
        private final Http2MessageWriter writer = new Http2MessageWriter();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (message instanceof HttpResponseStatus status) {
                Http2Headers head = Http2Sections.ofAnswer(status, EmptyHttpHeaders.INSTANCE);
                if (status.code() < 200) {
                    writer.interim(ctx, head, promise);
                } else {
                    writer.head(head, promise);
                }
            } else {
                writer.content(ctx, (HttpContent) message, promise);
            }
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            writer.flushHeld(ctx);
            ctx.flush();
        }
    }

    private List<String> frames() {
        List<String> frames = new ArrayList<>();
        for (Object frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
            if (frame instanceof Http2HeadersFrame headers) {
                CharSequence status = headers.headers().status();
                frames.add((status == null ? "trailers" : "head " + status) + (headers.isEndStream() ? " end" : ""));
            } else if (frame instanceof Http2DataFrame data) {
                frames.add("data " + data.content().toString(US_ASCII) + (data.isEndStream() ? " end" : ""));
            }
            ReferenceCountUtil.release(frame);
        }
        return frames;
    }

    private static HttpContent part(String text) {
        return new DefaultHttpContent(Unpooled.copiedBuffer(text, US_ASCII));
    }

    private static LastHttpContent last(String text) {
        return new DefaultLastHttpContent(Unpooled.copiedBuffer(text, US_ASCII));
    }

    @Test
    void aMessageWithoutBodyIsOneFrameAsGrpcNeedsItForAnErrorAtOnce() {
        channel.write(HttpResponseStatus.OK);
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);

        assertThat(frames()).containsExactly("head 200 end");
    }

    @Test
    void aHeadIsNotHeldBackWhenTheBodyTakesItsTime() {
        channel.writeAndFlush(HttpResponseStatus.OK);
        assertThat(frames()).containsExactly("head 200");

        channel.writeAndFlush(part("a"));
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(frames()).containsExactly("data a", "data  end");
    }

    @Test
    void interimAnswersGoBeforeTheHead() {
        channel.writeAndFlush(HttpResponseStatus.EARLY_HINTS);
        channel.write(HttpResponseStatus.OK);
        channel.writeAndFlush(last("a"));

        assertThat(frames()).containsExactly("head 103", "head 200", "data a end");
    }

    @Test
    void trailersEndTheStream() {
        LastHttpContent last = last("b");
        last.trailingHeaders().set("grpc-status", "0");
        channel.write(HttpResponseStatus.OK);
        channel.write(part(""));
        channel.write(part("a"));
        channel.writeAndFlush(last);

        assertThat(frames()).containsExactly("head 200", "data a", "data b", "trailers end");
    }

    @Test
    void everyWriteIsReportedDoneOrTheConnectionWouldNeverCloseAfterALastAnswer() {
        List<ChannelFuture> writes = new ArrayList<>();
        writes.add(channel.write(HttpResponseStatus.OK));
        writes.add(channel.write(part("")));
        writes.add(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));

        assertThat(writes).allMatch(ChannelFuture::isSuccess);
        frames();
    }
}
