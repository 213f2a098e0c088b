package io.portcullis.server.exchange;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.portcullis.core.http.ForwardedHeaders;
import io.portcullis.core.http.HostName;
import io.portcullis.core.route.VirtualHost;
import org.jspecify.annotations.Nullable;

/** The redirect of what comes unencrypted to {@code https}, where the virtual host wants it. */
final class HttpsRedirect {

    private static final int HTTPS_PORT = 443;

    private HttpsRedirect() {}

    /** Whether a request came unencrypted that must not. A trusted proxy says how its client came. */
    static boolean concerns(Admission admission) {
        Exchange exchange = admission.exchange();
        return admission.virtualHost().redirectsToHttps() && !exchange.isSecure() && !cameByHttps(exchange);
    }

    private static boolean cameByHttps(Exchange exchange) {
        if (!exchange.stream().peer().isTrustedProxy()) {
            return false;
        }
        String scheme = exchange.request().headers().get(ForwardedHeaders.X_FORWARDED_PROTO);
        if (scheme == null) {
            return false;
        }
        int comma = scheme.indexOf(','); // of several proxies the first saw the client
        return (comma < 0 ? scheme : scheme.substring(0, comma)).strip().equalsIgnoreCase("https");
    }

    /** Where to; null where the request names no host, and the virtual host has no name that could stand for it. */
    static @Nullable String location(Admission admission) {
        Exchange exchange = admission.exchange();
        String host = host(exchange, admission.virtualHost());
        if (host == null) {
            return null;
        }
        int port = exchange.rules().httpsPort(admission.virtualHost());
        String target = exchange.request().uri();
        return "https://" + host + (port == HTTPS_PORT ? "" : ":" + port) + (target.startsWith("/") ? target : "/");
    }

    private static @Nullable String host(Exchange exchange, VirtualHost virtualHost) {
        String field = exchange.request().headers().get("Host");
        if (field != null) {
            return HostName.parse(field);
        }
        return virtualHost.serverNames().stream()
                .filter(name -> name.indexOf('*') < 0)
                .findFirst()
                .orElse(null);
    }

    /** Browsers turn a POST that meets a 301 into a GET (RFC 9110 section 15.4.2); 308 keeps method and body. */
    static int status(HttpRequest request) {
        boolean keepsMethodAnyway = HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
        return keepsMethodAnyway ? 301 : 308;
    }
}
