package io.portcullis.server.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.portcullis.server.exchange.Fault;
import io.portcullis.server.http1.BodyDecoder;
import io.portcullis.server.http1.ContentLength;
import io.portcullis.server.http1.FieldLineParser;
import io.portcullis.server.http1.FieldLines;
import io.portcullis.server.http1.MalformedMessage;
import io.portcullis.server.http1.SectionScanner;
import io.portcullis.server.http1.Sender;
import io.portcullis.server.http1.Tokens;

/**
 * Parses one whole HTTP/1 request head, strictly by RFC 9112.
 *
 * <p>Netty's own decoder joins obsolete line folding (section 5.2) before anybody can see it and lets several other
 * ambiguities pass; two parsers that read one request differently are what request smuggling lives on. So this one
 * refuses whatever the RFC does not allow, validates each octet once (the fields in
 * {@link FieldLineParser}), and the headers it makes need no second check.
 *
 * <p>Owned by one event loop; keeps nothing between heads but what {@link #parse} has just found out.
 */
final class HeadParser {

    private static final byte[] HTTP_1 = "HTTP/1.".getBytes(ISO_8859_1);
    private static final byte[] NOTHING = {};

    private final int maxHeaders;

    private byte[] bytes = NOTHING;
    private long bodyLength;

    HeadParser(int maxHeaders) {
        this.maxHeaders = maxHeaders;
    }

    /** The body's length in octets, or {@link BodyDecoder#CHUNKED}, as the last parsed head has it. */
    long bodyLength() {
        return bodyLength;
    }

    /**
     * Parses the octets from {@code 0} to {@code length}, an empty line at their end. They are taken over; behind them may
     * be room for fields that will be added.
     *
     * @throws Fault with the status that the RFC asks for
     */
    DefaultHttpRequest parse(byte[] head, int length) throws Fault, MalformedMessage {
        bytes = head;
        bodyLength = 0;
        try {
            return parseHead(length);
        } finally {
            bytes = NOTHING; // an idle connection keeps nothing of its last request
        }
    }

    private DefaultHttpRequest parseHead(int length) throws Fault, MalformedMessage {
        int lineEnd = SectionScanner.firstLineEnd(bytes);
        int methodEnd = tokenEnd(0, lineEnd);
        if (methodEnd == 0 || methodEnd == lineEnd || bytes[methodEnd] != ' ') {
            throw Fault.ofClient(400, "malformed request line");
        }
        int targetEnd = targetEnd(methodEnd + 1, lineEnd);
        HttpVersion version = version(targetEnd + 1, lineEnd);
        HttpMethod method = isGet(methodEnd) ? HttpMethod.GET : HttpMethod.valueOf(text(0, methodEnd));
        String target = text(methodEnd + 1, targetEnd);

        FieldLines headers = FieldLineParser.parse(bytes, lineEnd + 2, length - 2, maxHeaders, Sender.CLIENT);
        bodyLength = bodyLength(version, headers);
        return new DefaultHttpRequest(version, method, target, headers, false);
    }

    /** @throws Fault if a trailer frames or routes (RFC 9110 section 6.5.1) */
    static void checkTrailers(HttpHeaders trailers) throws Fault {
        if (trailers.contains(HttpHeaderNames.HOST)
                || trailers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || trailers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            throw Fault.ofClient(400, "framing or routing field in trailers");
        }
    }

    /** RFC 9112 section 6.1: chunked must come last and once; other codings than it are not understood here. */
    private static void checkTransferCoding(String value) throws Fault {
        if (value.equalsIgnoreCase("chunked")) {
            return;
        }
        String[] codings = value.split(",", -1);
        boolean chunkedLast = codings[codings.length - 1].strip().equalsIgnoreCase("chunked");
        boolean chunkedBefore = false;
        for (int i = 0; i < codings.length - 1; i++) {
            String coding = codings[i].strip();
            chunkedBefore |= coding.isEmpty() || coding.equalsIgnoreCase("chunked");
        }
        throw chunkedLast && !chunkedBefore
                ? Fault.ofClient(501, "transfer coding not supported (expected: chunked)")
                : Fault.ofClient(400, "malformed Transfer-Encoding (expected: chunked)");
    }

    /** The body's length, or {@link BodyDecoder#CHUNKED}. */
    private static long bodyLength(HttpVersion version, FieldLines headers) throws Fault, MalformedMessage {
        boolean http11 = HttpVersion.HTTP_1_1.equals(version);
        int hosts = headers.count(HttpHeaderNames.HOST);
        if (hosts > 1 || (http11 && hosts == 0)) {
            throw Fault.ofClient(400, hosts == 0 ? "no Host" : "more than one Host"); // RFC 9112 section 3.2
        }
        long length = ContentLength.of(headers);
        int codings = headers.count(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings == 0) {
            return length == ContentLength.NONE ? 0 : length;
        }
        checkTransferCoding(headers.get(HttpHeaderNames.TRANSFER_ENCODING, ""));
        if (codings > 1 || length != ContentLength.NONE || !http11) {
            // Section 6.1: a message with both is an attempt at smuggling; HTTP/1.0 knows no transfer codings.
            throw Fault.ofClient(400, "ambiguous message length");
        }
        return BodyDecoder.CHUNKED;
    }

    private int targetEnd(int start, int lineEnd) throws Fault {
        int at = start;
        while (at < lineEnd && bytes[at] != ' ') {
            // Visible US-ASCII only (RFC 3986). A fragment is never sent, and proxies that cut it disagree
            // (CVE-2023-45539).
            if (bytes[at] <= ' ' || bytes[at] == 0x7F || bytes[at] == '#') {
                throw Fault.ofClient(400, "invalid character in the request target");
            }
            at++;
        }
        if (at == start || at == lineEnd) {
            throw Fault.ofClient(400, "malformed request line");
        }
        return at;
    }

    private HttpVersion version(int start, int end) throws Fault {
        boolean wellFormed =
                end - start == 8 && bytes[end - 2] == '.' && isDigit(bytes[end - 1]) && isDigit(bytes[end - 3]);
        for (int i = 0; wellFormed && i < 5; i++) {
            wellFormed = bytes[start + i] == HTTP_1[i];
        }
        if (!wellFormed) {
            throw Fault.ofClient(400, "malformed protocol version");
        }
        if (bytes[start + 5] == '1' && bytes[end - 1] == '1') {
            return HttpVersion.HTTP_1_1;
        }
        if (bytes[start + 5] == '1' && bytes[end - 1] == '0') {
            return HttpVersion.HTTP_1_0;
        }
        throw Fault.ofClient(505, "protocol version not supported (expected: HTTP/1.0 or HTTP/1.1)");
    }

    /** As most are. */
    private boolean isGet(int methodEnd) {
        return methodEnd == 3 && bytes[0] == 'G' && bytes[1] == 'E' && bytes[2] == 'T';
    }

    private int tokenEnd(int start, int end) {
        int at = start;
        while (at < end && Tokens.isTokenByte(bytes[at])) {
            at++;
        }
        return at;
    }

    private String text(int start, int end) {
        return new String(bytes, start, end - start, ISO_8859_1);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
