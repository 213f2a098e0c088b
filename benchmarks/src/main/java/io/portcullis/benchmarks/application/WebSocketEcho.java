package io.portcullis.benchmarks.application;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Sends every frame of a WebSocket back (RFC 6455). */
final class WebSocketEcho extends SimpleChannelInboundHandler<WebSocketFrame> {

    private static final int LONGEST_FRAME = 1 << 20;
    /** RFC 6455, section 1.3. */
    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** The answer to the handshake that sent this key. */
    static String handshake(String key) {
        try {
            // The RFC asks for SHA-1: it is no secret's.
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
                    + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JDK has SHA-1", e);
        }
    }

    /** From now on the pipeline speaks WebSocket, in the place of that handler. */
    static void takeOver(ChannelPipeline pipeline, ChannelHandler http) {
        pipeline.addLast(
                new WebSocket13FrameDecoder(true, false, LONGEST_FRAME),
                new WebSocket13FrameEncoder(false),
                new WebSocketEcho());
        pipeline.remove(http);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        if (frame instanceof PongWebSocketFrame) {
            return;
        }
        WebSocketFrame back = frame instanceof PingWebSocketFrame
                ? new PongWebSocketFrame(frame.content().retain())
                : frame.retain();
        context.write(back, context.voidPromise());
        if (frame instanceof CloseWebSocketFrame) {
            context.flush();
            context.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
