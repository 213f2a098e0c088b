package io.portcullis.server.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.portcullis.server.exchange.Fault;
import io.portcullis.server.http1.FieldLineParser;
import io.portcullis.server.http1.FieldLines;
import io.portcullis.server.http1.MalformedFields;
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

    /** The body's length where the head announces none. */
    static final long NO_BODY = 0;
    /** The body's length where it comes in chunks. */
    static final long CHUNKED = -1;

    private static final byte[] HTTP_1 = "HTTP/1.".getBytes(ISO_8859_1);
    private static final byte[] NOTHING = {};
    private static final int MAX_LENGTH_DIGITS = 18;

    private final int maxHeaders;

    private byte[] bytes = NOTHING;
    private long bodyLength;

    HeadParser(int maxHeaders) {
        this.maxHeaders = maxHeaders;
    }

    /** The body's length in octets, or {@link #CHUNKED}, as the last parsed head has it. */
    long bodyLength() {
        return bodyLength;
    }

    /**
     * Parses the octets from {@code 0} to {@code length}, an empty line at their end. They are taken over; behind them may
     * be room for fields that will be added.
     *
     * @throws Fault with the status that the RFC asks for
     */
    DefaultHttpRequest parse(byte[] head, int length) throws Fault {
        bytes = head;
        bodyLength = NO_BODY;
        try {
            return parseHead(length);
        } finally {
            bytes = NOTHING; // an idle connection keeps nothing of its last request
        }
    }

    private DefaultHttpRequest parseHead(int length) throws Fault {
        int lineEnd = endOfLine(0);
        int methodEnd = tokenEnd(0, lineEnd);
        if (methodEnd == 0 || methodEnd == lineEnd || bytes[methodEnd] != ' ') {
            throw Fault.ofClient(400, "malformed request line");
        }
        int targetEnd = targetEnd(methodEnd + 1, lineEnd);
        HttpVersion version = version(targetEnd + 1, lineEnd);
        HttpMethod method = isGet(methodEnd) ? HttpMethod.GET : HttpMethod.valueOf(text(0, methodEnd));
        String target = text(methodEnd + 1, targetEnd);

        FieldLines headers = fields(bytes, lineEnd + 2, length - 2, maxHeaders);
        bodyLength = bodyLength(version, headers);
        return new DefaultHttpRequest(version, method, target, headers, false);
    }

    /**
     * Parses a trailer section (RFC 9112 section 7.1.2), an empty line at its end. The octets are taken over, too.
     *
     * @throws Fault if it is malformed or names a field that frames or routes (RFC 9110 section 6.5.1)
     */
    HttpHeaders parseTrailers(byte[] section, int length) throws Fault {
        FieldLines trailers = fields(section, 0, length - 2, maxHeaders);
        if (trailers.contains(HttpHeaderNames.HOST)
                || trailers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || trailers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            throw Fault.ofClient(400, "framing or routing field in trailers");
        }
        return trailers;
    }

    private static FieldLines fields(byte[] octets, int start, int end, int maxHeaders) throws Fault {
        try {
            return FieldLineParser.parse(octets, start, end, maxHeaders);
        } catch (MalformedFields malformed) {
            throw Fault.ofClient(malformed.isTooMany() ? 431 : 400, malformed.getMessage());
        }
    }

    private static long length(String value) throws Fault {
        int digits = value.length();
        long length = 0;
        for (int i = 0; i < digits; i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9 || digits > MAX_LENGTH_DIGITS) {
                throw Fault.ofClient(400, "malformed Content-Length");
            }
            length = length * 10 + digit;
        }
        if (digits == 0) {
            throw Fault.ofClient(400, "malformed Content-Length");
        }
        return length;
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

    /** The body's length, or {@link #CHUNKED}. */
    private static long bodyLength(HttpVersion version, FieldLines headers) throws Fault {
        boolean http11 = HttpVersion.HTTP_1_1.equals(version);
        int hosts = headers.count(HttpHeaderNames.HOST);
        if (hosts > 1 || (http11 && hosts == 0)) {
            throw Fault.ofClient(400, hosts == 0 ? "no Host" : "more than one Host"); // RFC 9112 section 3.2
        }
        int lengths = headers.count(HttpHeaderNames.CONTENT_LENGTH);
        if (lengths > 1) {
            // Equal values could be taken for one (RFC 9110 section 8.6); no honest client sends two.
            throw Fault.ofClient(400, "more than one Content-Length");
        }
        long length = lengths == 0 ? NO_BODY : length(headers.get(HttpHeaderNames.CONTENT_LENGTH, ""));
        int codings = headers.count(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings == 0) {
            return length;
        }
        checkTransferCoding(headers.get(HttpHeaderNames.TRANSFER_ENCODING, ""));
        if (codings > 1 || lengths > 0 || !http11) {
            // Section 6.1: a message with both is an attempt at smuggling; HTTP/1.0 knows no transfer codings.
            throw Fault.ofClient(400, "ambiguous message length");
        }
        return CHUNKED;
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

    /** The decoder has made sure that every line ends in CRLF. */
    private int endOfLine(int start) {
        int at = start;
        while (bytes[at] != '\n') {
            at++;
        }
        return at - 1;
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
