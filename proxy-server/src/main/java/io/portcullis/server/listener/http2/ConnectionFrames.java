package io.portcullis.server.listener.http2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.ReferenceCountUtil;
import io.portcullis.server.exchange.ClientConnection;
import io.portcullis.server.exchange.Http2Conversation;

/**
 * The end of an HTTP/2 connection's pipeline: takes what concerns no stream, and tells of the faults that end it.
 *
 * <p>Owned by the connection's event loop.
 */
public final class ConnectionFrames extends ChannelInboundHandlerAdapter {

    private final Http2Conversation conversation;
    private boolean faulty;

    public ConnectionFrames(Http2Conversation conversation) {
        this.conversation = conversation;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http2SettingsFrame) {
            conversation.begun();
        } else if (frame instanceof Http2GoAwayFrame) {
            conversation.clientLeaves();
        }
        ReferenceCountUtil.release(frame);
    }

    /** Half a connection is of no use to HTTP/2: without WINDOW_UPDATEs no answer goes far. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.channel().close();
        }
    }

    /** The frame codec says GOAWAY and closes, after this. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Http2Exception violation = Http2CodecUtil.getEmbeddedHttp2Exception(cause);
        if (violation != null) {
            if (!faulty) {
                faulty = true; // once for each connection: what is still read of it says nothing new
                conversation.violated(String.valueOf(violation.getMessage()));
            }
        } else if (ClientConnection.isLoss(cause)) {
            ctx.close();
        } else {
            conversation.failed(cause);
        }
    }
}
