package io.portcullis.server.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.portcullis.server.exchange.Handshake;
import io.portcullis.server.tls.ServedCertificate;
import io.portcullis.server.tls.TlsSession;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The SNI tier's octets: reads the client's hello before any engine of TLS exists, and lets {@link Handshake} decide. Whom
 * that refuses has cost neither a certificate nor a signature.
 *
 * <p>In its place then come the engine and, behind it, what waits for the handshake's end. Owned by the connection's event
 * loop.
 */
final class SniGate extends SslClientHelloHandler<Void> {

    /**
     * A hello with post-quantum keys has some 2 KiB, one that resumes a session with a large ticket some more.
     * CVE-2026-45416: without a bound nine octets announce 16 MiB. The time-out is the connection's.
     */
    private static final int MAX_HELLO = 16 * 1024;

    private final Handshake handshake;
    private final Consumer<TlsSession> secured;

    private boolean isHello;
    private @Nullable String serverName;

    /** @param secured puts in place what speaks HTTP, by what was agreed on */
    SniGate(Handshake handshake, Consumer<TlsSession> secured) {
        super(MAX_HELLO);
        this.handshake = handshake;
        this.secured = secured;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (handshake.isOver()) {
            ReferenceCountUtil.release(message);
            return;
        }
        handshake.begun();
        super.channelRead(ctx, message);
    }

    /** @param hello null where the client sent something else */
    @Override
    protected Future<Void> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf hello) {
        isHello = hello != null;
        serverName = hello == null ? null : ClientHello.serverName(hello);
        return ctx.executor().newSucceededFuture(null);
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, Future<Void> done) {
        if (handshake.isOver()) {
            return;
        }
        if (!isHello) {
            boolean http = isLetter(internalBuffer().getByte(internalBuffer().readerIndex()));
            internalBuffer().skipBytes(actualReadableBytes());
            handshake.spokeNoTls(http);
            return;
        }
        ServedCertificate certificate = handshake.hello(serverName);
        if (certificate == null) {
            internalBuffer().skipBytes(actualReadableBytes());
            return;
        }
        SslHandler engine = certificate.context().newHandler(ctx.alloc());
        engine.setHandshakeTimeoutMillis(0); // the connection's own is running
        ctx.pipeline().addAfter(ctx.name(), "handshake", new HandshakeEnd(certificate, engine));
        ctx.pipeline().replace(this, "tls", engine); // which gets what has been read
    }

    /** As every method begins. */
    private static boolean isLetter(byte octet) {
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            handshake.inputEnded();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        handshake.broken(cause);
    }

    /** Waits for the end of the handshake, and makes way for HTTP. */
    private final class HandshakeEnd extends ChannelInboundHandlerAdapter {
        private final ServedCertificate certificate;
        private final SslHandler engine;

        HandshakeEnd(ServedCertificate certificate, SslHandler engine) {
            this.certificate = certificate;
            this.engine = engine;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent end) {
                if (end.isSuccess()) {
                    TlsSession session = TlsSession.of(engine.engine(), handshake.serverName(), certificate);
                    handshake.completed(session);
                    secured.accept(session);
                    ctx.pipeline().remove(this);
                } else {
                    handshake.failed(String.valueOf(end.cause().getMessage()));
                }
            } else if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
                handshake.inputEnded();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            handshake.broken(cause);
        }
    }
}
