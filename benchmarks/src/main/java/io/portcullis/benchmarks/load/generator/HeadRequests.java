package io.portcullis.benchmarks.load.generator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Requests that differ in nothing but the host, each name in its turn. All of them lie one behind the other in one buffer,
 * of which each connection has its view.
 */
final class HeadRequests implements Requests {

    private static final int BODY_PART = 64 * 1_024;

    private final ByteBuf all;
    private final int[] ends;
    private final ByteBuf body;
    private final long bodyOctets;
    private int turn;

    /** @param bodyOctets what follows each head; 0 for none */
    HeadRequests(List<String> heads, long bodyOctets) {
        int octets = heads.stream().mapToInt(String::length).sum();
        this.all = Unpooled.directBuffer(octets);
        this.ends = new int[heads.size()];
        for (int i = 0; i < ends.length; i++) {
            all.writeCharSequence(heads.get(i), StandardCharsets.US_ASCII);
            ends[i] = all.writerIndex();
        }
        this.bodyOctets = bodyOctets;
        int part = (int) Math.min(bodyOctets, BODY_PART);
        this.body =
                part == 0 ? Unpooled.EMPTY_BUFFER : Unpooled.directBuffer(part).writeZero(part);
    }

    @Override
    public ByteBuf view() {
        return all.retainedDuplicate();
    }

    @Override
    public void next(ByteBuf view) {
        view.setIndex(turn == 0 ? 0 : ends[turn - 1], ends[turn]);
        turn = turn + 1 == ends.length ? 0 : turn + 1;
    }

    @Override
    public void close() {
        all.release();
        body.release();
    }

    @Override
    public long bodyOctets() {
        return bodyOctets;
    }

    @Override
    public ByteBuf bodyPart(long most) {
        return body.retainedSlice(0, (int) Math.min(most, body.capacity()));
    }
}
