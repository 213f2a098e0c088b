package io.portcullis.server.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.portcullis.server.exchange.Fault;

/**
 * Parses one whole HTTP/1 request head, strictly by RFC 9112.
 *
 * <p>Netty's own decoder joins obsolete line folding (section 5.2) before anybody can see it and lets several other
 * ambiguities pass; two parsers that read one request differently are what request smuggling lives on. So this one
 * refuses whatever the RFC does not allow, validates each octet once, and the headers it makes need no second check.
 *
 * <p>Owned by one event loop; keeps nothing between heads but what {@link #parse} has just found out.
 */
final class HeadParser {

    /** The body's length where the head announces none. */
    static final long NO_BODY = 0;
    /** The body's length where it comes in chunks. */
    static final long CHUNKED = -1;

    private static final HttpHeadersFactory HEADERS =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);
    private static final byte[] HTTP_1 = "HTTP/1.".getBytes(ISO_8859_1);
    private static final int MAX_LENGTH_DIGITS = 18;

    private final int maxHeaders;

    private byte[] bytes = new byte[0];
    private int hosts;
    private int transferEncodings;
    private long bodyLength;
    private boolean lengthGiven;

    HeadParser(int maxHeaders) {
        this.maxHeaders = maxHeaders;
    }

    static HttpHeaders noHeaders() {
        return HEADERS.newHeaders();
    }

    /** The body's length in octets, or {@link #CHUNKED}, as the last parsed head has it. */
    long bodyLength() {
        return bodyLength;
    }

    /**
     * Parses the octets from {@code 0} to {@code length}, an empty line at their end.
     *
     * @throws Fault with the status that the RFC asks for
     */
    DefaultHttpRequest parse(byte[] head, int length) throws Fault {
        bytes = head;
        hosts = 0;
        transferEncodings = 0;
        bodyLength = NO_BODY;
        lengthGiven = false;

        int lineEnd = endOfLine(0);
        int methodEnd = tokenEnd(0, lineEnd);
        if (methodEnd == 0 || methodEnd == lineEnd || bytes[methodEnd] != ' ') {
            throw Fault.ofClient(400, "malformed request line");
        }
        int targetEnd = targetEnd(methodEnd + 1, lineEnd);
        HttpVersion version = version(targetEnd + 1, lineEnd);
        HttpMethod method = HttpMethod.valueOf(text(0, methodEnd));
        String target = text(methodEnd + 1, targetEnd);

        HttpHeaders headers = HEADERS.newHeaders();
        parseFields(headers, lineEnd + 2, length - 2, true);
        checkFraming(version);
        return new DefaultHttpRequest(version, method, target, headers, false);
    }

    /**
     * Parses a trailer section (RFC 9112 section 7.1.2), an empty line at its end.
     *
     * @throws Fault if it is malformed or names a field that frames or routes (RFC 9110 section 6.5.1)
     */
    HttpHeaders parseTrailers(byte[] section, int length) throws Fault {
        bytes = section;
        hosts = 0;
        transferEncodings = 0;
        lengthGiven = false;
        HttpHeaders trailers = HEADERS.newHeaders();
        parseFields(trailers, 0, length - 2, false);
        if (hosts > 0 || transferEncodings > 0 || lengthGiven) {
            throw Fault.ofClient(400, "framing or routing field in trailers");
        }
        return trailers;
    }

    private void parseFields(HttpHeaders headers, int start, int end, boolean inHead) throws Fault {
        int count = 0;
        int line = start;
        while (line < end) {
            if (++count > maxHeaders) {
                throw Fault.ofClient(431, "more than " + maxHeaders + " header fields");
            }
            int lineEnd = endOfLine(line);
            if (bytes[line] == ' ' || bytes[line] == '\t') {
                throw Fault.ofClient(400, "obsolete line folding"); // RFC 9112 section 5.2
            }
            int nameEnd = tokenEnd(line, lineEnd);
            if (nameEnd == line || nameEnd == lineEnd || bytes[nameEnd] != ':') {
                throw Fault.ofClient(400, "malformed header field name"); // section 5.1: no space before the colon
            }
            int valueStart = nameEnd + 1;
            int valueEnd = lineEnd;
            while (valueStart < valueEnd && isBlank(bytes[valueStart])) {
                valueStart++;
            }
            while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) {
                valueEnd--;
            }
            checkValue(valueStart, valueEnd);
            AsciiString name = FieldNames.of(bytes, line, nameEnd);
            note(name, valueStart, valueEnd, inHead);
            headers.add(name, new AsciiString(bytes, valueStart, valueEnd - valueStart, true));
            line = lineEnd + 2;
        }
    }

    /** Keeps what framing and routing depend on. */
    private void note(AsciiString name, int valueStart, int valueEnd, boolean inHead) throws Fault {
        switch (name.length()) {
            case 4 -> {
                if (HttpHeaderNames.HOST.contentEqualsIgnoreCase(name)) {
                    hosts++;
                }
            }
            case 14 -> {
                if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)) {
                    if (lengthGiven) {
                        // Equal values could be taken for one (RFC 9110 section 8.6); no honest client sends two.
                        throw Fault.ofClient(400, "more than one Content-Length");
                    }
                    lengthGiven = true;
                    if (inHead) {
                        bodyLength = length(valueStart, valueEnd);
                    }
                }
            }
            case 17 -> {
                if (HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name)) {
                    transferEncodings++;
                    if (inHead) {
                        checkTransferCoding(text(valueStart, valueEnd));
                    }
                }
            }
            default -> {}
        }
    }

    private long length(int start, int end) throws Fault {
        if (start == end || end - start > MAX_LENGTH_DIGITS) {
            throw Fault.ofClient(400, "malformed Content-Length");
        }
        long value = 0;
        for (int i = start; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                throw Fault.ofClient(400, "malformed Content-Length");
            }
            value = value * 10 + digit;
        }
        return value;
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

    private void checkFraming(HttpVersion version) throws Fault {
        boolean http11 = HttpVersion.HTTP_1_1.equals(version);
        if (hosts > 1 || (http11 && hosts == 0)) {
            throw Fault.ofClient(400, hosts == 0 ? "no Host" : "more than one Host"); // RFC 9112 section 3.2
        }
        if (transferEncodings == 0) {
            return;
        }
        if (transferEncodings > 1 || lengthGiven || !http11) {
            // Section 6.1: a message with both is an attempt at smuggling; HTTP/1.0 knows no transfer codings.
            throw Fault.ofClient(400, "ambiguous message length");
        }
        bodyLength = CHUNKED;
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

    /** RFC 9110 section 5.5: visible characters, SP, HTAB and obs-text. */
    private void checkValue(int start, int end) throws Fault {
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7F) {
                throw Fault.ofClient(400, "control character in a header field value");
            }
        }
    }

    /** The decoder has made sure that every line ends in CRLF. */
    private int endOfLine(int start) {
        int at = start;
        while (bytes[at] != '\n') {
            at++;
        }
        return at - 1;
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

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
