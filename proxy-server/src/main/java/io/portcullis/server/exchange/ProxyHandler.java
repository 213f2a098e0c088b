package io.portcullis.server.exchange;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.portcullis.core.config.RouteConfig.FixedAnswer;
import io.portcullis.core.config.RouteConfig.Redirect;
import io.portcullis.core.config.RouteConfig.ToUpstream;
import io.portcullis.core.route.Route;
import org.jspecify.annotations.Nullable;

/**
 * Carries admitted exchanges out: routes each, and passes its request on to whatever answers it.
 *
 * <p>Owned by the connection's event loop.
 */
public final class ProxyHandler extends ChannelInboundHandlerAdapter {

    private final ClientStream stream;

    public ProxyHandler(ClientStream stream) {
        this.stream = stream;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stream.lost();
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Admission admission) {
            route(admission);
        } else {
            HttpContent part = (HttpContent) message;
            Forwarding current = forwarding();
            if (current == null || current.isOver()) {
                part.release(); // answered by the proxy itself
            } else {
                current.body(part);
            }
        }
    }

    /** Asked of the stream, so that an idle connection keeps nothing of its last exchange. */
    private @Nullable Forwarding forwarding() {
        return stream.driver() instanceof Forwarding current ? current : null;
    }

    private void route(Admission admission) {
        Exchange exchange = admission.exchange();
        if (HttpsRedirect.concerns(admission)) {
            redirectToHttps(admission);
            return;
        }
        Route route = admission.virtualHost().route(exchange.path());
        ErrorResponder responder = stream.worker().responder;
        if (route == null) {
            responder.fixed(exchange, 404, "404 Not Found\nrequest id " + exchange.requestId() + "\n");
        } else if (route.target() instanceof ToUpstream target) {
            new Forwarding(exchange, route, target).start();
        } else if (route.target() instanceof Redirect redirect) {
            responder.redirect(exchange, redirect.location(), redirect.status());
        } else if (route.target() instanceof FixedAnswer answer) {
            responder.fixed(exchange, answer.status(), answer.body());
        }
    }

    private void redirectToHttps(Admission admission) {
        Exchange exchange = admission.exchange();
        String location = HttpsRedirect.location(admission);
        if (location == null) {
            stream.worker().responder.answer(exchange, Fault.ofClient(400, "no Host, and only https is served here"));
        } else {
            stream.worker().responder.redirect(exchange, location, HttpsRedirect.status(exchange.request()));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Forwarding current = forwarding();
        if (current != null && !current.isOver()) {
            current.flushRequest();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Forwarding current = forwarding();
        if (current != null && !current.isOver()) {
            current.clientWritabilityChanged(ctx.channel().isWritable());
        } else if (ctx.channel().isWritable()) {
            stream.writable();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            stream.inputEnded();
        } else if (event instanceof SslCloseCompletionEvent) {
            stream.goodbye();
        }
        ctx.fireUserEventTriggered(event);
    }

    /** What is thrown here is the connection's end (a peer's reset), or a fault of ours that must cost no more. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        stream.broken(cause);
    }
}
