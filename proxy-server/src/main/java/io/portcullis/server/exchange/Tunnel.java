package io.portcullis.server.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;

/**
 * An exchange that has become a pair of byte streams: a WebSocket (RFC 6455), or any other protocol that both sides
 * agreed to change to (RFC 9110 section 7.8).
 *
 * <p>Each side is read only as fast as the other takes it. The exchange lasts as long as the tunnel, and a ban ends it
 * like any other. Owned by the connection's event loop.
 */
final class Tunnel implements ExchangeDriver {

    private final Exchange exchange;
    private final ClientStream stream;
    private final Channel client;
    private final Channel upstream;
    private final long idleNanos;

    private Tunnel(Exchange exchange, Channel upstream) {
        this.exchange = exchange;
        this.stream = exchange.stream();
        this.client = stream.channel();
        this.upstream = upstream;
        this.idleNanos = exchange.rules().timeouts().tunnel().toNanos();
    }

    /** Takes the HTTP handlers off both channels and joins what is left; octets that came early are passed on first. */
    static void open(Exchange exchange, Channel upstream) {
        Tunnel tunnel = new Tunnel(exchange, upstream);
        exchange.upgraded();
        tunnel.stream.drivenBy(tunnel);
        tunnel.stream.expectWithin(tunnel.idleNanos);

        ChannelPipeline toUpstream = upstream.pipeline();
        toUpstream.addLast("tunnel", tunnel.new UpstreamEnd());
        toUpstream.remove("upstream");
        tunnel.stream.becomeTunnel(tunnel.new ClientEnd());
        toUpstream.remove("decoder"); // last: it lets go of what it holds, which by now passes through to the client

        tunnel.client.flush();
        upstream.flush();
        upstream.config().setAutoRead(true);
    }

    @Override
    public void timedOut() {
        upstream.close();
        stream.endAndReset();
    }

    @Override
    public void abandoned() {
        upstream.close();
    }

    @Override
    public void inputEnded() {
        upstream.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> ((SocketChannel) upstream).shutdownOutput());
    }

    /** Passes on what the client sends. */
    private final class ClientEnd extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf received = (ByteBuf) message;
            exchange.received(received.readableBytes());
            stream.expectWithin(idleNanos);
            upstream.write(received, upstream.voidPromise());
            if (!upstream.isWritable()) {
                upstream.flush();
                stream.reading().holdForBody(!upstream.isWritable());
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            upstream.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            upstream.config().setAutoRead(ctx.channel().isWritable());
        }
    }

    /** Passes on what the application sends, and ends the exchange when it closes. */
    private final class UpstreamEnd extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf received = (ByteBuf) message;
            exchange.sent(received.readableBytes());
            stream.expectWithin(idleNanos);
            client.write(received, client.voidPromise());
            if (!client.isWritable()) {
                client.flush();
                upstream.config().setAutoRead(client.isWritable());
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            client.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            stream.reading().holdForBody(!ctx.channel().isWritable());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!stream.isIdle() && client.isActive()) {
                stream.endTunnel();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close(); // a reset by the application; its inactivity ends the tunnel
        }
    }
}
