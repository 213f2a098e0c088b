package io.portcullis.server.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Requests that break a rule, each with the status that its sender is to get. */
final class BadRequests {

    /**
     * One of them.
     *
     * @param name what is wrong
     * @param inBody whether the head is in order, and only the body shows it
     */
    record Bad(String name, int status, boolean inBody, String octets) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Bad> ALL = new ArrayList<>();

    static {
        requestLines();
        fields();
        framing();
        chunks();
    }

    private BadRequests() {}

    static Stream<Bad> all() {
        return ALL.stream();
    }

    private static void requestLines() {
        line("bare LF after the request line", 400, "GET / HTTP/1.1\nHost: a\r\n\r\n");
        line("bare LF before the request line", 400, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        line("bare CR before the request line", 400, "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        line("bare CR in the request line", 400, "GET /\rx HTTP/1.1\r\nHost: a\r\n\r\n");
        line("CR CR LF after the request line", 400, "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n");
        line("space before the method", 400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        line("NUL before the method", 400, "\0GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        line("a TLS ClientHello on a plain port", 400, "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003");
        line("method with a separator", 400, "G(T / HTTP/1.1\r\nHost: a\r\n\r\n");
        line("method with an octet above 127", 400, "G\u00e4T / HTTP/1.1\r\nHost: a\r\n\r\n");
        line("tab after the method", 400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n");
        line("two spaces after the method", 400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n");
        line("two spaces before the version", 400, "GET /  HTTP/1.1\r\nHost: a\r\n\r\n");
        line("space in the target", 400, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n");
        line("NUL in the path", 400, "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n");
        line("tab in the path", 400, "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n");
        line("DEL in the path", 400, "GET /a\u007fb HTTP/1.1\r\nHost: a\r\n\r\n");
        line("octet above 127 in the path", 400, "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n");
        line("fragment in the target", 400, "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n");
        line("method alone", 400, "GET\r\nHost: a\r\n\r\n");
        line("no target", 400, "GET HTTP/1.1\r\nHost: a\r\n\r\n");
        line("empty target", 400, "GET  HTTP/1.1\r\nHost: a\r\n\r\n");
        line("HTTP/0.9", 400, "GET /\r\n\r\n");
        line("space after the version", 400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n");
        line("version in lower case", 400, "GET / http/1.1\r\nHost: a\r\n\r\n");
        line("version with two digits", 400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n");
        line("version with a letter", 400, "GET / HTTP/1.x\r\nHost: a\r\n\r\n");
        line("version of another protocol", 400, "GET / RTSP/1.0\r\nHost: a\r\n\r\n");
        line("HTTP/1.2", 505, "GET / HTTP/1.2\r\nHost: a\r\n\r\n");
        line("HTTP/2.0 in the form of HTTP/1", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        line("HTTP/9.9", 505, "GET / HTTP/9.9\r\nHost: a\r\n\r\n");
    }

    private static void fields() {
        field("bare LF after a field", 400, "X: y\nZ: 1");
        field("bare LF in place of the empty line", 400, "X: y\r\n\nZ: 1");
        field("bare CR in a value", 400, "X: a\rb");
        field("CR CR LF after a value", 400, "X: a\r");
        field("line folding with a space", 400, "X: a\r\n b");
        field("line folding with a tab", 400, "X: a\r\n\tb");
        line("space before the first field", 400, "GET / HTTP/1.1\r\n Host: a\r\nHost: b\r\n\r\n");
        field("space before the colon", 400, "X : a");
        field("tab before the colon", 400, "X\t: a");
        field("space in a name", 400, "X Y: a");
        field("no colon", 400, "nonsense");
        field("no name", 400, ": a");
        field("separator in a name", 400, "X@Y: a");
        field("octet above 127 in a name", 400, "X\u00e4: a");
        field("NUL in a name", 400, "X\0: a");
        field("NUL in a value", 400, "X: a\0b");
        field("control character in a value", 400, "X: a\u0001b");
        field("escape in a value", 400, "X: \u001b[2J");
        field("DEL in a value", 400, "X: a\u007fb");
        line("no Host", 400, "GET / HTTP/1.1\r\nX: a\r\n\r\n");
        line("no field at all", 400, "GET / HTTP/1.1\r\n\r\n");
        field("two Hosts", 400, "Host: b");
        field("the same Host twice", 400, "hOST: a");
        line("two Hosts on HTTP/1.0", 400, "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n");
        field("101 fields", 431, "X: y\r\n".repeat(99) + "X: z");
    }

    private static void framing() {
        post("two different Content-Length", 400, "Content-Length: 3\r\nContent-Length: 4");
        post("the same Content-Length twice", 400, "Content-Length: 3\r\ncontent-length: 3");
        post("Content-Length as a list", 400, "Content-Length: 3, 3");
        post("Content-Length empty", 400, "Content-Length:");
        post("Content-Length with a sign", 400, "Content-Length: +3");
        post("Content-Length below zero", 400, "Content-Length: -3");
        post("Content-Length in hexadecimal", 400, "Content-Length: 0x3");
        post("Content-Length with a point", 400, "Content-Length: 3.0");
        post("Content-Length with a space inside", 400, "Content-Length: 3 3");
        post("Content-Length that is no number", 400, "Content-Length: three");
        post("Content-Length over 64 bits", 400, "Content-Length: 18446744073709551619");
        post("Content-Length with Transfer-Encoding", 400, "Content-Length: 3\r\nTransfer-Encoding: chunked");
        post("Transfer-Encoding with Content-Length", 400, "Transfer-Encoding: chunked\r\nContent-Length: 3");
        post("Transfer-Encoding: xchunked", 400, "Transfer-Encoding: xchunked");
        post("Transfer-Encoding empty", 400, "Transfer-Encoding:");
        post("Transfer-Encoding: identity", 400, "Transfer-Encoding: identity");
        post("chunked not last", 400, "Transfer-Encoding: chunked, gzip");
        post("chunked twice in one field", 400, "Transfer-Encoding: chunked, chunked");
        post("chunked with an empty coding", 400, "Transfer-Encoding: ,chunked");
        post("chunked in two fields", 400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked");
        post("codings in two fields", 400, "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked");
        post("chunked with a vertical tab", 400, "Transfer-Encoding: \u000bchunked");
        post("chunked with a parameter", 400, "Transfer-Encoding: chunked;a=b");
        post("chunked in quotes", 400, "Transfer-Encoding: \"chunked\"");
        post("another coding below chunked", 501, "Transfer-Encoding: gzip, chunked");
        line("chunked on HTTP/1.0", 400, "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        post("body over max-body-size by its length", 413, "Content-Length: 1048577");
    }

    private static void chunks() {
        chunk("chunk size that is no number", "x\r\nabc\r\n0\r\n\r\n");
        chunk("chunk size empty", "\r\nabc\r\n0\r\n\r\n");
        chunk("chunk size with 0x", "0x3\r\nabc\r\n0\r\n\r\n");
        chunk("chunk size below zero", "-3\r\nabc\r\n0\r\n\r\n");
        chunk("chunk size with a sign", "+3\r\nabc\r\n0\r\n\r\n");
        chunk("chunk size after a space", " 3\r\nabc\r\n0\r\n\r\n");
        chunk("chunk size before a space", "3 \r\nabc\r\n0\r\n\r\n");
        chunk("chunk size with an underscore", "3_0\r\nabc\r\n0\r\n\r\n");
        chunk("chunk size with an octet above 127", "3\u00b2\r\nabc\r\n0\r\n\r\n");
        chunk("chunk size over 64 bits", "10000000000000003\r\nabc\r\n0\r\n\r\n");
        chunk("chunk size line with bare LF", "3\nabc\r\n0\r\n\r\n");
        chunk("chunk size line with bare CR", "3\rabc\r\n0\r\n\r\n");
        chunk("chunk size line with CR CR LF", "3\r\r\nabc\r\n0\r\n\r\n");
        chunk("chunk size line without end", "3;" + "a".repeat(300) + "\r\nabc\r\n0\r\n\r\n");
        chunk("chunk extension with bare LF", "3;a\nabc\r\n0\r\n\r\n");
        chunk("chunk extension with bare CR", "3;a\rb\r\nabc\r\n0\r\n\r\n");
        chunk("chunk extension with a NUL", "3;a\0b\r\nabc\r\n0\r\n\r\n");
        chunk("chunk extension with an open quote", "3;a=\"b\r\nabc\r\n0\r\n\r\n");
        chunk("chunk extension without semicolon", "3 a=b\r\nabc\r\n0\r\n\r\n");
        chunk("chunk longer than its size", "3\r\nabcd\r\n0\r\n\r\n");
        chunk("chunk shorter than its size", "3\r\nab\r\n0\r\n\r\n");
        chunk("chunk that ends in bare LF", "3\r\nabc\n0\r\n\r\n");
        chunk("chunk that ends in bare CR", "3\r\nabc\r0\r\n\r\n");
        chunk("bare LF after the last chunk", "0\r\n\n");
        chunk("trailer with a space before the colon", "0\r\nX : a\r\n\r\n");
        chunk("trailer folded", "0\r\nX: a\r\n b\r\n\r\n");
        chunk("trailer with a control character", "0\r\nX: a\u0001\r\n\r\n");
        chunk("trailer with bare LF", "0\r\nX: a\nY: b\r\n\r\n");
        chunk("Content-Length in trailers", "0\r\nContent-Length: 3\r\n\r\n");
        chunk("Transfer-Encoding in trailers", "0\r\nTransfer-Encoding: chunked\r\n\r\n");
        chunk("Host in trailers", "0\r\nHost: b\r\n\r\n");
        ALL.add(new Bad("101 trailers", 431, true, chunked("0\r\n" + "X: y\r\n".repeat(101) + "\r\n")));
        ALL.add(new Bad("body over max-body-size by its chunks", 413, true, chunked("3\r\nabc\r\n100000\r\nabc")));
    }

    private static void line(String name, int status, String octets) {
        ALL.add(new Bad(name, status, false, octets));
    }

    private static void field(String name, int status, String field) {
        line(name, status, "GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n");
    }

    private static void post(String name, int status, String fields) {
        line(name, status, "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\nabc");
    }

    private static void chunk(String name, String body) {
        ALL.add(new Bad(name, 400, true, chunked(body)));
    }

    private static String chunked(String body) {
        return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
    }
}
