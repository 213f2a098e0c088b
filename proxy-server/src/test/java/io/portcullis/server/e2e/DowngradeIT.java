package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Cases.each;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Cases;
import io.portcullis.server.e2e.kit.Http2Client;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.RequestReader;
import io.portcullis.server.e2e.kit.RequestReader.Request;
import io.portcullis.server.e2e.kit.TappedServerSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What comes over HTTP/2 and would be another request, or two, as HTTP/1.1, is refused on its stream; nothing of it reaches
 * the application, and the connection serves on (RFC 9113 sections 8.1 to 8.3 and 10.3).
 */
final class DowngradeIT {

    private static final String HIDDEN = "\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a.test\r\n\r\n";
    private static final String NEXT = "GET /next";
    private static final String CLAIMED = "192.0.2.1";

    /** All but HTAB. */
    private static final List<String> CONTROLS = IntStream.range(0, 0x20)
            .filter(c -> c != '\t')
            .mapToObj(Character::toString)
            .toList();

    /**
     * One request.
     *
     * @param head names and values by turns
     * @param body its DATA, each a frame
     * @param trailers names and values by turns
     * @param served what reaches the application, as method, target and body; empty where nothing whole may
     * @param told names and values by turns that the application is told
     */
    private record Case(
            String group,
            List<String> head,
            List<String> body,
            List<String> trailers,
            String served,
            List<String> told) {
        @Override
        public String toString() {
            return group + ": " + head + " " + body + " " + trailers;
        }
    }

    private static TappedServerSocket socket;
    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    private final List<Case> cases = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        socket = new TappedServerSocket();
        application = RecordingApplication.start("app", socket);
        proxy = ProxyUnderTest.in(directory)
                .main("listeners { http { http2 = true } }, default-host = reject")
                .host("a", "a.test", application, "")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        application.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    private static String[] get(String... fields) {
        return with("GET", "http", "a.test", "/x", fields);
    }

    private static String[] post(String... fields) {
        return with("POST", "http", "a.test", "/x", fields);
    }

    private static String[] with(String method, String scheme, String authority, String path, String... fields) {
        return concat(
                new String[] {":method", method, ":scheme", scheme, ":authority", authority, ":path", path}, fields);
    }

    private static String[] concat(String[] one, String... other) {
        return Stream.concat(Stream.of(one), Stream.of(other)).toArray(String[]::new);
    }

    private void refused(String group, String... head) {
        cases.add(new Case(group, List.of(head), List.of(), List.of(), "", List.of()));
    }

    private void refusedInBody(String group, String[] head, String[] trailers, String... body) {
        cases.add(new Case(group, List.of(head), List.of(body), List.of(trailers), "", List.of()));
    }

    private void served(String group, String served, String[] head, String... told) {
        cases.add(new Case(group, List.of(head), List.of(), List.of(), served, List.of(told)));
    }

    private void servedWithBody(String[] head, List<String> body, String served, String... trailers) {
        cases.add(new Case("body", List.of(head), body, List.of(trailers), served, List.of()));
    }

    private void values() {
        for (String c : CONTROLS) {
            refused("value", get("x", "a" + c + "b"));
            refused("value", get("x", c));
            refused("cookie", get("cookie", "a=1", "cookie", "b" + c + "=2"));
        }
        for (String value :
                List.of(" a", "a ", "\ta", "a\t", " ", "a\u007f", "a\r\nx-b: c", "a\nx-b: c", "a" + HIDDEN)) {
            refused("value", get("x", value));
            refused("value", get("user-agent", value));
            refused("Host's value", get("host", "a.test" + value));
            refused("cookie", get("cookie", value));
            refused("te", get("te", "trailers" + value));
        }
    }

    private void names() {
        for (String c : CONTROLS) {
            refused("name", get("x" + c + "a", "b"));
        }
        for (String name : each(
                "|X|xA| x|x |x y|\tx|x:|x:y|x\u007f|x\u00e4|x\"|x(|x,|x/|x;|x<|x=|x@|x[|x\\|x{|"
                        + "Host|Content-Length|Transfer-Encoding|transfer-encoding |content-length:|"
                        + "x: y\r\nz|x: y\r\ntransfer-encoding|host: b.test\r\nx",
                "x" + HIDDEN)) {
            refused("name", get(name, "5"));
        }
    }

    private void pseudoHeaders() {
        for (String pseudo : List.of(":method", ":scheme", ":authority", ":path")) {
            String[] whole = get();
            List<String> without = new ArrayList<>(List.of(whole));
            int at = without.indexOf(pseudo);
            without.subList(at, at + 2).clear();
            refused("left out", without.toArray(String[]::new));
            refused("twice", concat(whole, pseudo, whole[at + 1]));
            refused("behind a field", concat(concat(without.toArray(String[]::new), "x", "y"), pseudo, whole[at + 1]));
        }
        for (String unknown :
                List.of(":host", ":status", ":protocol", ":version", ":", ":x", ":content-length", ":Method")) {
            refused("unknown", concat(new String[] {unknown, "200"}, get()));
        }
        for (String octets : List.of(" ", "\t", "\0", "\r", "\n", "\r\nx: y", HIDDEN, "\u007f", "\u00e4")) {
            refused("method", with("GET" + octets, "http", "a.test", "/x"));
            refused("scheme", with("GET", "http" + octets, "a.test", "/x"));
            refused("authority", with("GET", "http", "a.test" + octets, "/x"));
            refused("path", with("GET", "http", "a.test", "/x" + octets));
        }
        for (String method : List.of("", "G(T", "GET /hidden HTTP/1.1\r\nx: ", "CONNECT", "TRACE")) {
            refused("method", with(method, "http", "a.test", "/x"));
        }
        for (String scheme :
                List.of("", "ftp", "file", "javascript", "http:", "http://b.test/?", "https://a.test/x?")) {
            refused("scheme", with("GET", scheme, "a.test", "/x"));
        }
        for (String authority : each("|b.test|u@a.test|a.test@b.test|a.test/x|a.test?x|a.test#x|a.test\\b|"
                + "a.test,b.test|a.test:x|a.test:99999|http://a.test|[::1|:80|*")) {
            refused("authority", with("GET", "http", authority, "/x"));
        }
        for (String path : each("|x|*|?x|http://b.test/x|//\r\n|/a b|/x HTTP/1.1|/x HTTP/1.1\r\nx: y|/x#y|/#|/%|"
                + "/%zz|/%00|/../x|/%2e%2e/x")) {
            refused("path", with("GET", "http", "a.test", path));
        }
        refused("connect", ":method", "CONNECT", ":authority", "b.test:25");
        refused("connect", ":method", "CONNECT", ":authority", "b.test:25", ":path", "/");
        refused("connect", ":method", "CONNECT", ":authority", "a.test", ":scheme", "http", ":path", "/x");
    }

    private void ofConnections() {
        for (String name : List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade")) {
            for (String value :
                    List.of("", "x", "close", "chunked", "keep-alive", "upgrade", "content-length", "gzip, chunked")) {
                refused("of connections", get(name, value));
            }
        }
        for (String value :
                List.of("", "gzip", "chunked", "trailers, gzip", "trailers;q=1", "Trailers, chunked", "trailers,")) {
            refused("te", get("te", value));
        }
        refused("te twice", get("te", "trailers", "te", "chunked"));
        refused("two hosts", get("host", "b.test"));
        refused("two hosts", get("host", "a.test", "host", "a.test"));
        refused("two hosts", get("host", "a.test", "host", "b.test"));
        refused("host", get("host", ""));
        refused("host", ":method", "GET", ":scheme", "http", ":path", "/x", "host", "a.test,b.test");
        refused("host", ":method", "GET", ":scheme", "http", ":path", "/x", "host", "u@a.test");
    }

    private void lengths() {
        String[] none = {};
        for (String length :
                each("|+5|-5|0x5|5 5|5,5|5, 5|5;|five|5.0|5e0|99999999999999999999|" + "18446744073709551621")) {
            refused("length", get("content-length", length));
            refusedInBody("length", post("content-length", length), none, "hello");
        }
        for (String length : List.of("1", "5", "999")) {
            refused("length without a body", get("content-length", length));
        }
        refused("two lengths", get("content-length", "0", "content-length", "0"));
        refusedInBody("two lengths", post("content-length", "5", "content-length", "5"), none, "hello");
        refusedInBody("two lengths", post("content-length", "5", "content-length", "6"), none, "hello");
        for (String length : List.of("0", "1", "4", "6", "1000")) {
            refusedInBody("length that lies", post("content-length", length), none, "hello");
            refusedInBody("length that lies", post("content-length", length), none, "he", "", "llo");
            refusedInBody("length that lies", post("content-length", length), new String[] {"x", "y"}, "hello");
        }
        for (String[] trailer : new String[][] {
            {"content-length", "5"},
            {"transfer-encoding", "chunked"},
            {"host", "b.test"},
            {":path", "/y"},
            {":method", "GET"},
            {":status", "200"},
            {"connection", "close"},
            {"X", "y"},
            {"x y", "z"},
            {"x", "y\r\nz: a"},
            {"x", "y" + HIDDEN},
            {"x\r\ny", "z"},
            {"x", "\0"}
        }) {
            refusedInBody("trailer", post(), trailer, "hello");
            refusedInBody("trailer", post("content-length", "5"), trailer, "hello");
        }
    }

    private void allowed() {
        served("plain", "GET /x", get());
        served("te", "GET /x", get("te", "trailers"));
        served("host", "GET /x", get("host", "A.test"), "host", "a.test");
        served("host", "GET /x", new String[] {":method", "GET", ":scheme", "http", ":path", "/x", "host", "a.test"});
        served("length", "GET /x", get("content-length", "0"));
        served("crumbs", "GET /x", get("cookie", "a=1", "x", "y", "cookie", "b=2"), "cookie", "a=1; b=2");
        served("path", "GET //x", with("GET", "http", "a.test", "//x"));
        served("asterisk", "OPTIONS *", with("OPTIONS", "http", "a.test", "*"));
        // Who the client is, is told by the connection; which is how the test finds it at the application.
        for (String claim : List.of(
                "x-forwarded-for", "forwarded", "x-real-ip", "x_forwarded_for", "true-client-ip", "x_real_ip")) {
            served("claim", "GET /x", get(claim, CLAIMED));
        }
        for (String alias : List.of("content_length", "transfer_encoding")) {
            served("alias", "GET /x", get(alias, "5"), alias, "");
        }
        servedWithBody(post("content-length", "5"), List.of("he", "", "llo"), "POST /x hello");
        servedWithBody(post(), List.of("hello"), "POST /x hello");
        servedWithBody(post(), List.of("hello" + HIDDEN), "POST /x hello" + HIDDEN);
        servedWithBody(post(), List.of("0\r\n\r\n"), "POST /x 0\r\n\r\n");
        servedWithBody(post(), List.of("hello"), "POST /x hello", "x", "y");
    }

    /** If it breaks: over HTTP/2 requests are smuggled that over HTTP/1.1 would be refused. */
    @Test
    void everyCaseIsOneRequestOrNone() throws Exception {
        values();
        names();
        pseudoHeaders();
        ofConnections();
        lengths();
        allowed();
        assertThat(cases).hasSizeGreaterThan(300);
        List<String> clients = cases.stream().map(one -> Loopback.newClient()).toList();

        List<String> faults = Cases.faults(cases.size(), i -> fault(cases.get(i), clients.get(i)));

        List<Request> read = readByTheApplication();
        for (int i = 0; i < cases.size(); i++) {
            String client = clients.get(i);
            List<Request> reached = read.stream()
                    .filter(request -> request.value("X-Forwarded-For").equals(client))
                    .toList();
            faults.addAll(faultsOf(cases.get(i), reached));
        }
        assertThat(faults).isEmpty();
    }

    private static String fault(Case one, String from) {
        String step = "send";
        try (Http2Client client = Http2Client.connect(from, proxy.port())) {
            int stream = client.newStream();
            boolean more = !one.body().isEmpty();
            client.frame(
                    Http2Client.HEADERS,
                    Http2Client.END_HEADERS | (more ? 0 : Http2Client.END_STREAM),
                    stream,
                    section(one.head()));
            for (int i = 0; i < one.body().size(); i++) {
                boolean last = i == one.body().size() - 1 && one.trailers().isEmpty();
                client.data(stream, one.body().get(i), last);
            }
            if (!one.trailers().isEmpty()) {
                client.frame(
                        Http2Client.HEADERS,
                        Http2Client.END_HEADERS | Http2Client.END_STREAM,
                        stream,
                        section(one.trailers()));
            }
            client.send();
            step = "its answer";
            int status = client.status(stream);
            assertThat(status == 200)
                    .as("served, with status %s", status)
                    .isEqualTo(!one.served().isEmpty());
            step = "the next request's answer";
            int next = client.get("a.test", "/next");
            client.send();
            assertThat(client.status(next)).isEqualTo(200);
            return "";
        } catch (IOException | AssertionError fault) {
            return one + "\n  " + step + ": " + fault;
        }
    }

    private static byte[] section(List<String> namesAndValues) {
        return Http2Client.section(namesAndValues.toArray(String[]::new));
    }

    private static List<String> faultsOf(Case one, List<Request> reached) {
        List<String> faults = new ArrayList<>();
        List<String> expected = one.served().isEmpty() ? List.of(NEXT) : List.of(NEXT, one.served());
        List<String> got = reached.stream().map(Request::toString).sorted().toList();
        if (!got.equals(expected.stream().sorted().toList())) {
            faults.add(one + "\n  reached the application: " + got);
        }
        for (Request request : reached) {
            if (request.fields().toString().contains(CLAIMED)) {
                faults.add(one + "\n  the application is told what nobody verified: " + request.fields());
            }
            for (int i = 0; i < one.told().size() && request.toString().equals(one.served()); i += 2) {
                String value = request.value(one.told().get(i));
                if (!value.equals(one.told().get(i + 1))) {
                    faults.add(one + "\n  the application is told " + one.told().get(i) + ": " + value);
                }
            }
        }
        return faults;
    }

    /** Each of the application's connections brought valid requests and nothing else, the last of which may be cut off. */
    private static List<Request> readByTheApplication() {
        List<Request> all = new ArrayList<>();
        for (String tape : socket.tapes()) {
            RequestReader.Reading reading = RequestReader.read(tape);
            assertThat(reading.fault()).as("what was sent to the application").isEmpty();
            all.addAll(reading.requests());
        }
        return all;
    }
}
