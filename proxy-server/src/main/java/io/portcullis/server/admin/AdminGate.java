package io.portcullis.server.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.portcullis.core.net.IpAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who knows the token, and no page in a browser whatever it knows. Decides by the head, before a byte of the
 * body is kept.
 *
 * <p>A page that an operator has open can send requests to his own machine. It cannot do so without a field
 * {@code Origin} where it matters (RFC 6454, Fetch), nor in a browser of these years without {@code Sec-Fetch-Site}
 * (Fetch Metadata), so who sends one is refused; and where it has made its own name resolve to this machine (DNS
 * rebinding), the browser still sends that name as {@code Host}. No answer has a field of CORS, so what a browser asks
 * in advance is never allowed.
 */
final class AdminGate extends ChannelInboundHandlerAdapter {

    /** What pages cannot leave out of the requests that they make. */
    private static final List<String> BROWSERS_ALONE = List.of("Origin", "Sec-Fetch-Site");

    private final AdminToken token;
    private final BiPredicate<String, String> isPublic;
    /** Set by the first head, whatever came of it: one request a connection. */
    private boolean hasDecided;

    private boolean isClosed;
    private boolean hasToken;

    /** @param isPublic whether a method and target are for who does not know the token, too */
    AdminGate(AdminToken token, BiPredicate<String, String> isPublic) {
        this.token = token;
        this.isPublic = isPublic;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            isClosed |= hasDecided;
            if (!hasDecided) {
                hasDecided = true;
                Refusal refusal = refusal(ctx, request);
                if (refusal != null) {
                    isClosed = true;
                    AdminConnection.refuse(ctx.channel(), refusal);
                }
            }
        }
        if (isClosed) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    /** Whether the request showed the token; where it did not and was let in, anybody may make it. */
    boolean hasToken() {
        return hasToken;
    }

    private @Nullable Refusal refusal(ChannelHandlerContext ctx, HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return unreadable(request.decoderResult().cause());
        }
        if (request.protocolVersion().majorVersion() != 1) {
            return Refusal.badRequest(request.protocolVersion() + " is not spoken here", "HTTP/1.1");
        }
        HttpHeaders headers = request.headers();
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() != 1 || !isOwn(hosts.get(0), ctx)) {
            return new Refusal(
                    421,
                    "Host " + String.join(", ", hosts) + " is not this machine",
                    "localhost, or the address connected to");
        }
        for (String field : BROWSERS_ALONE) {
            if (headers.contains(field)) {
                return new Refusal(403, "requests of web pages are not answered", "a request without a field " + field);
            }
        }
        List<String> authorization = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        hasToken = authorization.size() == 1 && token.isIn(authorization.get(0));
        if (authorization.isEmpty() && isPublic.test(request.method().name(), request.uri())) {
            return body(request);
        }
        if (!hasToken) {
            return new Refusal(
                    401,
                    authorization.isEmpty() ? "the token is missing" : "the token is wrong",
                    "Authorization: Bearer and what admin.token-file has");
        }
        return body(request);
    }

    /** A form or plain text is all that a page may send without being asked first: neither is JSON. */
    private static @Nullable Refusal body(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (HttpUtil.getContentLength(request, 0L) > AdminListener.MOST_BODY_BYTES) {
            return tooLong();
        }
        boolean hasBody = headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || !headers.get(HttpHeaderNames.CONTENT_LENGTH, "0").equals("0");
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
        String essence = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return hasBody && !essence.equals(AdminJson.CONTENT_TYPE)
                ? new Refusal(415, "the body's type " + type + " is not known", AdminJson.CONTENT_TYPE)
                : null;
    }

    static Refusal tooLong() {
        return new Refusal(413, "the body is too long", AdminListener.MOST_BODY_BYTES + " bytes at most");
    }

    private static Refusal unreadable(@Nullable Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new Refusal(414, "the request line is too long", AdminListener.MOST_LINE_BYTES + " bytes at most");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new Refusal(
                    431, "the header fields are too long", AdminListener.MOST_FIELD_BYTES + " bytes at most");
        }
        return Refusal.badRequest("the request cannot be read", "HTTP/1.1");
    }

    /** {@code localhost}, a loopback address, or the address connected to; on any port, since tunnels change it. */
    private static boolean isOwn(String host, ChannelHandlerContext ctx) {
        String name = host.replaceFirst(":[0-9]*$", "");
        if (name.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        boolean bracketed = name.startsWith("[") && name.endsWith("]");
        IpAddress address = IpAddress.parse(bracketed ? name.substring(1, name.length() - 1) : name);
        if (address == null) {
            return false;
        }
        return address.toInetAddress().isLoopbackAddress()
                || (ctx.channel().localAddress() instanceof InetSocketAddress local
                        && address.equals(IpAddress.of(local.getAddress())));
    }
}
