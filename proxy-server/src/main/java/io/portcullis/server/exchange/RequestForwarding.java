package io.portcullis.server.exchange;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.portcullis.core.config.RouteConfig.ToUpstream;
import io.portcullis.core.http.ForwardedHeaders;
import io.portcullis.core.http.HopByHopHeaders;
import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.route.Route;
import io.portcullis.server.http1.FieldLines;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes the request that an endpoint gets out of the one that came: what is for this hop stops, what it knows is added. */
final class RequestForwarding {

    private RequestForwarding() {}

    /** What stops here whoever sends it. */
    private static boolean isUnwantedOfProxy(CharSequence name) {
        return HopByHopHeaders.isHopByHop(name) || ForwardedHeaders.isCgiAlias(name);
    }

    /** What stops here of a stranger's: what says who the client is, where nobody trusted said it, too. */
    private static boolean isUnwanted(CharSequence name) {
        return isUnwantedOfProxy(name) || ForwardedHeaders.isClaim(name);
    }

    /**
     * The head for the endpoint. Takes the headers of the exchange's request over; those that the access log wants stay.
     *
     * @param upgrade the protocol that the client asks to change to, where that is passed on
     */
    static HttpRequest head(Exchange exchange, Route route, @Nullable String upgrade) {
        HttpRequest received = exchange.request();
        FieldLines headers = received.headers() instanceof FieldLines lines ? lines : FieldLines.of(received.headers());
        boolean chunked = headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
        boolean trailersWelcome = headers.containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true);
        List<String> forwardedFor = receivedHops(exchange, headers);

        boolean believed = exchange.stream().peer().isTrustedProxy();
        headers.removeIf(believed ? RequestForwarding::isUnwantedOfProxy : RequestForwarding::isUnwanted);
        for (String named : exchange.connectionOptions()) { // RFC 9110 section 7.6.1
            headers.remove(named);
        }
        if (believed && !exchange.rules().clientAddressHeader().equals(ForwardedHeaders.FORWARDED)) {
            headers.remove(ForwardedHeaders.FORWARDED); // nobody verified it: few proxies set it, or know to remove it
        }
        if (chunked) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (upgrade != null) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
            headers.set(HttpHeaderNames.UPGRADE, upgrade);
        } else if (trailersWelcome) {
            headers.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderNames.TE);
        }
        tellClient(headers, exchange, forwardedFor);
        if (!headers.contains(HttpHeaderNames.HOST) && route.target() instanceof ToUpstream target) {
            headers.set(HttpHeaderNames.HOST, endpointHost(target)); // HTTP/1.0 may come without, HTTP/1.1 not go
        }
        String uri = route.upstreamTarget(received.uri(), exchange.path());
        boolean asReceived = headers == received.headers()
                && uri.equals(received.uri())
                && HttpVersion.HTTP_1_1.equals(received.protocolVersion());
        return asReceived
                ? received
                : new DefaultHttpRequest(HttpVersion.HTTP_1_1, received.method(), uri, headers, false);
    }

    /**
     * What X-Forwarded-For is to begin with. Where the client is read from another header, what came in this one was
     * verified by nobody, and the client is told in its place.
     */
    private static List<String> receivedHops(Exchange exchange, HttpHeaders headers) {
        ClientAddress client = exchange.client();
        if (!exchange.stream().peer().isTrustedProxy()) {
            return List.of();
        }
        if (exchange.rules().clientAddressHeader().equals(ForwardedHeaders.X_FORWARDED_FOR)) {
            return headers.getAll(ForwardedHeaders.X_FORWARDED_FOR);
        }
        return client.client().equals(client.peer())
                ? List.of()
                : List.of(client.client().toString());
    }

    /**
     * Takes out of a request's trailers what no header may say either: an application that merges the two (RFC 9110
     * section 6.5.1 lets it, where it knows the field) would believe a client's word about who it is. A trusted proxy
     * says that in headers.
     */
    static void cleanTrailers(HttpHeaders trailers) {
        for (String name : trailers.names()) {
            if (isUnwanted(name) || name.equalsIgnoreCase(ForwardedHeaders.X_REQUEST_ID)) {
                trailers.remove(name);
            }
        }
    }

    /** As nginx does where the client named no host. */
    private static String endpointHost(ToUpstream target) {
        String url = target.upstream().endpoints().get(0).toString();
        return url.substring(url.indexOf("://") + 3);
    }

    /** Set last, so that nothing a client sent can take them out again (CVE-2021-32813). */
    private static void tellClient(FieldLines headers, Exchange exchange, List<String> forwardedFor) {
        Peer peer = exchange.stream().peer();
        String host = headers.getLikely(HttpHeaderNames.HOST, exchange.host());
        String scheme = exchange.isSecure() ? "https" : "http";
        if (peer.isTrustedProxy()) {
            ClientAddress client = exchange.client();
            headers.set(ForwardedHeaders.X_FORWARDED_FOR, ForwardedHeaders.forwardedFor(forwardedFor, client));
            headers.set(ForwardedHeaders.X_REAL_IP, ForwardedHeaders.realIp(client));
            setIfAbsent(headers, ForwardedHeaders.X_FORWARDED_PORT, portOf(headers, peer));
            setIfAbsent(headers, ForwardedHeaders.X_FORWARDED_PROTO, scheme);
            if (host != null) {
                setIfAbsent(headers, ForwardedHeaders.X_FORWARDED_HOST, host);
            }
        } else {
            peer.tell(headers, scheme, host);
        }
        exchange.tellRequestId(headers);
    }

    /**
     * The port that the client used, where the trusted proxy does not say it: the usual one of the scheme that it does
     * say, since ours is only the port that the proxy used.
     */
    private static String portOf(HttpHeaders headers, Peer peer) {
        String scheme = headers.get(ForwardedHeaders.X_FORWARDED_PROTO);
        if (scheme == null) {
            return peer.port();
        }
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "https", "wss" -> "443";
            case "http", "ws" -> "80";
            default -> peer.port();
        };
    }

    private static void setIfAbsent(HttpHeaders headers, String name, String value) {
        if (!headers.contains(name)) {
            headers.set(name, value);
        }
    }

    /**
     * The protocol that the client asks to change to, where that is passed on. Not with a body, whose end others have
     * misjudged; and never h2c, in which one connection would carry requests that nobody here sees.
     */
    static @Nullable String upgrade(Exchange exchange) {
        HttpHeaders headers = exchange.request().headers();
        if (!headers.contains(HttpHeaderNames.UPGRADE) || exchange.isHttp10() || !exchange.isRequestEnded()) {
            return null;
        }
        boolean named = exchange.connectionOptions().contains("upgrade");
        String protocol = headers.get(HttpHeaderNames.UPGRADE);
        boolean http = protocol.regionMatches(true, 0, "h2", 0, 2) || protocol.regionMatches(true, 0, "http", 0, 4);
        return named && !http && !protocol.isEmpty() && protocol.indexOf(',') < 0 ? protocol : null;
    }

    /** RFC 9110 section 9.2.2: what may be sent twice. */
    static boolean isIdempotent(HttpMethod method) {
        return HttpMethod.GET.equals(method)
                || HttpMethod.HEAD.equals(method)
                || HttpMethod.OPTIONS.equals(method)
                || HttpMethod.PUT.equals(method)
                || HttpMethod.DELETE.equals(method);
    }
}
