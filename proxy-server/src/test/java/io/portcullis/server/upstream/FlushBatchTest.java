package io.portcullis.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** If this fails, an answer or a request lies in the proxy until something else is sent on its connection. */
class FlushBatchTest {

    private final List<String> flushed = new ArrayList<>();
    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final FlushBatch batch = new FlushBatch(loop.eventLoop());

    @Test
    void flushesEachChannelWhenTheTurnEnds() {
        batch.add(channel("one"));
        batch.add(channel("other"));

        assertThat(flushed).isEmpty();
        loop.runPendingTasks();
        assertThat(flushed).containsExactly("one", "other");
    }

    @Test
    void sendsWhatWasWrittenAfterItWasAdded() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.write(Unpooled.wrappedBuffer(new byte[] {1}));
        batch.add(channel);
        channel.write(Unpooled.wrappedBuffer(new byte[] {2}));

        loop.runPendingTasks();
        assertThat(channel.outboundMessages()).hasSize(2);
        channel.finishAndReleaseAll();
    }

    @Test
    void flushesInTheNextTurnWhatIsAddedThen() {
        batch.add(channel("first turn"));
        loop.runPendingTasks();
        batch.add(channel("second turn"));

        loop.runPendingTasks();
        assertThat(flushed).containsExactly("first turn", "second turn");
    }

    @Test
    void flushesWhatIsAddedWhileItFlushes() {
        batch.add(new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext ctx) {
                flushed.add("first");
                batch.add(channel("added by it"));
            }
        }));

        loop.runPendingTasks();
        assertThat(flushed).containsExactly("first", "added by it");
    }

    @Test
    void takesMoreChannelsThanItHasRoomForAtFirst() {
        for (int i = 0; i < 1_000; i++) {
            batch.add(channel("one of many"));
        }

        loop.runPendingTasks();
        assertThat(flushed).hasSize(1_000);
    }

    @Test
    void flushesTheOthersWhereOneFails() {
        batch.add(new EmbeddedChannel() {
            @Override
            public EmbeddedChannel flush() {
                throw new IllegalStateException("a fault of one connection");
            }
        });
        batch.add(channel("the next"));

        loop.runPendingTasks();
        assertThat(flushed).containsExactly("the next");
    }

    @Test
    void passesOverWhatHasBeenClosedMeanwhile() {
        EmbeddedChannel closed = channel("closed");
        batch.add(closed);
        batch.add(channel("open"));
        closed.close();

        loop.runPendingTasks();
        assertThat(flushed).contains("open");
    }

    private EmbeddedChannel channel(String name) {
        return new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext ctx) {
                flushed.add(name);
                ctx.flush();
            }
        });
    }
}
