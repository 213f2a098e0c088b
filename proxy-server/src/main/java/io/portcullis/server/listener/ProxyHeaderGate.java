package io.portcullis.server.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.portcullis.core.net.ProxyHeader;
import io.portcullis.server.exchange.ClientConnection;
import org.jspecify.annotations.Nullable;

/**
 * Reads the PROXY protocol's header at the start of a connection, and refuses whom it names where nothing on this listener
 * serves him: before TLS, and before a byte of a request is read.
 *
 * <p>What a peer says who is no trusted proxy is read and thrown away: it is the client. Owned by the connection's event
 * loop.
 */
final class ProxyHeaderGate extends ChannelInboundHandlerAdapter {

    private final ClientConnection connection;
    private final Runnable next;
    private @Nullable ByteBuf pending;

    /** @param next puts the handlers of what comes after the header into the pipeline */
    ProxyHeaderGate(ClientConnection connection, Runnable next) {
        this.connection = connection;
        this.next = next;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf received = (ByteBuf) message;
        ByteBuf kept = pending;
        ByteBuf all =
                kept == null ? received : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), kept, received);
        pending = all;
        byte[] octets = new byte[Math.min(all.readableBytes(), ProxyHeader.MAX_LENGTH)];
        all.getBytes(all.readerIndex(), octets);
        ProxyHeader header = ProxyHeader.read(octets, octets.length);
        if (header instanceof ProxyHeader.PassedOn passedOn) {
            if (connection.isOfTrustedProxy()) {
                connection.isFor(passedOn);
            }
            goOn(ctx, passedOn.length());
        } else if (header instanceof ProxyHeader.Own own) {
            goOn(ctx, own.length());
        } else if (header instanceof ProxyHeader.Malformed malformed) {
            connection.resetForProxyHeader(malformed.problem());
        }
    }

    private void goOn(ChannelHandlerContext ctx, int headerLength) {
        if (connection.wouldBeRefusedAtAccept()) {
            connection.meter().refusedAtAccept();
            connection.reset();
            return;
        }
        ByteBuf rest = pending;
        pending = null;
        next.run();
        if (rest != null) {
            rest.skipBytes(headerLength);
            if (rest.isReadable()) {
                ctx.fireChannelRead(rest);
            } else {
                rest.release();
            }
        }
        ctx.pipeline().remove(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ByteBuf rest = pending;
        pending = null;
        if (rest != null) {
            rest.release();
        }
    }
}
