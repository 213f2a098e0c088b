package io.portcullis.server.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * When answers over HTTP/2 leave. Too seldom, and a client waits for an answer that is ready; too often, and each takes a
 * record and a system call of its own; after a reset or the end, and it is lost.
 */
class GatheredFlushesTest {

    private final List<String> below = new ArrayList<>();
    private boolean flushesAtReadComplete;
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new Below(), new GatheredFlushes(), new ChannelInboundHandlerAdapter() {
                @Override
                public void channelReadComplete(ChannelHandlerContext ctx) {
                    if (flushesAtReadComplete) {
                        ctx.flush();
                    }
                }
            });

    /** In place of the frame codec. */
    private final class Below extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object frame, ChannelPromise promise) {
            below.add(frame instanceof Http2DataFrame ? "data" : "reset");
            ReferenceCountUtil.release(frame);
            promise.setSuccess();
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            below.add("flush");
        }

        @Override
        public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
            below.add("close");
            ctx.close(promise);
        }
    }

    private void answer(int octets) {
        channel.pipeline().write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[octets])));
        channel.pipeline().flush();
    }

    private void endOfTurn() {
        channel.runPendingTasks();
    }

    @Test
    void theAnswersOfOneTurnAreFlushedTogether() {
        answer(100);
        answer(100);
        answer(100);
        assertThat(below).containsExactly("data", "data", "data");

        endOfTurn();
        assertThat(below).containsExactly("data", "data", "data", "flush");
    }

    @Test
    void eachTurnHasItsFlush() {
        answer(1);
        endOfTurn();
        answer(1);
        endOfTurn();

        assertThat(below).containsExactly("data", "flush", "data", "flush");
    }

    @Test
    void aWholeRecordWaitsForNothingAndIsFlushedOnce() {
        answer(GatheredFlushes.ENOUGH - 1);
        assertThat(below).containsExactly("data");
        answer(1);
        assertThat(below).containsExactly("data", "data", "flush");
        answer(1);

        endOfTurn();
        assertThat(below).containsExactly("data", "data", "flush", "data", "flush");
    }

    @Test
    void aFlushAtOnceLeavesNoneForTheEndOfTheTurn() {
        answer(1);
        answer(GatheredFlushes.ENOUGH);
        endOfTurn();

        assertThat(below).containsExactly("data", "data", "flush");
    }

    @Test
    void whatWasFlushedBeforeAResetIsSentBeforeIt() {
        answer(1);
        channel.pipeline().write(new DefaultHttp2ResetFrame(Http2Error.CANCEL));

        assertThat(below).containsExactly("data", "flush", "reset");
    }

    @Test
    void resetsBeforeWhichNothingWasFlushedAreGatheredToo() {
        for (int i = 0; i < 3; i++) {
            channel.pipeline().write(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        }
        channel.pipeline().flush();

        endOfTurn();
        assertThat(below).containsExactly("reset", "reset", "reset", "flush");
    }

    @Test
    void whatWasFlushedBeforeTheEndIsSentBeforeIt() {
        answer(1);
        channel.pipeline().close();

        assertThat(below).containsExactly("data", "flush", "close");
    }

    @Test
    void theFrameCodecsOwnFlushAtTheEndOfAReadIsEnough() {
        flushesAtReadComplete = true;
        answer(1);
        channel.pipeline().fireChannelReadComplete();
        endOfTurn();
        assertThat(below).containsExactly("data");

        answer(1);
        endOfTurn();
        assertThat(below).containsExactly("data", "data", "flush");
    }
}
