package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Cases.each;
import static io.portcullis.server.e2e.kit.Cases.octets;
import static io.portcullis.server.e2e.kit.Wire.head;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Answers of applications that are malformed, or that two readers may frame differently, made rule by rule from RFC 9110 and
 * RFC 9112; and some that only look so and have to be passed on.
 *
 * <p>Long, as a list is: each method is a rule, and stands by itself.
 */
final class AnswerCorpus {

    /** Behind an answer, it is what would be taken for the next one. */
    static final String SPLIT = head("HTTP/1.1 200 OK", "Content-Length: 5") + "split";

    /** How many interim answers one exchange may have. */
    static final int MAX_INTERIM = 16;

    /** What has to come of it. */
    enum Outcome {
        /** It is passed on, and its connection may be used again. */
        SERVED,
        /** It is passed on, and its connection is not used again. */
        SERVED_LAST,
        /** 502 in its place. */
        BAD_GATEWAY,
        /** 502 in its place, or, where its head was passed on already, it is cut, so that nobody takes it for whole. */
        CUT
    }

    /**
     * One of them.
     *
     * @param group the rule
     * @param method of the request
     * @param closes whether the application closes the connection behind it
     * @param body what the client gets, where it is passed on
     */
    record Case(String group, String method, String octets, boolean closes, Outcome outcome, String body) {
        @Override
        public String toString() {
            String shown = octets.replace("\r", "\\r").replace("\n", "\\n");
            return outcome + ", " + group + ", " + method + ": "
                    + (shown.length() > 300 ? shown.substring(0, 300) + "…" : shown);
        }
    }

    private static final String OK = "HTTP/1.1 200 OK";
    private static final String LENGTH = "Content-Length: 5";
    private static final String CHUNKED = "Transfer-Encoding: chunked";
    private static final String HELLO_CHUNKED = "5\r\nhello\r\n0\r\n\r\n";

    /** All but HTAB, LF and CR, which have cases of their own. */
    private static final String CONTROLS = IntStream.range(0, 0x20)
                    .filter(c -> c != '\t' && c != '\n' && c != '\r')
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining())
            + "\u007f";

    private final List<Case> cases = new ArrayList<>();

    private AnswerCorpus() {}

    static List<Case> all() {
        AnswerCorpus corpus = new AnswerCorpus();
        corpus.statusLines();
        corpus.fields();
        corpus.lengths();
        corpus.transferCodings();
        corpus.chunks();
        corpus.withoutBody();
        corpus.interim();
        corpus.cuts();
        corpus.unusualButValid();
        return List.copyOf(corpus.cases);
    }

    private void add(String group, String method, String octets, Outcome outcome, String body) {
        cases.add(new Case(group, method, octets, false, outcome, body));
    }

    private void badGateway(String group, String octets) {
        add(group, "GET", octets + SPLIT, Outcome.BAD_GATEWAY, "");
    }

    private void cut(String group, String octets) {
        add(group, "GET", octets + SPLIT, Outcome.CUT, "");
    }

    private void served(String group, String octets) {
        add(group, "GET", octets, Outcome.SERVED, "hello");
    }

    private void statusLines() {
        for (String line : each(
                "HTTP/2.0 200 OK|HTTP/0.9 200 OK|HTTP/1.2 200 OK|HTTP/1.10 200 OK|HTTP/11 200 OK|HTTP/1. 200 OK|"
                        + "http/1.1 200 OK|HTTP/1,1 200 OK|HTTP/ 1.1 200 OK|HTTP /1.1 200 OK|HTTP 200 OK|"
                        + "HTTPS/1.1 200 OK|ICY 200 OK|200 OK|RTSP/1.0 200 OK| HTTP/1.1 200 OK|\tHTTP/1.1 200 OK|"
                        + "\0HTTP/1.1 200 OK|HTTP/1.1\t200 OK|HTTP/1.1\u000b200 OK|HTTP/1.1|HTTP/1.1 |HTTP/1.1 OK|"
                        + "HTTP/1.1 20 OK|HTTP/1.1 2 OK|HTTP/1.1 2000 OK|HTTP/1.1 0200 OK|HTTP/1.1 2x0 OK|"
                        + "HTTP/1.1 -20 OK|HTTP/1.1 +20 OK|HTTP/1.1 000 OK|HTTP/1.1 099 OK|HTTP/1.1 0x2 OK|"
                        + "HTTP/1.1 2.0 OK|HTTP/1.1 200OK|HTTP/1.1 \u00b2\u00b2\u00b2 OK|GET / HTTP/1.1|Content-Length: 5|"
                        + "HTTP/1.1 200 O\0K|HTTP/1.1 200 O\u0001K|HTTP/1.1 200 O\rK|HTTP/1.1 200 O\u007fK|"
                        + "HTTP/1.1 200 OK\r",
                "HTTP/1.1 200 " + "a".repeat(100_000))) {
            badGateway("status line", head(line, LENGTH) + "hello");
        }
        for (String before :
                each("\r\n|\n|\r|\r\n\r\n|\0|hello|hello\r\n|\u00ef\u00bb\u00bf|5\r\nhello\r\n0\r\n\r\n")) {
            badGateway("before the status line", before + head(OK, LENGTH) + "hello");
        }
        badGateway("no HTTP", "SSH-2.0-OpenSSH_9.2\r\n");
        badGateway("no HTTP", "220 mail.example ESMTP\r\n");
        badGateway("no HTTP", "\u0015\u0003\u0001\0\u0002\u0002P");
        badGateway("no HTTP", "<html></html>");
    }

    private void fields() {
        for (String c : octets(CONTROLS + " \t\"(),/;<=>?@[\\]{}\u0080\u0085\u00a0\u00ff")) {
            badGateway("name", head(OK, LENGTH, "X" + c + "A: a") + "hello");
        }
        for (String c : octets(CONTROLS)) {
            badGateway("value", head(OK, LENGTH, "X-A: a" + c + "b") + "hello");
            badGateway("length's value", head(OK, LENGTH + c) + "hello");
            badGateway("coding's value", head(OK, CHUNKED + c) + HELLO_CHUNKED);
        }
        for (String line : each("X-A|:|: a|X-A a|X-A: a\r\n b|X-A: a\r\n\tb|X-A:\r\n b|X-A: a\rX-B: b|X-A: a\r|"
                + "X-A: a\nX-B: b|HTTP/1.1 200 OK|\n|\r")) {
            badGateway("field line", head(OK, LENGTH, line) + "hello");
        }
        for (String end : each("\n|\r|\r\r\n|\n\r|\0\r\n")) {
            badGateway("line end", OK + end + head(LENGTH) + "hello");
            badGateway("line end", OK + "\r\n" + LENGTH + end + "X-A: a\r\n\r\nhello");
            badGateway("line end", OK + "\r\n" + LENGTH + "\r\n" + end + "X-A: a\r\n\r\nhello");
        }
        badGateway("blank before the first field", head(OK, " X-A: a", LENGTH) + "hello");
        badGateway("head too large", head(OK, LENGTH, "X-A: " + "a".repeat(100_000)) + "hello");
        badGateway("head without end", OK + "\r\nX-A: " + "a".repeat(100_000));
        badGateway("many fields", OK + "\r\n" + "X-A: a\r\n".repeat(20_000) + "\r\n");
    }

    private void lengths() {
        for (String value :
                each("5, 5|5,6|5,|,5|+5|-5|-0||0x5|5 5|5.0|5e0|five|5;|\"5\"|5L|5_|\u00b2|5\u00a0|\u00a05|NaN|"
                        + "99999999999999999999|18446744073709551621|9223372036854775808|chunked")) {
            badGateway("length", head(OK, "Content-Length: " + value) + "hello");
        }
        for (String second : each("Content-Length: 5|Content-Length: 6|content-length: 0|Content-Length:")) {
            badGateway("two lengths", head(OK, LENGTH, second) + "hello");
            badGateway("two lengths", head(OK, second, "X-A: a", LENGTH) + "hello");
            badGateway("two lengths", head("HTTP/1.0 200 OK", LENGTH, second) + "hello");
        }
    }

    private void transferCodings() {
        for (String value :
                each("|,|,chunked|chunked,|chunked, chunked|chunked,chunked|chunked, identity|identity, chunked|"
                        + "chunked, gzip|chunked;q=1|\"chunked\"|chunked\u00a0|\u00a0chunked|xchunked|chunkedx|chunke|identity|gzip|"
                        + "gzip, chunked|deflate, chunked|chunked chunked|5|*")) {
            badGateway("coding", head(OK, "Transfer-Encoding: " + value) + HELLO_CHUNKED);
        }
        for (String second : each("Transfer-Encoding: chunked|Transfer-Encoding: gzip|transfer-encoding: identity")) {
            badGateway("two codings", head(OK, CHUNKED, second) + HELLO_CHUNKED);
            badGateway("two codings", head(OK, second, "X-A: a", CHUNKED) + HELLO_CHUNKED);
        }
        for (String length : each("Content-Length: 5|Content-Length: 0|content-length: 15|Content-Length: 999")) {
            badGateway("both", head(OK, length, CHUNKED) + HELLO_CHUNKED);
            badGateway("both", head(OK, CHUNKED, "X-A: a", length) + HELLO_CHUNKED);
            badGateway("both in HTTP/1.0", head("HTTP/1.0 200 OK", length, CHUNKED) + HELLO_CHUNKED);
        }
        badGateway("chunks in HTTP/1.0", head("HTTP/1.0 200 OK", CHUNKED) + HELLO_CHUNKED);
        badGateway("chunks in HTTP/1.0", head("HTTP/1.0 200 OK", "Connection: keep-alive", CHUNKED) + HELLO_CHUNKED);
    }

    private void chunks() {
        for (String size : each(
                "| 5|\t5|+5|-5|0x5|x5|5x|5g|five|5.0|5,|5_0|\u00b25|5\0|5\u000b|5\u007f|\"5\"|5 5|5=a|5:|5\r|"
                        + "\r5|5\n5|\n5|5;\0|5;a=\u0001|5;a=\"b|5;a\rb|5;a\nb|10000000000000005|FFFFFFFFFFFFFFFFF|100000005g|-0",
                "5;" + "a".repeat(20_000))) {
            cut("chunk size", head(OK, CHUNKED) + size + "\r\nhello\r\n0\r\n\r\n");
        }
        for (String body :
                each("5\nhello\r\n0\r\n\r\n|05\nhello\r\n0\r\n\r\n|5;\nhello\r\n0\r\n\r\n|5;a\rhello\r\n0\r\n\r\n|"
                        + "5\rhello\r\n0\r\n\r\n|5\r\nhello\n0\r\n\r\n|5\r\nhello\r0\r\n\r\n|5\r\nhello0\r\n\r\n|"
                        + "5\r\nhelloXX0\r\n\r\n|4\r\nhello\r\n0\r\n\r\n|6\r\nhello\r\n0\r\n\r\n|\r\n5\r\nhello\r\n0\r\n\r\n|"
                        + "5\r\nhello\r\n\r\n0\r\n\r\n|5\r\nhello\r\n0\n\r\n|5\r\nhello\r\n0\r\n\n|5\r\nhello\r\n0\r\nX\r\n\r\n|"
                        + "5\r\nhello\r\n0\r\nX-A: a\0\r\n\r\n|5\r\nhello\r\n0\r\n X-A: a\r\n\r\n|"
                        + "5\r\nhello\r\n0\r\nX-A: a\r\n b\r\n\r\n|hello|\0|5\r\nhello\r\nG\r\n")) {
            cut("chunk", head(OK, CHUNKED) + body);
        }
        cut("trailers without end", head(OK, CHUNKED) + "0\r\nX-A: " + "a".repeat(200_000));
    }

    /** RFC 9112 section 6.3: these have none, whatever their head says; what follows belongs to no exchange. */
    private void withoutBody() {
        for (String status : each("204 No Content|304 Not Modified")) {
            for (String framing : each("X-A: a|Content-Length: 5|Transfer-Encoding: chunked|Content-Length: 0")) {
                String head = head("HTTP/1.1 " + status, framing);
                add("no body", "GET", head, Outcome.SERVED, "");
                add("no body, and one", "GET", head + "hello", Outcome.SERVED_LAST, "");
                add("no body, and chunks", "GET", head + HELLO_CHUNKED, Outcome.SERVED_LAST, "");
                add("no body, and another answer", "GET", head + SPLIT, Outcome.SERVED_LAST, "");
            }
        }
        for (String status : each("200 OK|404 Not Found|500 Oh")) {
            for (String framing : each("X-A: a|Content-Length: 5|Transfer-Encoding: chunked")) {
                String head = head("HTTP/1.1 " + status, framing);
                add("to HEAD", "HEAD", head, Outcome.SERVED, "");
                add("to HEAD, and a body", "HEAD", head + "hello", Outcome.SERVED_LAST, "");
                add("to HEAD, and chunks", "HEAD", head + HELLO_CHUNKED, Outcome.SERVED_LAST, "");
                add("to HEAD, and another answer", "HEAD", head + SPLIT, Outcome.SERVED_LAST, "");
            }
        }
        for (String surplus :
                each("hello|\r\n|\0|HTTP/1.1 200 OK\r\n\r\n", SPLIT, SPLIT.repeat(3), "x".repeat(100_000))) {
            add("more than its length", "GET", head(OK, LENGTH) + "hello" + surplus, Outcome.SERVED_LAST, "hello");
            add(
                    "more than its chunks",
                    "GET",
                    head(OK, CHUNKED) + HELLO_CHUNKED + surplus,
                    Outcome.SERVED_LAST,
                    "hello");
            add("more than nothing", "GET", head(OK, "Content-Length: 0") + surplus, Outcome.SERVED_LAST, "");
        }
    }

    private void interim() {
        String hints = head("HTTP/1.1 103 Early Hints", "Link: </a.css>; rel=preload");
        String answer = head(OK, LENGTH) + "hello";
        for (String first :
                each("HTTP/1.1 100 Continue|HTTP/1.1 102 Processing|HTTP/1.1 103 Early Hints|HTTP/1.1 199 x")) {
            served("interim", head(first) + answer);
            add("interim, to HEAD", "HEAD", head(first) + head(OK, LENGTH), Outcome.SERVED, "");
            // It has no body, whatever it says: its octets are the next status line.
            badGateway("interim with a body", head(first, LENGTH) + "hello" + answer);
            badGateway("interim with chunks", head(first, CHUNKED) + HELLO_CHUNKED + answer);
            badGateway("interim, then none", head(first) + "hello");
        }
        served("many interim", hints.repeat(MAX_INTERIM) + answer);
        badGateway("too many interim", hints.repeat(MAX_INTERIM + 1) + answer);
        badGateway("interim without end", hints.repeat(20_000));
        badGateway("101 unasked", head("HTTP/1.1 101 Switching Protocols", "Connection: upgrade", "Upgrade: x"));
    }

    /** The application closes the connection behind each octet of an answer. */
    private void cuts() {
        String length = head(OK, LENGTH) + "hello";
        String chunked = head(OK, CHUNKED) + HELLO_CHUNKED;
        for (String whole : List.of(length, chunked)) {
            int bodyAt = whole.indexOf("\r\n\r\n") + 4;
            for (int end = 0; end < whole.length(); end++) {
                Outcome outcome = end < bodyAt ? Outcome.BAD_GATEWAY : Outcome.CUT;
                cases.add(new Case("cut off", "GET", whole.substring(0, end), true, outcome, ""));
            }
        }
    }

    private void unusualButValid() {
        served("length", head(OK, LENGTH) + "hello");
        served("length", head(OK, "content-length:\t5 ") + "hello");
        served("length", head(OK, "Content-Length: 0005") + "hello");
        served("no reason", head("HTTP/1.1 200 ", LENGTH) + "hello");
        served("no reason, and no blank", head("HTTP/1.1 200", LENGTH) + "hello");
        served("reason with obs-text", head("HTTP/1.1 200 \u00e9", LENGTH) + "hello");
        served("unknown status", head("HTTP/1.1 299 Fine", LENGTH) + "hello");
        served("obs-text", head(OK, LENGTH, "X-A: \u00e9") + "hello");
        served("empty value", head(OK, LENGTH, "X-A:") + "hello");
        // RFC 9112 section 5.1: a proxy takes it out of an answer.
        served("blank before the colon", head(OK, LENGTH, "X-A : a") + "hello");
        for (String coding : each("chunked|Chunked|CHUNKED| chunked |\tchunked")) {
            served("coding", head(OK, "Transfer-Encoding:" + coding) + HELLO_CHUNKED);
        }
        for (String size : each("5|05|0005|5;a|5;a=b|5;a=\"b;c\"|5 |5\t ")) {
            served("chunk", head(OK, CHUNKED) + size + "\r\nhello\r\n0\r\n\r\n");
        }
        served("chunks", head(OK, CHUNKED) + "1\r\nh\r\n4\r\nello\r\n000;a\r\n\r\n");
        served("trailer", head(OK, CHUNKED) + "5\r\nhello\r\n0\r\nX-A: a\r\n\r\n");
        served("trailer that frames", head(OK, CHUNKED) + "5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n");
        cases.add(new Case("to the close", "GET", head(OK) + "hello", true, Outcome.SERVED_LAST, "hello"));
        cases.add(
                new Case("to the close", "GET", head("HTTP/1.0 200 OK") + "hello", true, Outcome.SERVED_LAST, "hello"));
        add("close", "GET", head(OK, LENGTH, "Connection: close") + "hello", Outcome.SERVED_LAST, "hello");
        add("HTTP/1.0", "GET", head("HTTP/1.0 200 OK", LENGTH) + "hello", Outcome.SERVED_LAST, "hello");
    }
}
