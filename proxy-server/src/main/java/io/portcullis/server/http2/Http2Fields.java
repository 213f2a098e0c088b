package io.portcullis.server.http2;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Heads and trailers from HTTP/2's form into HTTP/1's, in which everything else here knows them.
 *
 * <p>Strict by RFC 9113 section 8: whatever it calls malformed is refused, because what follows may write it as HTTP/1.1,
 * where the same octets can mean another request. The way back is {@link Http2Sections}.
 */
public final class Http2Fields {

    /** The version that requests over HTTP/2 carry. */
    public static final HttpVersion HTTP_2 = new HttpVersion("HTTP", 2, 0, true);

    private static final AsciiString CONNECT = HttpMethod.CONNECT.asciiName();
    private static final AsciiString ASTERISK = AsciiString.cached("*");

    private Http2Fields() {}

    /**
     * A request's head. {@code Host} is the authority; a body whose length is not given appears as chunked, and one that
     * a method would have and that ends at once, as of length 0.
     *
     * <p>A plain CONNECT has the authority for its target. An extended one (RFC 8441) is told by {@link #protocol}, and
     * has a target as any other request.
     *
     * @param endStream whether the head is the whole request
     */
    public static DefaultHttpRequest request(Http2Headers section, boolean endStream) throws MalformedSection {
        FieldSection received = FieldSection.of(section);
        HttpHeaders headers = received.fields();
        AsciiString method = (AsciiString) received.method();
        if (method == null || received.status() != null) {
            throw malformed("no :method, or :status in a request");
        }
        if (!FieldOctets.isMethod(method)) {
            throw malformed("malformed :method");
        }
        boolean connect = method.contentEquals(CONNECT);
        if (received.protocol() != null && !connect) {
            throw malformed(":protocol without CONNECT"); // RFC 8441 section 4
        }
        checkAuthority(received);
        boolean extended = received.protocol() != null;
        String target = connect && !extended ? connectTarget(received) : target(received, method);
        if (!extended) {
            frameBody(received, headers, method, endStream);
        } else if (received.contentLength() != FieldSection.NO_LENGTH) {
            throw malformed("content-length of a tunnel");
        }
        return new DefaultHttpRequest(HTTP_2, HttpMethod.valueOf(method.toString()), target, headers, false);
    }

    /** What an extended CONNECT asks for (RFC 8441 section 4); null where it is none. */
    public static @Nullable String protocol(Http2Headers section) {
        AsciiString protocol = FieldSection.of(section).protocol();
        return protocol == null ? null : protocol.toString();
    }

    /** The length of the body as the head says it; -1 where it does not. */
    public static long contentLength(HttpHeaders converted) {
        String length = converted.get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null ? FieldSection.NO_LENGTH : Long.parseLong(length);
    }

    /**
     * An answer's head, interim or final, as of HTTP/1.1. It names no transfer coding: the body ends where the stream
     * does.
     */
    public static HttpResponse answer(Http2Headers section) throws MalformedSection {
        FieldSection received = FieldSection.of(section);
        HttpHeaders headers = received.fields();
        AsciiString status = (AsciiString) received.status();
        if (status == null || received.hasRequestPseudoHeaders()) {
            throw malformed("no :status, or a request's pseudo-header in an answer");
        }
        int code = code(status);
        if (code == 101) {
            throw malformed("status 101"); // RFC 9113 section 8.6
        }
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code), headers);
    }

    /**
     * The trailers of a request.
     *
     * @throws MalformedSection for fields that frame or route, too (RFC 9110 section 6.5.1)
     */
    public static HttpHeaders requestTrailers(Http2Headers section) throws MalformedSection {
        FieldSection received = FieldSection.of(section);
        HttpHeaders trailers = trailers(received);
        if (received.contentLength() != FieldSection.NO_LENGTH || received.host() != null) {
            throw malformed("framing or routing field in trailers");
        }
        return trailers;
    }

    /** The trailers of an answer, without what would frame it. */
    public static HttpHeaders answerTrailers(Http2Headers section) throws MalformedSection {
        return trailers(FieldSection.of(section)).remove(HttpHeaderNames.CONTENT_LENGTH);
    }

    private static HttpHeaders trailers(FieldSection received) throws MalformedSection {
        HttpHeaders trailers = received.fields();
        if (received.hasPseudoHeaders()) {
            throw malformed("pseudo-header in trailers"); // RFC 9113 section 8.1
        }
        return trailers;
    }

    /** RFC 9113 section 8.3.1: host may stand beside the authority where it says the same, or in its place. */
    private static void checkAuthority(FieldSection received) throws MalformedSection {
        AsciiString authority = (AsciiString) received.authority();
        AsciiString host = received.host();
        if (authority == null) {
            authority = host;
        } else if (host != null && !host.contentEqualsIgnoreCase(authority)) {
            throw malformed("host does not agree with :authority");
        }
        if (authority == null) {
            throw malformed("no :authority");
        }
        if (!FieldOctets.isAuthority(authority)) {
            throw malformed("malformed :authority");
        }
    }

    private static String connectTarget(FieldSection received) throws MalformedSection {
        AsciiString authority = (AsciiString) received.authority();
        if (authority == null || received.scheme() != null || received.path() != null) {
            throw malformed("CONNECT has :authority, and neither :scheme nor :path"); // RFC 9113 section 8.5
        }
        return authority.toString();
    }

    private static String target(FieldSection received, AsciiString method) throws MalformedSection {
        AsciiString scheme = (AsciiString) received.scheme();
        AsciiString path = (AsciiString) received.path();
        if (scheme == null || path == null) {
            throw malformed("no :scheme or no :path");
        }
        // Nobody here uses it, but others have put it before the authority to make a URL: "http://internal/x?".
        if (!scheme.contentEquals("https") && !scheme.contentEquals("http")) {
            throw malformed(":scheme is neither http nor https");
        }
        boolean asterisk = path.contentEquals(ASTERISK)
                && method.contentEquals(HttpMethod.OPTIONS.asciiName())
                && received.protocol() == null;
        if (!FieldOctets.isTarget(path) || (path.byteAt(0) != '/' && !asterisk)) {
            throw malformed("malformed :path");
        }
        return path.toString();
    }

    private static void frameBody(FieldSection received, HttpHeaders headers, AsciiString method, boolean endStream)
            throws MalformedSection {
        long length = received.contentLength();
        if (!endStream) {
            if (length == FieldSection.NO_LENGTH) {
                headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
        } else if (length > 0) {
            throw malformed("content-length is not the length of the body"); // RFC 9113 section 8.1.1
        } else if (length == FieldSection.NO_LENGTH && hasBodyAsARule(method)) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO); // RFC 9110 section 8.6
        }
    }

    private static boolean hasBodyAsARule(AsciiString method) {
        return method.contentEquals(HttpMethod.POST.asciiName())
                || method.contentEquals(HttpMethod.PUT.asciiName())
                || method.contentEquals(HttpMethod.PATCH.asciiName());
    }

    private static int code(AsciiString status) throws MalformedSection {
        int code = 0;
        for (int i = 0; i < status.length(); i++) {
            int digit = status.byteAt(i) - '0';
            code = digit < 0 || digit > 9 ? -1000 : code * 10 + digit;
        }
        if (status.length() != 3 || code < 100) {
            throw malformed("malformed :status");
        }
        return code;
    }

    private static MalformedSection malformed(String reason) {
        return new MalformedSection(reason, false);
    }
}
