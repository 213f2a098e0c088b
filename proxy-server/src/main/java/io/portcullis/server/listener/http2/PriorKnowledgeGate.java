package io.portcullis.server.listener.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, on a plain listener, which version the client speaks: HTTP/2 begins with octets that are no HTTP/1 request
 * (RFC 9113 section 3.4). Upgrade by {@code h2c} is not offered: nobody's browser knows it.
 *
 * <p>Owned by the connection's event loop.
 */
public final class PriorKnowledgeGate extends ByteToMessageDecoder {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    private final Runnable http1;
    private final Runnable http2;

    /** @param http1 adds the handlers of the version that is spoken, as the other does */
    public PriorKnowledgeGate(Runnable http1, Runnable http2) {
        this.http1 = http1;
        this.http2 = http2;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        Runnable version = version(in);
        if (version != null) {
            version.run();
            ctx.pipeline().remove(this); // passes on what it has
        }
    }

    private @Nullable Runnable version(ByteBuf in) {
        int known = Math.min(in.readableBytes(), PREFACE.length);
        for (int i = 0; i < known; i++) {
            if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
                return http1;
            }
        }
        return known == PREFACE.length ? http2 : null;
    }
}
