package io.portcullis.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.portcullis.core.config.ClientAddressHeader;
import io.portcullis.core.config.HttpsConfig;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.RouteConfig.ToUpstream;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.core.route.Route;
import io.portcullis.server.upstream.EmbeddedEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the endpoint gets of a request, and the client of an answer: each hop's own business ends here. */
class ForwardingTest {

    private static final String VISITOR = "198.51.100.7";
    private static final String PROXY = "192.0.2.1";

    private final UpstreamConfig upstream = Hosts.upstream("shop", 8080);
    private final VirtualHostConfig host = new VirtualHostConfig(
            "shop",
            List.of("shop.example", ""),
            List.of(TestRules.LISTENER),
            List.of(
                    new RouteConfig("/", new ToUpstream(upstream, false)),
                    new RouteConfig("/api/", new ToUpstream(upstream, true)),
                    new RouteConfig("/app", new ToUpstream(upstream, true))),
            List.of(),
            Optional.empty(),
            HttpsConfig.NONE);
    private final TestRules rules = new TestRules(List.of(host));
    private final EmbeddedWorker worker = new EmbeddedWorker(rules);
    private final EmbeddedEndpoint endpoint = pooled();
    private final Client client = new Client(worker, rules, VISITOR);

    @AfterEach
    void release() {
        worker.close();
    }

    private EmbeddedEndpoint pooled() {
        EmbeddedEndpoint made =
                EmbeddedEndpoint.pooled(rules.upstream(upstream).destinations().get(0), worker.pool());
        worker.track(made.channel());
        return made;
    }

    private static String request(String line, String... fields) {
        return line + "\r\nHost: shop.example\r\n"
                + String.join(
                        "",
                        List.of(fields).stream().map(field -> field + "\r\n").toList())
                + "\r\n";
    }

    /** The head that the endpoint gets, one field a line. */
    private List<String> forwarded(String... fields) {
        client.sends(request("GET / HTTP/1.1", fields));
        return lines(endpoint.received());
    }

    private static List<String> lines(String message) {
        return List.of(message.split("\r\n"));
    }

    // Requests

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "Proxy-Authorization: Basic eA==",
                "HTTP2-Settings: AAMAAABkAAQ",
                "TE: gzip",
                "Upgrade: websocket",
                "Connection: close"
            })
    void hopByHopFieldsStopHere(String field) {
        String name = field.substring(0, field.indexOf(':'));
        assertThat(forwarded(field))
                .isNotEmpty()
                .noneMatch(line -> line.regionMatches(true, 0, name, 0, name.length()));
    }

    @Test
    void fieldsThatConnectionNamesStopHereWhateverTheirCase() {
        assertThat(forwarded(
                        "Connection: X-Hop, close ,,x-OTHER",
                        "Connection: x-third",
                        "x-hop: 1",
                        "X-Other: 2",
                        "X-Third: 3",
                        "X-Stays: 4"))
                .contains("X-Stays: 4")
                .noneMatch(line -> line.matches("(?i)(x-hop|x-other|x-third|connection):.*"));
    }

    @Test
    void connectionCannotTakeOutWhatThisProxySays_orTheApplicationTakesTheProxyForTheClient() {
        assertThat(forwarded("Connection: X-Forwarded-For, X-Real-IP, X-Request-Id, X-Forwarded-Proto"))
                .contains("X-Forwarded-For: " + VISITOR, "X-Real-IP: " + VISITOR, "X-Forwarded-Proto: http")
                .anyMatch(line -> line.startsWith("X-Request-Id: "));
    }

    /** What is told of a client is kept for its next request. If it breaks: an application builds links to another's host. */
    @Test
    void eachRequestOfAConnectionIsToldItsOwnHostAndId() {
        List<List<String>> heads = new ArrayList<>();
        for (String name : List.of("shop.example", "shop.example", "SHOP.example:80", "shop.example")) {
            client.sends("GET / HTTP/1.1\r\nHost: " + name + "\r\nX-Forwarded-Host: evil\r\nX-Request-Id: 7\r\n\r\n");
            List<String> head = lines(endpoint.received());
            assertThat(head)
                    .contains("Host: " + name, "X-Forwarded-Host: " + name, "X-Forwarded-For: " + VISITOR)
                    .doesNotHaveDuplicates();
            heads.add(head.stream()
                    .filter(line -> line.startsWith("X-Request-Id: "))
                    .toList());
            endpoint.says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
        assertThat(heads)
                .doesNotHaveDuplicates()
                .allSatisfy(ids -> assertThat(ids).singleElement().asString().matches("X-Request-Id: [0-9a-f]{32}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "Content-Length", "TRANSFER-ENCODING"})
    void connectionThatNamesWhatFramesOrRoutesIs400(String named) {
        client.sends(request("GET / HTTP/1.1", "Connection: close, " + named));
        assertThat(client.received()).startsWith("HTTP/1.1 400 ");
        assertThat(endpoint.received()).isEmpty();
    }

    @Test
    void whatAStrangerSaysAboutWhoItIsIsReplaced() {
        List<String> head = forwarded(
                "X-Forwarded-For: 203.0.113.9",
                "x-forwarded-for: 203.0.113.10",
                "X-Real-IP: 203.0.113.9",
                "Forwarded: for=203.0.113.9",
                "X-Forwarded-Host: evil",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Port: 1",
                "X-Forwarded-Anything: 1",
                "True-Client-IP: 203.0.113.9",
                "CF-Connecting-IP: 203.0.113.9",
                "X_Forwarded_For: 203.0.113.9",
                "X-Forwarded_For: 203.0.113.9",
                "X-Request-Id: mine");
        assertThat(head)
                .contains(
                        "X-Forwarded-For: " + VISITOR,
                        "X-Real-IP: " + VISITOR,
                        "X-Forwarded-Proto: http",
                        "X-Forwarded-Port: 8080",
                        "X-Forwarded-Host: shop.example")
                .noneMatch(line -> line.contains("203.0.113.") || line.contains("evil") || line.contains("mine"))
                .noneMatch(line ->
                        line.substring(0, Math.max(0, line.indexOf(':'))).contains("_"));
        assertThat(head.stream().filter(line -> line.startsWith("X-Forwarded-")))
                .hasSize(4);
    }

    @Test
    void whatATrustedProxySaysIsKeptAndContinued() {
        Client proxy = new Client(worker, rules, PROXY);
        proxy.sends(request(
                "GET / HTTP/1.1",
                "X-Forwarded-For: 10.0.0.1, 203.0.113.9",
                "X-Real-IP: 10.0.0.1",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: public.example",
                "X_Forwarded_For: 10.0.0.1",
                "X-Request-Id: theirs-1"));
        assertThat(lines(endpoint.received()))
                .contains(
                        "X-Forwarded-For: 10.0.0.1, 203.0.113.9, " + PROXY,
                        "X-Real-IP: 203.0.113.9",
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Host: public.example",
                        "X-Forwarded-Port: 443",
                        "X-Request-Id: theirs-1")
                .noneMatch(line -> line.startsWith("X_"));
    }

    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-Proto: HTTPS, 443",
        "X-Forwarded-Proto: http, 80",
        "X-Forwarded-Proto: wss, 443",
        "X-Forwarded-Proto: other, 8080",
        "X-Other: 1, 8080"
    })
    void thePortIsTheOneOfTheSchemeThatTheClientUsed_orLinksLeadToAPortThatNobodySees(String said, String port) {
        new Client(worker, rules, PROXY).sends(request("GET / HTTP/1.1", said));
        assertThat(lines(endpoint.received())).contains("X-Forwarded-Port: " + port);
    }

    @Test
    void thePortThatATrustedProxySaysStays() {
        new Client(worker, rules, PROXY)
                .sends(request("GET / HTTP/1.1", "X-Forwarded-Proto: https", "X-Forwarded-Port: 8443"));
        assertThat(lines(endpoint.received())).contains("X-Forwarded-Port: 8443");
    }

    @Test
    void forwardedStopsWhereItIsNotTheHeaderThatIsVerified_orTheClientSaysInItWhoItIs() {
        new Client(worker, rules, PROXY)
                .sends(request("GET / HTTP/1.1", "X-Forwarded-For: 203.0.113.9", "Forwarded: for=10.0.0.1"));
        assertThat(lines(endpoint.received()))
                .contains("X-Forwarded-For: 203.0.113.9, " + PROXY)
                .noneMatch(line -> line.startsWith("Forwarded:"));
    }

    @Test
    void forwardedIsPassedOnWhereItIsVerifiedAndXForwardedForIsMadeFromIt() {
        TestRules forwardedRules = new TestRules(List.of(host), ClientAddressHeader.FORWARDED);
        EmbeddedWorker forwardedWorker = new EmbeddedWorker(forwardedRules);
        EmbeddedEndpoint shop = EmbeddedEndpoint.pooled(
                forwardedRules.upstream(upstream).destinations().get(0), forwardedWorker.pool());
        forwardedWorker.track(shop.channel());
        new Client(forwardedWorker, forwardedRules, PROXY)
                .sends(request("GET / HTTP/1.1", "X-Forwarded-For: 10.0.0.1", "Forwarded: for=203.0.113.9"));
        assertThat(lines(shop.received()))
                .contains("Forwarded: for=203.0.113.9", "X-Forwarded-For: 203.0.113.9, " + PROXY)
                .noneMatch(line -> line.contains("10.0.0.1"));
        forwardedWorker.close();
    }

    @Test
    void teTrailersIsSaidAnew_orGrpcDoesNotWork() {
        assertThat(forwarded("TE: gzip;q=0.5, trailers", "Connection: TE"))
                .anyMatch(line -> line.equalsIgnoreCase("te: trailers"))
                .anyMatch(line -> line.equalsIgnoreCase("connection: te"));
    }

    @Test
    void aRequestWithoutHostGetsOne_orTheApplicationRefusesAnOldClient() {
        RouteConfig route = new RouteConfig("/", new ToUpstream(upstream, false));
        Http1Stream stream = new Http1Stream(
                new ClientConnection(new ClientChannel(VISITOR), worker.worker(), worker.listener()),
                new AnswerEncoder());
        Exchange exchange = Exchange.of(stream, new DefaultHttpRequest(HttpVersion.HTTP_1_0, HttpMethod.GET, "/"));
        exchange.normalized("/");
        HttpRequest head = RequestForwarding.head(exchange, new Route("/", route.target()), null);
        assertThat(head.headers().getAll("Host")).containsExactly("127.0.0.1:8080");
        assertThat(head.headers().get("X-Forwarded-Host")).isNull();
        assertThat(head.protocolVersion()).hasToString("HTTP/1.1");
    }

    @Test
    void trailersCannotSayWhoTheClientIs_orAnApplicationThatMergesThemBelievesIt() {
        client.sends(request("POST / HTTP/1.1", "Transfer-Encoding: chunked") + "1\r\nx\r\n0\r\n"
                + "X-Sum: 1\r\nx-forwarded-for: 203.0.113.9\r\nForwarded: for=203.0.113.9\r\nX_Real_IP: 203.0.113.9\r\n"
                + "X-Request-Id: mine\r\nConnection: X-Sum\r\nTE: gzip\r\n\r\n");
        assertThat(endpoint.received()).endsWith("\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/x, /x",
        "/api/, /",
        "/api/?q=/../x, /?q=/../x",
        "/api/x%20y?z=%2e, /x%20y?z=%2e",
        "/api/a%2Fb, /a%2Fb",
        "/api//x, /x",
        "/api/./x, /./x",
        "/api/a/../x, /a/../x",
        "/api/a/%2e%2e/x, /a/%2e%2e/x",
        "/%61pi/x, /x",
        "/x/../api/y, /y",
        "/api/%252e%252e/x, /%252e%252e/x",
        "/api/..%5cx, /..%5cx",
        "/api/x;y=z/w, /x;y=z/w",
        "/api/%ff, /%ff",
        "/app, /",
        "/app?x, /?x",
        "/app/, /",
        "/app/x, /x",
        "/api/../app/x, /x",
        "/application, /application",
        "/api/../x, /api/../x"
    })
    void aStrippedTargetNeverClimbsOutOfWhatIsLeft(String target, String expected) {
        client.sends(request("GET " + target + " HTTP/1.1"));
        assertThat(endpoint.received()).startsWith("GET " + expected + " HTTP/1.1\r\n");
    }

    // Upgrade

    private static final String SWITCH =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n";

    @Test
    void anUpgradeIsPassedOnAndBecomesATunnel() {
        assertThat(forwarded("Connection: keep-alive, Upgrade", "Upgrade: websocket"))
                .anyMatch(line -> line.equalsIgnoreCase("connection: upgrade"))
                .anyMatch(line -> line.equalsIgnoreCase("upgrade: websocket"));
        endpoint.says(SWITCH + "first");
        assertThat(client.received()).startsWith("HTTP/1.1 101 ").endsWith("\r\n\r\nfirst");
        client.sends("GET / HTTP/1.1\r\n\r\n");
        assertThat(endpoint.received()).as("no longer HTTP").isEqualTo("GET / HTTP/1.1\r\n\r\n");
        endpoint.says("second");
        assertThat(client.received()).isEqualTo("second");
        endpoint.closes();
        client.settle();
        assertThat(client.isHalfClosed())
                .as("the client may still read what came last")
                .isTrue();
        assertThat(worker.logged())
                .singleElement()
                .satisfies(line -> assertThat(line.status()).isEqualTo(101));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQ\r\nUpgrade: h2c",
                "Connection: upgrade\r\nUpgrade: H2C",
                "Connection: upgrade\r\nUpgrade: h2",
                "Connection: upgrade\r\nUpgrade: HTTP/2.0",
                "Connection: upgrade\r\nUpgrade: websocket, h2c",
                "Connection: upgrade\r\nUpgrade: h2c, websocket",
                "Connection: upgrade\r\nUpgrade:",
                "Upgrade: websocket",
                "Connection: upgrade",
                "Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 1"
            })
    void anUpgradeThatIsNotPassedOnNeverBecomesATunnel_orRequestsPassThatNobodySees(String fields) {
        client.sends(request("GET / HTTP/1.1", fields) + (fields.contains("Content-Length") ? "x" : ""));
        assertThat(lines(endpoint.received()))
                .isNotEmpty()
                .noneMatch(line -> line.matches("(?i)(upgrade|connection|http2-settings):.*"));
        endpoint.says(SWITCH);
        assertThat(client.received()).startsWith("HTTP/1.1 502 ");
        assertThat(endpoint.isOpen()).isFalse();
    }

    @Test
    void noTunnelIsOpenedForHttp10() {
        client.sends(request("GET / HTTP/1.0", "Connection: upgrade", "Upgrade: websocket"));
        endpoint.says(SWITCH);
        assertThat(client.received()).startsWith("HTTP/1.1 502 ");
    }

    @Test
    void aSecondUpgradeFieldIsNotPassedOn() {
        assertThat(forwarded("Connection: upgrade", "Upgrade: websocket", "Upgrade: h2c"))
                .filteredOn(line -> line.regionMatches(true, 0, "upgrade:", 0, 8))
                .singleElement()
                .asString()
                .endsWith("websocket");
    }

    // Answers

    private String answered(String request, String answer) {
        client.sends(request);
        endpoint.says(answer);
        client.settle();
        return client.received();
    }

    @Test
    void anAnswerLosesWhatIsForOneHop() {
        assertThat(lines(answered(
                        request("GET / HTTP/1.1"),
                        "HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\n"
                                + "Proxy-Connection: keep-alive\r\nX-Stays: 1\r\nContent-Length: 2\r\n\r\nok")))
                .containsExactly("HTTP/1.1 200 OK", "X-Stays: 1", "Content-Length: 2", "", "ok");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void anAnswerOfUnknownLengthComesInChunksAndTheConnectionGoesOn() {
        client.sends(request("GET / HTTP/1.1"));
        endpoint.says("HTTP/1.0 200 OK\r\n\r\nall");
        endpoint.closes();
        client.settle();
        assertThat(client.received()).endsWith("transfer-encoding: chunked\r\n\r\n3\r\nall\r\n0\r\n\r\n");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void aClientOfHttp10GetsNoChunksButTheEndOfTheConnection() {
        assertThat(answered(
                        request("GET / HTTP/1.0", "Connection: keep-alive"),
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nall\r\n0\r\nX: 1\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nall");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aClientOfHttp10KeepsItsConnectionWhereTheLengthIsKnownAndItAsks() {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        assertThat(answered(request("GET / HTTP/1.0", "Connection: keep-alive"), answer))
                .contains("connection: keep-alive\r\n");
        assertThat(client.isOpen()).isTrue();
        assertThat(answered(request("GET / HTTP/1.0"), answer)).contains("connection: close\r\n");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aClientOfHttp10NeverHearsOfChunksNotEvenForHead() {
        assertThat(answered(request("HEAD / HTTP/1.0"), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
    }

    @Test
    void aClientOfHttp10GetsNoInterimAnswers() {
        assertThat(answered(
                        request("GET / HTTP/1.0"),
                        "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
                .startsWith("HTTP/1.1 200 OK\r\n");
    }

    @Test
    void theConnectionClosesWhereTheClientWantsIt() {
        assertThat(answered(
                        request("GET / HTTP/1.1", "Connection: Close"),
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
                .contains("connection: close\r\n");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void theEndpointsCloseIsNotTheClients() {
        assertThat(answered(
                        request("GET / HTTP/1.1"),
                        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"))
                .doesNotContainIgnoringCase("connection:");
        assertThat(client.isOpen()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, 200 OK, Content-Length: 5",
        "HEAD, 200 OK, X: 1",
        "GET, 304 Not Modified, Content-Length: 5",
        "GET, 304 Not Modified, X: 1",
        "GET, 204 No Content, X: 1"
    })
    void anAnswerWithoutBodyHasNone_orTheNextAnswerIsReadAsItsBody(String method, String status, String field) {
        assertThat(answered(request(method + " / HTTP/1.1"), "HTTP/1.1 " + status + "\r\n" + field + "\r\n\r\n"))
                .isEqualToIgnoringCase("HTTP/1.1 " + status + "\r\n" + field + "\r\n\r\n");
        assertThat(client.isOpen()).isTrue();
        client.sends(request("GET /next HTTP/1.1"));
        assertThat(endpoint.received())
                .as("the endpoint's connection goes on too")
                .contains("GET /next ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 600 What\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 099 What\r\nContent-Length: 0\r\n\r\n"
            })
    void anAnswerThatOthersMayReadDifferentlyIs502(String answer) {
        assertThat(answered(request("GET / HTTP/1.1"), answer)).startsWith("HTTP/1.1 502 ");
        assertThat(endpoint.isOpen()).isFalse();
    }

    @Test
    void theLengthOfAnAnswerInChunksIsSaidOnce() {
        assertThat(answered(
                        request("GET / HTTP/1.1"),
                        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .satisfiesAnyOf(
                        answer -> assertThat(answer).doesNotContainIgnoringCase("content-length"),
                        answer -> assertThat(answer).startsWith("HTTP/1.1 502 "));
    }

    // Faults

    /** Has the endpoint's connection carry an exchange, so that it may be stale in the next. */
    private void useOnce() {
        assertThat(answered(request("GET / HTTP/1.1"), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
                .endsWith("ok");
        endpoint.received();
    }

    /** How many fresh connections are tried when the endpoint says this to a request and closes. */
    private int retriesAfter(String method, String answer) {
        int before = worker.freshConnections();
        client.sends(request(method + " / HTTP/1.1"));
        assertThat(endpoint.received()).startsWith(method);
        if (!answer.isEmpty()) {
            endpoint.says(answer);
        }
        endpoint.closes();
        client.settle();
        assertThat(client.received()).contains("HTTP/1.1 502 ");
        return worker.freshConnections() - before;
    }

    @Test
    void aRequestThatWentToAStaleConnectionIsSentAgain() {
        useOnce();
        assertThat(retriesAfter("GET", "")).isEqualTo(1);
    }

    @Test
    void aRequestThatMayNotBeSentTwiceIsNot() {
        useOnce();
        assertThat(retriesAfter("POST", "")).isZero();
    }

    @Test
    void aRequestThatAFreshConnectionFailedIsNotSentAgain_orWhatKillsTheApplicationKillsItTwice() {
        assertThat(retriesAfter("GET", "")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "H",
                "HTTP/1.1 200 O",
                "nonsense\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"
            })
    void aRequestThatSomethingWasAnsweredToIsNotSentAgain(String answer) {
        useOnce();
        assertThat(retriesAfter("GET", answer)).isZero();
    }

    @Test
    void anAnswerThatBreaksOffIsCutForTheClientToo() {
        assertThat(answered(request("GET / HTTP/1.1"), "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"))
                .endsWith("half");
        endpoint.closes();
        client.settle();
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void anAnswerThatBreaksOffIsResetWhereTheEndOfTheConnectionIsItsEnd() {
        answered(request("GET / HTTP/1.0"), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
        endpoint.closes();
        client.settle();
        assertThat(client.wasReset()).isTrue();
    }

    @Test
    void aClientThatEndsItsHalfStillGetsItsAnswer() {
        client.sends(request("GET / HTTP/1.1"));
        client.endsInput();
        assertThat(client.isOpen()).isTrue();
        endpoint.says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        client.settle();
        assertThat(client.received()).endsWith("ok");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aClientThatEndsItsHalfWhileItsLastAnswerIsUnderWayGetsItWhole() {
        client.stopsReading();
        client.sends(request("GET / HTTP/1.1", "Connection: close"));
        endpoint.says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        client.settle();
        client.endsInput();
        assertThat(client.isOpen()).as("cut while it reads").isTrue();
        client.readsOn();
        assertThat(client.received()).endsWith("ok");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aClientThatGoesAwayEndsItsExchange() {
        client.sends(request("GET / HTTP/1.1"));
        client.closes();
        assertThat(endpoint.isOpen()).isFalse();
        assertThat(worker.logged()).hasSize(1);
    }

    @Test
    void aRequestThatBreaksARuleInItsBodyIs400AndTheEndpointSeesItBreakOff() {
        client.sends(request("POST / HTTP/1.1", "Transfer-Encoding: chunked") + "3\r\nabc\r\nxyz\r\n");
        assertThat(client.received()).startsWith("HTTP/1.1 400 ");
        assertThat(endpoint.received()).doesNotContain("0\r\n\r\n");
        assertThat(endpoint.isOpen()).isFalse();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        EmbeddedEndpoint first = pooled(); // the one pooled last is taken first
        client.sends(request("GET /1 HTTP/1.1") + request("GET /2 HTTP/1.1"));
        assertThat(first.received()).startsWith("GET /1 ");
        assertThat(endpoint.received()).as("before the answer to the first").isEmpty();
        first.says("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
        client.settle();
        assertThat(endpoint.received()).startsWith("GET /2 ");
        endpoint.says("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
        client.settle();
        assertThat(client.received()).containsSubsequence("\r\n\r\n1HTTP/1.1 200", "\r\n\r\n2");
    }
}
