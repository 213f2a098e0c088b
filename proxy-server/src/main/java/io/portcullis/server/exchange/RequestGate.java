package io.portcullis.server.exchange;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.portcullis.core.ban.Verdict;
import io.portcullis.core.http.HopByHopHeaders;
import io.portcullis.core.http.PathNormalizer;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.route.ListenerHosts;
import io.portcullis.core.route.VirtualHost;
import io.portcullis.server.tls.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * The request tier: finds out whom a request is for and from whom it really comes, asks for the verdict, and lets only
 * what is allowed go on.
 *
 * <p>Owned by the connection's event loop.
 */
public final class RequestGate extends ChannelInboundHandlerAdapter {

    private final ClientStream stream;

    /** Whether the body being received belongs to an exchange that was let through. */
    private boolean letThrough;

    public RequestGate(ClientStream stream) {
        this.stream = stream;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            open(ctx, request);
        } else if (letThrough) {
            ctx.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void open(ChannelHandlerContext ctx, HttpRequest request) {
        Exchange exchange = Exchange.of(stream, request);
        letThrough = false;
        stream.begin(exchange);
        try {
            if (request.decoderResult().isSuccess() && !hasBody(request)) {
                exchange.requestEnded(); // so that an answer given now can leave the connection open
            }
            judge(ctx, exchange, request);
        } catch (Fault fault) {
            stream.worker().responder.answer(exchange, fault);
        }
    }

    private void judge(ChannelHandlerContext ctx, Exchange exchange, HttpRequest request) throws Fault {
        Fault fault = decodingFault(request);
        if (fault != null && exchange.isUnread()) {
            throw fault;
        }
        resolve(exchange, request.headers());
        checkMethod(request.method());
        String host = takeHost(exchange, request);
        ListenerHosts hosts = exchange.listener().hosts();
        VirtualHost virtualHost = hosts.find(host);
        if (virtualHost != null) {
            exchange.asksFor(virtualHost);
        }
        String name = virtualHost == null ? "" : virtualHost.name();
        Verdict verdict = stream.worker().shared.bans().verdict(exchange.client(), exchange.clientKey(), name);
        if (verdict instanceof Verdict.Refuse refuse) {
            stream.worker().responder.refuse(exchange, refuse);
            return;
        }
        String path = PathNormalizer.normalize(request.uri());
        if (path != null) {
            exchange.normalized(path);
        }
        if (virtualHost != null && verdict instanceof Verdict.Allow allow) {
            if (isMisdirected(exchange, virtualHost, host)) {
                throw Fault.misdirected();
            }
            checkRequest(exchange, request, path, fault);
            exchange.admitted(virtualHost);
            letThrough = true;
            ctx.fireChannelRead(new Admission(exchange, virtualHost, allow));
        } else if (hosts.rejectsUnknownHosts() || isMisdirected(exchange, null, host)) {
            throw Fault.ofClient(421, "no such host here");
        } else {
            stream.worker().responder.dropUnknown(exchange);
        }
    }

    /** Whom a fault concerns is known by now, so that his jails see it. */
    private static void checkRequest(
            Exchange exchange, HttpRequest request, @Nullable String path, @Nullable Fault ofDecoding) throws Fault {
        if (ofDecoding != null) {
            throw ofDecoding;
        }
        if (path == null) {
            throw Fault.ofClient(400, "invalid path");
        }
        checkExpectation(exchange, request.headers());
        checkConnectionOptions(exchange);
    }

    /**
     * Whether the client asks for a host that the connection's certificate is not for. Several hosts may come over one
     * connection of HTTP/2, but only those that it is for (RFC 9113 section 9.1.1). HTTP/1.1 is served as nginx serves
     * it: clients do not put several hosts on one connection there.
     *
     * @param virtualHost who claims the host; null where nobody does
     */
    private boolean isMisdirected(Exchange exchange, @Nullable VirtualHost virtualHost, String host) {
        TlsSession tls = stream.connection().tls();
        if (tls == null || !exchange.isHttp2()) {
            return false;
        }
        boolean own = virtualHost != null && exchange.listener().certificate(virtualHost) == tls.certificate();
        return !own && !tls.certificate().covers(host);
    }

    private static @Nullable Fault decodingFault(HttpRequest request) {
        if (request.decoderResult().isSuccess()) {
            return null;
        }
        return request.decoderResult().cause() instanceof Fault fault
                ? fault
                : Fault.ofClient(400, "malformed request");
    }

    /** Tunnels to anywhere are not what a reverse proxy is for, and TRACE shows what proxies add (as nginx: 405). */
    private static void checkMethod(HttpMethod method) throws Fault {
        if (HttpMethod.CONNECT.equals(method) || HttpMethod.TRACE.equals(method)) {
            throw Fault.ofClient(405, "method " + method.name() + " is not served here");
        }
    }

    /** Finds the host, and brings the target into origin-form (RFC 9112 section 3.2). */
    private String takeHost(Exchange exchange, HttpRequest request) throws Fault {
        String field = exchange.host();
        String target = request.uri();
        if (target.charAt(0) == '/' || (target.equals("*") && HttpMethod.OPTIONS.equals(request.method()))) {
            return field == null ? "" : hostName(field); // HTTP/1.0 may come without
        }
        int start = target.regionMatches(true, 0, "http://", 0, 7)
                ? 7
                : target.regionMatches(true, 0, "https://", 0, 8) ? 8 : 0;
        if (start == 0) {
            throw Fault.ofClient(400, "invalid request target");
        }
        int end = start;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String authority = target.substring(start, end);
        String host = hostName(authority);
        // Section 3.2.2 lets the target win; an application behind may see it otherwise, so they have to agree.
        if (field != null && !authority.equalsIgnoreCase(field)) {
            throw Fault.ofClient(400, "Host does not agree with the request target");
        }
        if (field == null) {
            request.headers().set(HttpHeaderNames.HOST, authority);
        }
        String rest = target.substring(end);
        if (rest.isEmpty() && HttpMethod.OPTIONS.equals(request.method())) {
            request.setUri("*"); // section 3.2.4
        } else {
            request.setUri(rest.startsWith("/") ? rest : "/" + rest);
        }
        return host;
    }

    private String hostName(String authority) throws Fault {
        String host = stream.connection().hostName(authority);
        if (host == null) {
            throw Fault.ofClient(400, "invalid Host");
        }
        return host;
    }

    private void resolve(Exchange exchange, HttpHeaders headers) {
        if (stream.peer().isTrustedProxy()) {
            Rules rules = exchange.rules();
            ClientAddress client = rules.clientAddresses()
                    .resolve(stream.peer().address(), headers.getAll(rules.clientAddressHeader()));
            exchange.resolved(client, stream.worker().shared.bans().keyOf(client.client()));
        }
    }

    /** RFC 9110 section 10.1.1: there is one expectation, and HTTP/1.0 knows none. */
    private static void checkExpectation(Exchange exchange, HttpHeaders headers) throws Fault {
        if (!headers.contains(HttpHeaderNames.EXPECT)) {
            return;
        }
        if (exchange.isHttp10()) {
            headers.remove(HttpHeaderNames.EXPECT);
            return;
        }
        for (String expectation : headers.getAll(HttpHeaderNames.EXPECT)) {
            if (!expectation.equalsIgnoreCase("100-continue")) {
                throw Fault.ofClient(417, "unknown expectation (expected: 100-continue)");
            }
        }
    }

    private static void checkConnectionOptions(Exchange exchange) throws Fault {
        for (String option : exchange.connectionOptions()) {
            if (!HopByHopHeaders.mayBeNamed(option)) {
                throw Fault.ofClient(400, "Connection names a field that frames or routes");
            }
        }
    }

    private static boolean hasBody(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return true;
        }
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return length != null && !length.equals("0");
    }
}
