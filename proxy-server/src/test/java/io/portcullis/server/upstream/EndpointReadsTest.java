package io.portcullis.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** How much memory an endpoint's answer takes, and how many reads. */
class EndpointReadsTest {

    private static final long MOST = 1 << 30;

    private long used;
    private final ExtendedHandle handle = (ExtendedHandle) new EndpointReads(() -> used, MOST).newHandle();

    /** One turn of an event loop, with one read that finds so many octets, or as many as there is room for. */
    private int read(int octets) {
        handle.reset(new EmbeddedChannel().config());
        ByteBuf buffer = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
        int room = buffer.writableBytes();
        handle.attemptedBytesRead(room);
        handle.lastBytesRead(Math.min(room, octets));
        handle.incMessagesRead(1);
        handle.readComplete();
        buffer.release();
        return room;
    }

    private void readMuch() {
        for (int i = 0; i < 10; i++) {
            read(Integer.MAX_VALUE);
        }
    }

    /** If it breaks: ten thousand idle connections take as much as ten thousand downloads. */
    @Test
    void theFirstReadIsSmall() {
        assertThat(handle.guess()).isLessThanOrEqualTo(4096);
    }

    /** If it breaks: large answers take a tenth to a quarter more processor time. */
    @Test
    void readsThatAreFilledGrow() {
        readMuch();
        assertThat(read(Integer.MAX_VALUE)).isEqualTo(EndpointReads.LARGE);
    }

    @Test
    void readsThatFindLittleShrink() {
        readMuch();
        for (int i = 0; i < 50; i++) {
            read(100);
        }
        assertThat(handle.guess()).isLessThan(4096);
    }

    /** If it breaks: clients that do not take their answers use up the memory with a quarter as many connections. */
    @Test
    void whereMemoryIsNotRoomyTheyStaySmall() {
        readMuch();
        used = MOST / 4 + 1;
        assertThat(read(Integer.MAX_VALUE)).isEqualTo(EndpointReads.SMALL);
        assertThat(read(Integer.MAX_VALUE)).isEqualTo(EndpointReads.SMALL);
        used = MOST / 4;
        readMuch();
        assertThat(read(Integer.MAX_VALUE)).isEqualTo(EndpointReads.LARGE);
    }
}
