package io.portcullis.server.http2;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.portcullis.core.http.HopByHopHeaders;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Heads and trailers from HTTP/1's form into HTTP/2's: names in lower case, without what is for an HTTP/1 connection
 * only (RFC 9113 section 8.2.2). The way back is {@link Http2Fields}.
 */
public final class Http2Sections {

    private static final AsciiString[] NONE = {};

    /** The fields that a common answer has, name and value each. */
    private static final int USUAL = 24;

    private Http2Sections() {}

    /**
     * A request's section.
     *
     * @param scheme {@code http} or {@code https}
     */
    public static Http2Headers ofRequest(HttpRequest head, AsciiString scheme) {
        HttpHeaders headers = head.headers();
        String host = headers.get(HttpHeaderNames.HOST, "");
        return ReadOnlyHttp2Headers.clientHeaders(
                false,
                head.method().asciiName(),
                new AsciiString(head.uri()),
                scheme,
                new AsciiString(host),
                fields(headers, true));
    }

    /** The section of an answer, interim or final. */
    public static Http2Headers ofAnswer(HttpResponseStatus status, HttpHeaders headers) {
        return ReadOnlyHttp2Headers.serverHeaders(false, status.codeAsText(), fields(headers, false));
    }

    public static Http2Headers ofTrailers(HttpHeaders trailers) {
        return ReadOnlyHttp2Headers.trailers(false, fields(trailers, false));
    }

    /** Names and values by turns. */
    private static AsciiString[] fields(HttpHeaders headers, boolean ofRequest) {
        List<String> named = headers.contains(HttpHeaderNames.CONNECTION)
                ? HopByHopHeaders.options(headers.getAll(HttpHeaderNames.CONNECTION))
                : List.of();
        List<AsciiString> fields = new ArrayList<>(USUAL);
        Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = all.next();
            AsciiString name = AsciiString.of(field.getKey()).toLowerCase();
            AsciiString value = AsciiString.of(field.getValue());
            // A name that is no token can't be said in HTTP/2, and nobody's parser here lets one in.
            if (isForNextHop(name, value, ofRequest) && FieldOctets.isName(name) && !isNamed(named, name)) {
                fields.add(name);
                fields.add(clean(value));
            }
        }
        return fields.toArray(NONE);
    }

    /** {@code te: trailers} is the one thing that HTTP/2 lets a request say of its connection. */
    private static boolean isForNextHop(AsciiString name, AsciiString value, boolean ofRequest) {
        if (ofRequest && name.contentEquals(HttpHeaderNames.TE)) {
            return value.contentEqualsIgnoreCase("trailers");
        }
        if (ofRequest && name.contentEquals(HttpHeaderNames.HOST)) {
            return false; // it is the authority
        }
        return !HopByHopHeaders.isOfConnection(name);
    }

    /** {@code TE} has to be named by Connection where HTTP/1.1 has it, and is for the next hop all the same. */
    private static boolean isNamed(List<String> named, AsciiString name) {
        if (named.isEmpty() || name.contentEquals(HttpHeaderNames.TE)) {
            return false;
        }
        for (String option : named) {
            if (HopByHopHeaders.mayBeNamed(option) && name.contentEquals(option)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The value as HTTP/2 may have it: without outer blanks, and with a space where a control character was (RFC 9110
     * section 5.5; an HTTP/1 application may send some that HTTP/2 does not know).
     */
    private static AsciiString clean(AsciiString value) {
        if (FieldOctets.isValue(value)) {
            return value;
        }
        byte[] octets = value.toByteArray();
        for (int i = 0; i < octets.length; i++) {
            if (FieldOctets.isControl(octets[i])) {
                octets[i] = ' ';
            }
        }
        int start = 0;
        int end = octets.length;
        while (start < end && FieldOctets.isBlank(octets[start])) {
            start++;
        }
        while (end > start && FieldOctets.isBlank(octets[end - 1])) {
            end--;
        }
        return new AsciiString(octets, start, end - start, false);
    }
}
