package io.portcullis.core.http;

import io.portcullis.core.net.ClientAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header fields that tell an application who its client is and how the client came: their names, and the values
 * that this proxy gives them.
 *
 * <p>Whoever sets them first removes what the client sent ({@link #isClaim}, {@link #isCgiAlias}) and what {@code
 * Connection} names, and sets them last; otherwise a client that sends {@code Connection: X-Forwarded-For} makes the
 * application see the proxy as the client.
 */
public final class ForwardedHeaders {

    public static final String X_FORWARDED_FOR = "X-Forwarded-For";
    public static final String X_FORWARDED_PROTO = "X-Forwarded-Proto";
    public static final String X_FORWARDED_HOST = "X-Forwarded-Host";
    public static final String X_FORWARDED_PORT = "X-Forwarded-Port";
    public static final String X_REAL_IP = "X-Real-IP";
    public static final String FORWARDED = "Forwarded";
    public static final String X_REQUEST_ID = "X-Request-Id";

    private ForwardedHeaders() {}

    /**
     * The value of {@code X-Forwarded-For}: the chain of hops, ending in the peer.
     *
     * @param received all values that came with the request, in order; believed and kept only from a trusted proxy
     */
    public static String forwardedFor(List<String> received, ClientAddress from) {
        String peer = from.peer().toString();
        if (!from.viaTrustedProxy()) {
            return peer;
        }
        StringBuilder chain = new StringBuilder();
        for (String value : received) {
            if (!value.isBlank()) {
                chain.append(value).append(", ");
            }
        }
        return chain.append(peer).toString();
    }

    /** The value of {@code X-Real-IP}. */
    public static String realIp(ClientAddress from) {
        return from.client().toString();
    }

    /**
     * The value of {@code X-Forwarded-Proto}, {@code -Host} or {@code -Port}: what a trusted proxy said, otherwise what
     * this proxy saw.
     *
     * @param received the value that came with the request
     */
    public static String believed(@Nullable String received, ClientAddress from, String seen) {
        return from.viaTrustedProxy() && received != null && !received.isBlank() ? received : seen;
    }

    /**
     * Whether a field of this name says who the client is or how it came. From a peer that is not trusted it is a
     * claim that some application may believe, and is discarded. Covers what the usual proxies and content networks
     * send and the usual frameworks read.
     */
    public static boolean isClaim(CharSequence name) {
        return Ascii.startsWithIgnoreCase(name, "x-forwarded-")
                || switch (name.length()) {
                    case 9 ->
                        Ascii.equalsIgnoreCase(name, "forwarded")
                                || Ascii.equalsIgnoreCase(name, "x-real-ip")
                                || Ascii.equalsIgnoreCase(name, "client-ip");
                    case 11 ->
                        Ascii.equalsIgnoreCase(name, "x-client-ip") || Ascii.equalsIgnoreCase(name, "x-forwarded");
                    case 14 -> Ascii.equalsIgnoreCase(name, "true-client-ip");
                    case 16 -> Ascii.equalsIgnoreCase(name, "cf-connecting-ip");
                    case 19 -> Ascii.equalsIgnoreCase(name, "x-cluster-client-ip");
                    default -> false;
                };
    }

    /**
     * Whether an application could take this name for another: CGI and what follows it (PHP, WSGI, Rack) turn both
     * {@code X-Forwarded-For} and {@code X_Forwarded_For} into {@code HTTP_X_FORWARDED_FOR}. nginx drops such fields
     * too, unless {@code underscores_in_headers} is on.
     */
    public static boolean isCgiAlias(CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '_') {
                return true;
            }
        }
        return false;
    }
}
