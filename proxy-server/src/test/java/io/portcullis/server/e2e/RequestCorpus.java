package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Cases.each;
import static io.portcullis.server.e2e.kit.Cases.octets;
import static io.portcullis.server.e2e.kit.Wire.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Requests that are malformed, or that two readers may understand differently, made rule by rule from RFC 9110 and RFC 9112;
 * and some that only look so and have to be served.
 *
 * <p>Long, as a list is: each method is a rule, and stands by itself.
 */
final class RequestCorpus {

    /** What a stranger hides behind a request whose end two servers see at different places. */
    static final String HIDDEN = head("GET /hidden HTTP/1.1", "Host: a.test");

    static final int MAX_HEAD = 4096;
    static final int MAX_FIELDS = 50;
    static final int MAX_BODY = 1024;

    /**
     * One of them.
     *
     * @param group the rule
     * @param served the requests that reach the application, each as method, target and body
     * @param refusals the statuses of which the next one gets one, and with which the connection ends; none where all are
     *     served
     * @param inBody whether the refused one may have reached the application in part
     */
    record Case(String group, String octets, List<String> served, Set<Integer> refusals, boolean inBody) {
        @Override
        public String toString() {
            String shown = octets.replace("\r", "\\r").replace("\n", "\\n");
            return group + ": " + (shown.length() > 300 ? shown.substring(0, 300) + "…" : shown);
        }
    }

    private static final String LINE = "GET /x HTTP/1.1";
    private static final String POST = "POST /x HTTP/1.1";
    private static final String HOST = "Host: a.test";
    private static final String LENGTH = "Content-Length: 5";
    private static final String CHUNKED = "Transfer-Encoding: chunked";
    private static final String HELLO_CHUNKED = "5\r\nhello\r\n0\r\n\r\n";

    /** All but HTAB, LF and CR, which have cases of their own. */
    private static final String CONTROLS = IntStream.range(0, 0x20)
                    .filter(c -> c != '\t' && c != '\n' && c != '\r')
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining())
            + "\u007f";

    /** RFC 9110 section 5.6.2; the colon ends a name, and has cases of its own. */
    private static final String NO_TOKEN = CONTROLS + "\t \"(),/;<=>?@[\\]{}\u0080\u0085\u00a0\u00e4\u00ff";

    private final List<Case> cases = new ArrayList<>();

    private RequestCorpus() {}

    static List<Case> all() {
        RequestCorpus corpus = new RequestCorpus();
        corpus.requestLines();
        corpus.targets();
        corpus.versions();
        corpus.lineEnds();
        corpus.fieldNames();
        corpus.fieldValues();
        corpus.hosts();
        corpus.lengths();
        corpus.transferCodings();
        corpus.bothFramings();
        corpus.chunks();
        corpus.trailers();
        corpus.limits();
        corpus.methodsAndExpectations();
        corpus.connectionOptions();
        corpus.pipelines();
        corpus.unusualButValid();
        return List.copyOf(corpus.cases);
    }

    private void refused(String group, String octets, Integer... statuses) {
        cases.add(new Case(group, octets + HIDDEN, List.of(), Set.of(statuses), false));
    }

    private void refusedInBody(String group, String octets, Integer... statuses) {
        cases.add(new Case(group, octets + HIDDEN, List.of(), Set.of(statuses), true));
    }

    private void served(String group, String octets, String... requests) {
        cases.add(new Case(group, octets, List.of(requests), Set.of(), false));
    }

    private void bad(String group, String requestLine) {
        refused(group, head(requestLine, HOST), 400);
    }

    private void requestLines() {
        for (String c : octets(NO_TOKEN)) {
            bad("method", "G" + c + "ET /x HTTP/1.1");
            bad("method", c + "GET /x HTTP/1.1");
        }
        for (String c : each("\t|\u000b|\u000c|\u00a0|  | \t|\0|\r")) {
            bad("gap", "GET" + c + "/x HTTP/1.1");
            bad("gap", "GET /x" + c + "HTTP/1.1");
        }
        for (String line : each("GET|GET |GET /x|GET /x |GET HTTP/1.1|GET  HTTP/1.1|/x HTTP/1.1|HTTP/1.1|:|GET:/x")) {
            bad("words", line);
        }
        for (String behind : each(" |\t|\u000b| HTTP/1.1|, HTTP/1.1|\0|\r| x")) {
            bad("behind the version", LINE + behind);
        }
        for (String before : each("\n|\r|\n\r|\r\r\n|\0\r\n| \r\n|\u00ef\u00bb\u00bf")) {
            refused("before the request line", before + head(LINE, HOST), 400);
        }
        refused("before the request line", "X-A: a\r\n" + head(LINE, HOST), 400);
        refused("no HTTP", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n", 400);
    }

    private void targets() {
        for (String c : octets(CONTROLS + "\t #\u0080\u0085\u00a0\u00c3\u00ff")) {
            bad("octet in the path", "GET /a" + c + "b HTTP/1.1");
            bad("octet in the query", "GET /a?b" + c + "c HTTP/1.1");
        }
        for (String target : each("x|x/y|*|?x|.|..|../x|a.test|a.test:80|\\x|%2Fx|ftp://a.test/x|http:|http:/|"
                + "http:x|http:/x|http://|http:///x|http://?x|http://@/x|http://u@a.test/x|"
                + "http://u:p@a.test/x|http://a.test,b.test/x|http://b.test/x|https://b.test/x|"
                + "http://a.test:x/x|http://a.test:99999/x|http://a.test\\@b.test/x|http://[::1/x|"
                + "http://::1/x|http://a.test%00/x|ws://a.test/x|//|data:,x|javascript:x|/..|/../x|"
                + "/a/../../x|/%2e%2e/x|/%2E./x|/.%2e/x|/a/%2e%2e/%2e%2e/x|/%|/%2|/%zz|/a%|/%u0041|"
                + "/%00|/a%00b|/%0|/%-1")) {
            if (!target.equals("//")) {
                refused("target", head("GET " + target + " HTTP/1.1", HOST), 400, 421);
            }
        }
        refused("asterisk", head("POST * HTTP/1.1", HOST, "Content-Length: 0"), 400);
        refused("asterisk", head("OPTIONS */x HTTP/1.1", HOST), 400);
        refused("asterisk", head("OPTIONS ** HTTP/1.1", HOST), 400);
    }

    private void versions() {
        for (String version : each("HTTP/0.9|HTTP/1.2|HTTP/1.9|HTTP/2.0|HTTP/2|HTTP/3.0|HTTP/9.9|HTTP/1|HTTP/1.|"
                + "HTTP/.1|HTTP/01.1|HTTP/1.01|HTTP/1.10|HTTP/11.1|HTTP/1,1|HTTP/1.1.1|HTTP/1.1x|"
                + "HTTP/1.x|HTTP/+1.1|HTTP/-1.1|HTTP/1 .1|HTTP/ 1.1|HTTP /1.1|HTTP1.1|HTTP:1.1|"
                + "http/1.1|Http/1.1|HTP/1.1|HTTPS/1.1|HTTTP/1.1|RTSP/1.0|SIP/2.0|ICY|1.1|"
                + "HTTP/\u00b9.\u00b9|HTTP/1.\u0661|HTTP/1.1#|HTTP/1.1?|\"HTTP/1.1\"")) {
            refused("version", head("GET /x " + version, HOST), 400, 505);
        }
        refused("preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, 505);
    }

    private void lineEnds() {
        String[] lines = {LINE, HOST, "X-A: a", ""};
        for (int i = 0; i < lines.length; i++) {
            for (String end : each("\n|\r|\r\r\n|\n\r|\r \n|\r\0\n|\0\r\n|\u000b|\u000c|\u0085|\u2028|\\r\\n")) {
                StringBuilder octets = new StringBuilder();
                for (int line = 0; line < lines.length; line++) {
                    octets.append(lines[line]).append(line == i ? end : "\r\n");
                }
                refused("line end " + i, octets.toString().replace('\u2028', '\u00e2'), 400);
            }
        }
        refused("all lines end in LF", LINE + "\n" + HOST + "\n\n", 400);
        refused("all lines end in CR", LINE + "\r" + HOST + "\r\r", 400);
    }

    private void fieldNames() {
        for (String c : octets(NO_TOKEN)) {
            for (String name : List.of("X" + c + "A", c + "XA", "XA" + c)) {
                refused("field name", head(LINE, HOST, "X-B: b", name + ": a"), 400);
            }
            refused("Host's name", head(LINE, HOST, "Host" + c + ": b.test"), 400);
        }
        for (String c : each(" |\t|\0|\u000b|\u000c|\u001f|\u007f|\u00a0| \t |\r|\n")) {
            refused("name that frames", head(POST, HOST, "Content-Length" + c + ": 5") + "hello", 400);
            refused("name that frames", head(POST, HOST, "Transfer-Encoding" + c + ": chunked") + HELLO_CHUNKED, 400);
            refused("name that frames", head(POST, HOST, c + "Content-Length: 5") + "hello", 400);
            refused("name that frames", head(POST, HOST, c + "Transfer-Encoding: chunked") + HELLO_CHUNKED, 400);
        }
        for (String line : each(
                ":|: a|:a| : a|X-A|X-A a|X-A; a|X-A=a|\u00a0|a\r\n b: c|X-A: a\r\n b|"
                        + "X-A: a\r\n\tb|X-A:\r\n b|X-A: a\r\n |X-A: a\r\n \r\n b",
                LINE)) {
            refused("field line", head(LINE, HOST, line), 400);
        }
        refused("blank before the first field", head(LINE, " X-A: a", HOST), 400);
        refused("blank before the first field", head(LINE, "\tX-A: a", HOST), 400);
        refused("line of blanks only", head(LINE, " ", HOST), 400);
    }

    private void fieldValues() {
        for (String c : octets(CONTROLS)) {
            refused("value", head(LINE, HOST, "X-A: a" + c + "b"), 400);
            refused("value", head(LINE, HOST, "X-A: " + c), 400);
            refused("value", head(LINE, HOST, "Cookie: a=b" + c), 400);
            refused("Host's value", head(LINE, HOST + c), 400);
            refused("length's value", head(POST, HOST, LENGTH + c) + "hello", 400);
            refused("coding's value", head(POST, HOST, CHUNKED + c) + HELLO_CHUNKED, 400);
            refused("coding's value", head(POST, HOST, "Transfer-Encoding: " + c + "chunked") + HELLO_CHUNKED, 400);
        }
        for (String value : each("a\rb|a\nb|\r|a\r\r|a\rX-B: b|a\nX-B: b|a\r\rX-B: b")) {
            refused("line end in a value", head(LINE, HOST, "X-A: " + value), 400);
        }
    }

    private void hosts() {
        refused("no Host", head(LINE), 400);
        refused("no Host", head(LINE, "X-Host: a.test"), 400);
        for (String second : List.of("Host: b.test", HOST, "host: a.test", "HOST: b.test", "Host:", "Host: A.TEST")) {
            refused("two Hosts", head(LINE, HOST, second), 400);
            refused("two Hosts", head(LINE, second, "X-A: a", HOST), 400);
            refused("two Hosts, HTTP/1.0", head("GET /x HTTP/1.0", HOST, second), 400);
        }
        for (String host : each("| |,|a.test,b.test|a.test, b.test|a.test b.test|u@a.test|a.test@b.test|a.test/x|"
                + "a.test?x|a.test#x|a.test\\b|http://a.test|//a.test|a.test:|a.test:x|a.test:-1|"
                + "a.test:+80|a.test:99999|a.test:80:80|a.test:0x50|:80|[::1|::1]|[a.test]|[::1]x|"
                + "\"a.test\"|<a.test>|a..test|.a.test|a.test\t|a_\u00e4.test|a.test;|a.test%00|"
                + "a.test%2f|(a.test)|a.test\tb|*|*.test|{a}")) {
            // RFC 9112 section 3.2 has 400 for an invalid Host; one that is only unknown is misdirected. "a.test:" is
            // valid.
            if (!host.equals("a.test\t") && !host.equals("a.test:") && !host.equals("[::1]")) {
                refused("Host", head(LINE, "Host: " + host), 400, 421);
            }
        }
    }

    private void lengths() {
        for (String value : each(
                "| |+5|-5|-0|5,|,5|5,5|5, 5|5,6|5 5|5\t5|5;|5.|5.0|5e0|0x5|05h|5_|five|\"5\"|'5'|"
                        + "(5)|NaN|Infinity|null|\u00b2|5\u00a0|\u00a05|5\u0000|5L|0b101|1_0|5%20|5#|5\\|"
                        + "\u000b5|5\u000c|--5|+-5|5-|5;q=1|5/5|[5]|5 ,5|chunked",
                "\u0085" + "5")) {
            refused("length", head(POST, HOST, "Content-Length: " + value) + "hello", 400);
        }
        for (String value : each(
                "99999999999999999999|18446744073709551616|18446744073709551621|" + "9223372036854775808|4294967301",
                "1".repeat(300),
                "0".repeat(300) + "5")) {
            refused("length beyond numbers", head(POST, HOST, "Content-Length: " + value) + "hello", 400, 413);
        }
        for (String second :
                List.of(LENGTH, "Content-Length: 6", "content-length: 5", "CONTENT-LENGTH: 0", "Content-Length:")) {
            refused("two lengths", head(POST, HOST, LENGTH, second) + "hello", 400);
            refused("two lengths", head(POST, HOST, second, "X-A: a", LENGTH) + "hello", 400);
            refused("two lengths", head("GET /x HTTP/1.1", LENGTH, HOST, second) + "hello", 400);
            refused("two lengths", head("POST /x HTTP/1.0", HOST, LENGTH, second) + "hello", 400);
        }
    }

    private void transferCodings() {
        for (String value : each("|,|,chunked|chunked,|chunked,,|chunked chunked|chunked, chunked|chunked,chunked|"
                + "chunked, identity|identity, chunked|chunked, gzip|chunked;|chunked;q=1|"
                + "\"chunked\"|'chunked'|chunked\u00a0|\u00a0chunked|\u0085chunked|x-chunked|"
                + "xchunked|chunkedx|chunke|hunked|chunk|identity|none|gzip|deflate|compress|br|"
                + "trailers|5|*|gzip, chunked|gzip,chunked|deflate, chunked|x, chunked|"
                + "gzip;q=1, chunked|chunked=1|chunked/1|(chunked)|chunked\\|Chunked, Chunked|"
                + "chunKed x|c hunked|chunked\tx")) {
            refused("coding", head(POST, HOST, "Transfer-Encoding: " + value) + HELLO_CHUNKED, 400, 501);
        }
        for (String second :
                List.of(CHUNKED, "Transfer-Encoding: gzip", "transfer-encoding: identity", "Transfer-Encoding:")) {
            refused("two codings", head(POST, HOST, CHUNKED, second) + HELLO_CHUNKED, 400, 501);
            refused("two codings", head(POST, HOST, second, "X-A: a", CHUNKED) + HELLO_CHUNKED, 400, 501);
        }
        for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
            refused("chunks in HTTP/1.0", head(method + " /x HTTP/1.0", HOST, CHUNKED) + HELLO_CHUNKED, 400);
            refused(
                    "chunks in HTTP/1.0",
                    head(method + " /x HTTP/1.0", HOST, "Connection: keep-alive", CHUNKED) + HELLO_CHUNKED,
                    400);
        }
    }

    private void bothFramings() {
        for (String coding : List.of(
                CHUNKED, "transfer-encoding: CHUNKED", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding:")) {
            for (String length : List.of(LENGTH, "content-length: 0", "Content-Length: 4", "Content-Length: 999")) {
                for (String method : List.of("POST", "GET")) {
                    String line = method + " /x HTTP/1.1";
                    refused("both", head(line, HOST, length, coding) + HELLO_CHUNKED, 400, 501);
                    refused("both", head(line, coding, HOST, length) + HELLO_CHUNKED, 400, 501);
                }
            }
        }
        refused(
                "both in HTTP/1.0",
                head("POST /x HTTP/1.0", HOST, LENGTH, CHUNKED) + HELLO_CHUNKED,
                400); // CVE-2026-42581
    }

    private void chunks() {
        String hello = "\r\nhello\r\n0\r\n\r\n";
        for (String size : each(
                "| 5|\t5|5 |5\t|+5|-5|0x5|0X5|x5|5x|5g|5h|five|5.0|5,|5_0|\u0665|5\u00a0|\u00b25|"
                        + "5\0|5\u000b|5\u000c|5\u007f|5\u0085|#5|5#|\"5\"|5 5|10000000000000005|"
                        + "FFFFFFFFFFFFFFFF|8000000000000005|-0|+0|0x0|5=a|5 a|5:|5/|5\\|5'|5\r|\r5|5\n5|"
                        + "\n5|;a=b|5 ;\0|5;\0|5;a\0|5;a=\u0001|5;a=\u007f|5;a=\"b|5;a=\"\r\"|5;a=\"\n\"|"
                        + "5;a=\"b\n|5;a\r|5;a\n5|5;a\rb|5;\n",
                "\0" + "5",
                "0".repeat(300) + "5",
                "5;" + "a".repeat(20_000),
                "5 " + "\t".repeat(5_000))) {
            refusedInBody("chunk size", head(POST, HOST, CHUNKED) + size + hello, 400, 413);
        }
        for (String body : each(
                "5;\nhello\r\n0\r\n\r\n|5;a\nhello\r\n0\r\n\r\n|5;a\rhello\r\n0\r\n\r\n|"
                        + "05\nhello\r\n0\r\n\r\n|5 \nhello\r\n0\r\n\r\n|5\nhello\r\n0\r\n\r\n|5\rhello\r\n0\r\n\r\n|5\r\r\nhello\r\n0\r\n\r\n|"
                        + "5\n\rhello\r\n0\r\n\r\n|5\r\nhello\n0\r\n\r\n|5\r\nhello\r0\r\n\r\n|"
                        + "5\r\nhello\r\r\n0\r\n\r\n|5\r\nhello0\r\n\r\n|5\r\nhelloXX0\r\n\r\n|"
                        + "5\r\nhello \r\n0\r\n\r\n|4\r\nhello\r\n0\r\n\r\n|6\r\nhello\r\n0\r\n\r\n|"
                        + "5\r\nhello\r\n\r\n0\r\n\r\n|\r\n5\r\nhello\r\n0\r\n\r\n|5\r\nhello\r\n0\n\r\n|"
                        + "5\r\nhello\r\n0\r\r\n\r\n|5\r\nhello\r\n0\r\n\n|5\r\nhello\r\n0\r\n\r\r\n|"
                        + "5\r\nhello\r\n0\r\n \r\n\r\n|5\r\nhello\r\n0;\0\r\n\r\n|"
                        + "5\r\nhello\r\n00x\r\n\r\n|5\r\nhello\r\n-0\r\n\r\n|5\r\nhello\r\n 0\r\n\r\n|"
                        + "5\r\nhello\r\n0\r\nx\r\n\r\n|hello|\0|\r\r\n|5\r\nhello\r\nG\r\n",
                "400\r\n" + "x".repeat(1023) + "\r\n0\r\n\r\n")) {
            refusedInBody("chunk", head(POST, HOST, CHUNKED) + body, 400, 413);
        }
    }

    private void trailers() {
        for (String c : octets(CONTROLS)) {
            refusedInBody("trailer's value", trailer("X-A: a" + c), 400);
            refusedInBody("trailer's name", trailer("X" + c + "A: a"), 400);
        }
        for (String line : each(
                "X-A : a|X-A\t: a|: a|X-A| X-A: a|\tX-A: a|X-A: a\r\n b|X-A: a\n|X-A: a\r|"
                        + "X-A: a\nX-B: b|X-A: a\rX-B: b|X(A: a|X\u00e4: a|Content-Length: 5|"
                        + "content-length: 0|Transfer-Encoding: gzip|Host: b.test|HOST: a.test|Host:",
                CHUNKED,
                LINE)) {
            refusedInBody("trailer", trailer(line), 400);
        }
        refusedInBody("too many trailers", trailer(many(MAX_FIELDS + 1)), 400, 431);
        refusedInBody("trailers too large", trailer("X-A: " + "a".repeat(MAX_HEAD)), 400, 431);
        refusedInBody(
                "trailers without end", head(POST, HOST, CHUNKED) + "0\r\nX-A: " + "a".repeat(2 * MAX_HEAD), 400, 431);
    }

    private static String trailer(String line) {
        return head(POST, HOST, CHUNKED) + "5\r\nhello\r\n0\r\n" + line + "\r\n\r\n";
    }

    private static String many(int fields) {
        return IntStream.range(0, fields).mapToObj(i -> "X-" + i + ": a").collect(Collectors.joining("\r\n"));
    }

    private void limits() {
        refused("target too long", head("GET /" + "x".repeat(MAX_HEAD) + " HTTP/1.1", HOST), 414);
        refused("target too long", head("GET /?" + "x".repeat(MAX_HEAD) + " HTTP/1.1", HOST), 414);
        refused("target without end", "GET /" + "x".repeat(2 * MAX_HEAD), 414);
        refused("method without end", "G".repeat(2 * MAX_HEAD), 400, 414);
        refused("value too long", head(LINE, HOST, "X-A: " + "a".repeat(MAX_HEAD)), 431);
        refused("value of blanks", head(LINE, HOST, "X-A:" + " ".repeat(MAX_HEAD)), 431);
        refused("name too long", head(LINE, HOST, "X".repeat(MAX_HEAD) + ": a"), 431);
        refused("name without end", LINE + "\r\n" + HOST + "\r\n" + "X".repeat(2 * MAX_HEAD), 431);
        refused("value without end", LINE + "\r\n" + HOST + "\r\nX-A: " + "a".repeat(2 * MAX_HEAD), 431);
        refused("too many fields", head(LINE, HOST, many(MAX_FIELDS)), 431);
        refused("too many empty fields", head(LINE, HOST, "X:\r\n".repeat(MAX_FIELDS) + "X:"), 431);
        refused("too many cookies", head(LINE, HOST, "Cookie: a=b\r\n".repeat(MAX_FIELDS) + "Cookie: a=b"), 431);
        refused(
                "body too large",
                head(POST, HOST, "Content-Length: " + (MAX_BODY + 1)) + "x".repeat(MAX_BODY + 1),
                413);
        refusedInBody(
                "body too large",
                head(POST, HOST, CHUNKED) + "401\r\n" + "x".repeat(MAX_BODY + 1) + "\r\n0\r\n\r\n",
                413);
        refusedInBody(
                "body too large", head(POST, HOST, CHUNKED) + "1\r\nx\r\n".repeat(MAX_BODY + 1) + "0\r\n\r\n", 413);
    }

    private void methodsAndExpectations() {
        for (String expectation : each(
                "something|100|continue|100-continu|100-continue, x|100-continue;q=1|200-ok|" + "\"100-continue\"")) {
            refused("expectation", head(POST, HOST, LENGTH, "Expect: " + expectation) + "hello", 417);
            refused("expectation", head(LINE, HOST, "Expect: " + expectation), 417);
        }
        refused("expectation", head(POST, HOST, LENGTH, "Expect: 100-continue", "Expect: x") + "hello", 417);
        for (String line : List.of(
                "CONNECT a.test:443 HTTP/1.1", "CONNECT /x HTTP/1.1", "TRACE /x HTTP/1.1", "TRACE * HTTP/1.1")) {
            refusedAndGoesOn(head(line, HOST));
        }
    }

    /** A method that is not served says nothing about where the request ends. */
    private void refusedAndGoesOn(String octets) {
        cases.add(new Case("method not served", octets, List.of(), Set.of(405), true));
    }

    private void connectionOptions() {
        for (String option : each("Host|host|HOST|Content-Length|content-length|Transfer-Encoding|close, Host|"
                + "Host, close|x,Content-Length|keep-alive, transfer-encoding| host |,host,")) {
            refused(
                    "Connection names what frames or routes",
                    head(POST, HOST, LENGTH, "Connection: " + option) + "hello",
                    400);
        }
        refused(
                "Connection twice",
                head(POST, HOST, LENGTH, "Connection: x", "Connection: Content-Length") + "hello",
                400);
        for (String option :
                List.of("X-Forwarded-For", "X-Real-IP", "x-forwarded-for, x-forwarded-proto", "Cookie", "Connection")) {
            served(
                    "Connection names others",
                    head(LINE, HOST, "Connection: " + option) + HIDDEN,
                    "GET /x",
                    "GET /hidden");
        }
        served("close", head(LINE, HOST, "Connection: close") + HIDDEN, "GET /x");
        served("close among others", head(LINE, HOST, "Connection: x, CLOSE") + HIDDEN, "GET /x");
        served("HTTP/1.0", head("GET /x HTTP/1.0", HOST) + HIDDEN, "GET /x");
        for (String protocol : each("h2c|h2|HTTP/2.0|HTTP/1.1|TLS/1.0|websocket|x, h2c|websocket, h2c")) {
            served(
                    "Upgrade that nobody takes up",
                    head(
                                    LINE,
                                    HOST,
                                    "Connection: Upgrade, HTTP2-Settings",
                                    "HTTP2-Settings: AAMAAABkAAQAAP__",
                                    "Upgrade: " + protocol)
                            + HIDDEN,
                    "GET /x",
                    "GET /hidden");
            served( // CVE-2026-58055
                    "Upgrade with a body",
                    head(POST, HOST, LENGTH, "Connection: Upgrade", "Upgrade: " + protocol) + "hello" + HIDDEN,
                    "POST /x hello",
                    "GET /hidden");
            served(
                    "Upgrade with chunks",
                    head(POST, HOST, CHUNKED, "Connection: Upgrade", "Upgrade: " + protocol) + HELLO_CHUNKED + HIDDEN,
                    "POST /x hello",
                    "GET /hidden");
        }
    }

    private void pipelines() {
        String get = head("GET /1 HTTP/1.1", HOST);
        String post = head("POST /2 HTTP/1.1", HOST, LENGTH) + "hello";
        String chunked = head("PUT /3 HTTP/1.1", HOST, CHUNKED) + HELLO_CHUNKED;
        String headOnly = head("HEAD /4 HTTP/1.1", HOST);
        String expecting = head("POST /5 HTTP/1.1", HOST, LENGTH, "Expect: 100-continue") + "hello";
        List<String> octets = List.of(get, post, chunked, headOnly, expecting);
        List<String> requests = List.of("GET /1", "POST /2 hello", "PUT /3 hello", "HEAD /4", "POST /5 hello");
        for (int first = 0; first < octets.size(); first++) {
            for (int second = 0; second < octets.size(); second++) {
                served(
                        "pipeline",
                        octets.get(first) + octets.get(second) + HIDDEN,
                        requests.get(first),
                        requests.get(second),
                        "GET /hidden");
            }
            for (String bad : List.of(
                    head("GET /x HTTP/1.1"),
                    head(POST, HOST, LENGTH, CHUNKED) + HELLO_CHUNKED,
                    "\n" + get,
                    head(POST, HOST, "Content-Length: 5, 5") + "hello",
                    head(LINE, HOST, "Content-Length : 5"))) {
                cases.add(new Case(
                        "bad one in a pipeline",
                        octets.get(first) + bad + HIDDEN,
                        List.of(requests.get(first)),
                        Set.of(400),
                        false));
            }
        }
        served(
                "twenty",
                get.repeat(20),
                Arrays.stream(new String[20]).map(none -> "GET /1").toArray(String[]::new));
        // A body that looks like a request is a body.
        served(
                "request in a body",
                head(POST, HOST, "Content-Length: " + HIDDEN.length()) + HIDDEN,
                "POST /x " + HIDDEN);
        served(
                "request in a chunk",
                head(POST, HOST, CHUNKED) + Integer.toHexString(HIDDEN.length()) + "\r\n" + HIDDEN + "\r\n0\r\n\r\n",
                "POST /x " + HIDDEN);
        served("GET with a body", head(LINE, HOST, LENGTH) + "hello" + HIDDEN, "GET /x hello", "GET /hidden");
        served(
                "HEAD with a body",
                head("HEAD /x HTTP/1.1", HOST, LENGTH) + "hello" + HIDDEN,
                "HEAD /x hello",
                "GET /hidden");
        served("GET with chunks", head(LINE, HOST, CHUNKED) + HELLO_CHUNKED + HIDDEN, "GET /x hello", "GET /hidden");
    }

    private void unusualButValid() {
        for (String before : List.of("\r\n", "\r\n\r\n")) {
            served("empty line before it", before + head(LINE, HOST) + before + HIDDEN, "GET /x", "GET /hidden");
        }
        for (String host :
                List.of("Host:a.test", "Host: \t a.test \t ", "HOST: A.TEST", "hOsT: a.test:80", "Host: a.test:")) {
            served("Host", head(LINE, host) + HIDDEN, "GET /x", "GET /hidden");
        }
        for (String field : each(
                "X-A:|X-A: |X-A:a|X-A:\ta\t|X-A: a\tb|X-A: \u00e9\u00ff|X-A: a: b|X-A: ::|"
                        + "X-A: \"a|X-A: (a|X-A: a, b,,|Content_Length: 5|Transfer_Encoding: chunked|"
                        + "Content-Length-X: 5|X-Transfer-Encoding: chunked|Transfer-Encodin: chunked|"
                        + "TE: trailers|TE: chunked|Trailer: Host|Keep-Alive: timeout=5|"
                        + "Proxy-Connection: close|Content-Encoding: chunked",
                "!#$%&'*+-.^`|~9: a",
                "X".repeat(300) + ": a")) {
            served("field", head(LINE, HOST, field) + HIDDEN, "GET /x", "GET /hidden");
        }
        for (String length : List.of("0005", "5 ", "\t5", "000000000000000005")) {
            served(
                    "length",
                    head(POST, HOST, "Content-Length: " + length) + "hello" + HIDDEN,
                    "POST /x hello",
                    "GET /hidden");
        }
        served("no octets", head(POST, HOST, "Content-Length: 0") + HIDDEN, "POST /x", "GET /hidden");
        served("no framing", head(POST, HOST) + HIDDEN, "POST /x", "GET /hidden");
        for (String coding : List.of("chunked", "Chunked", "CHUNKED", "\tchunked ", " chunked\t")) {
            served(
                    "coding",
                    head(POST, HOST, "Transfer-Encoding:" + coding) + HELLO_CHUNKED + HIDDEN,
                    "POST /x hello",
                    "GET /hidden");
        }
        for (String size : each("5;a|5;a=b|5;a=\"b\"|5;a=\"b;c\"|5;a=\"\\\"\"|5;a;b=c|05|0005")) {
            served(
                    "chunk",
                    head(POST, HOST, CHUNKED) + size + "\r\nhello\r\n0\r\n\r\n" + HIDDEN,
                    "POST /x hello",
                    "GET /hidden");
        }
        served(
                "last chunk",
                head(POST, HOST, CHUNKED) + "5\r\nhello\r\n000\r\n\r\n" + HIDDEN,
                "POST /x hello",
                "GET /hidden");
        served(
                "last chunk",
                head(POST, HOST, CHUNKED) + "5\r\nhello\r\n0;a=b\r\n\r\n" + HIDDEN,
                "POST /x hello",
                "GET /hidden");
        served("no chunk", head(POST, HOST, CHUNKED) + "0\r\n\r\n" + HIDDEN, "POST /x", "GET /hidden");
        served("trailer", trailer("X-A: a") + HIDDEN, "POST /x hello", "GET /hidden");
        for (String target : each("/|/a/../b|/a//b|/%41|/a?b?c|/a?%zz|/a;b|/a/.|/a@b:c|//a.test/x|/?")) {
            served("target", head("GET " + target + " HTTP/1.1", HOST) + HIDDEN, "GET " + target, "GET /hidden");
        }
        served("absolute-form", head("GET http://a.test/y?z HTTP/1.1", HOST) + HIDDEN, "GET /y?z", "GET /hidden");
        served("absolute-form", head("GET HTTP://A.test HTTP/1.1", HOST) + HIDDEN, "GET /", "GET /hidden");
        served("absolute-form", head("GET http://a.test?z HTTP/1.1", HOST) + HIDDEN, "GET /?z", "GET /hidden");
        served("asterisk-form", head("OPTIONS * HTTP/1.1", HOST) + HIDDEN, "OPTIONS *", "GET /hidden");
        for (String method : List.of("get", "PATCH", "M-SEARCH", "X", "!#$%&'*+-.^_`|~")) {
            served("method", head(method + " /x HTTP/1.1", HOST) + HIDDEN, method + " /x", "GET /hidden");
        }
        served(
                "HTTP/1.0 that stays",
                head("GET /x HTTP/1.0", HOST, "Connection: keep-alive") + HIDDEN,
                "GET /x",
                "GET /hidden");
        served(
                "HTTP/1.0 that expects",
                head("POST /x HTTP/1.0", HOST, LENGTH, "Expect: x") + "hello" + HIDDEN,
                "POST /x hello");
        served(
                "at the limit",
                head(POST, HOST, "Content-Length: " + MAX_BODY) + "x".repeat(MAX_BODY),
                "POST /x " + "x".repeat(MAX_BODY));
        served("at the limit", head(LINE, HOST, many(MAX_FIELDS - 1)) + HIDDEN, "GET /x", "GET /hidden");
    }
}
