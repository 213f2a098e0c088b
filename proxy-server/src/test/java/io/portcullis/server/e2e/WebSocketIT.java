package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviour;
import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Jails;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordedRequest;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.WebSocketPeer;
import io.portcullis.server.e2e.kit.WebSocketPeer.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets go through as tunnels, and a ban reaches into them. */
final class WebSocketIT {

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app")
                .on("/echo", WebSocketPeer.echo())
                .on("/refused", Behaviours.answer(400, "no WebSocket here"))
                .on("/denied", Behaviours.answer(403, "denied"));
        proxy = ProxyUnderTest.in(directory)
                .host("a", "a.test", application, Jails.FORBIDDEN)
                .host("b", "b.test", application, Jails.FORBIDDEN)
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

    private static WebSocketPeer open(RawClient client, String host, String path) throws IOException {
        RawResponse answer = client.send(WebSocketPeer.handshake(host, path)).read();
        assertThat(answer.status()).isEqualTo(101);
        assertThat(answer.value("Sec-WebSocket-Accept")).isEqualTo(WebSocketPeer.expectedAccept());
        assertThat(answer.value("Upgrade")).isEqualToIgnoringCase("websocket");
        assertThat(answer.value("Connection")).isEqualToIgnoringCase("upgrade");
        return WebSocketPeer.client(client);
    }

    /** An echo on a path of its own that tells how many of its sockets are open. */
    private static AtomicInteger countedEcho(String path) {
        AtomicInteger open = new AtomicInteger();
        Behaviour echo = WebSocketPeer.echo();
        application.on(path, (request, connection) -> {
            open.incrementAndGet();
            try {
                return echo.answer(request, connection);
            } finally {
                open.decrementAndGet();
            }
        });
        return open;
    }

    private static void assertEchoes(WebSocketPeer peer, String text) throws IOException {
        peer.send(WebSocketPeer.TEXT, text);
        assertThat(peer.read()).isEqualTo(new Frame(WebSocketPeer.TEXT, text));
    }

    /** If it breaks: every application with live updates is dead behind the proxy. */
    @Test
    void messagesPingsAndTheCloseGoBothWays() throws Exception {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            WebSocketPeer peer = open(client, "a.test", "/echo");
            assertEchoes(peer, "hello");
            assertEchoes(peer, "x".repeat(60_000));
            peer.send(WebSocketPeer.PING, "are you there");
            assertThat(peer.read()).isEqualTo(new Frame(WebSocketPeer.PONG, "are you there"));
            peer.send(WebSocketPeer.CLOSE, "");
            assertThat(peer.read()).isEqualTo(new Frame(WebSocketPeer.CLOSE, ""));
            assertThat(client.ending().isOver()).isTrue();
        }
    }

    /** If it breaks: the first message of an eager client, sent right behind its handshake, is lost. */
    @Test
    void whatComesRightBehindTheHandshakeArrives() throws Exception {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            client.send(WebSocketPeer.handshake("a.test", "/echo"));
            WebSocketPeer peer = WebSocketPeer.client(client);
            peer.send(WebSocketPeer.TEXT, "eager");
            assertThat(client.read().status()).isEqualTo(101);
            assertThat(peer.read()).isEqualTo(new Frame(WebSocketPeer.TEXT, "eager"));
        }
    }

    /** If it breaks: an application that declines an upgrade answers, and the client waits without end. */
    @Test
    void anUpgradeThatTheApplicationDeclinesIsAnOrdinaryAnswer() throws Exception {
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            assertThat(client.send(WebSocketPeer.handshake("a.test", "/refused"))
                            .read()
                            .status())
                    .isEqualTo(400);
            RecordedRequest asked = application.request("/refused");
            assertThat(asked.value("Upgrade")).isEqualToIgnoringCase("websocket");
            assertThat(asked.value("Connection")).isEqualToIgnoringCase("upgrade");
            assertThat(client.get("a.test", "/next").status()).isEqualTo(200);
        }
    }

    /** If it breaks: a banned client goes on through the socket that it opened before, or an innocent one loses his. */
    @Test
    void aBanEndsTheClientsWebSocketsOfThatHostAndNoOthers() throws Exception {
        AtomicInteger openSockets = countedEcho("/live");
        String attacker = Loopback.newClient();
        try (RawClient his = RawClient.connect(attacker, proxy.port());
                RawClient hisOnB = RawClient.connect(attacker, proxy.port());
                RawClient visitors = RawClient.connect(Loopback.newClient(), proxy.port())) {
            assertEchoes(open(his, "a.test", "/live"), "before");
            WebSocketPeer onB = open(hisOnB, "b.test", "/live");
            WebSocketPeer visitor = open(visitors, "a.test", "/live");
            for (int i = 0; i < Jails.MAX_RETRY; i++) {
                try (RawClient client = RawClient.connect(attacker, proxy.port())) {
                    assertThat(client.get("a.test", "/denied").status()).isEqualTo(403);
                }
            }
            assertThat(his.ending().isOver()).isTrue();
            assertEchoes(onB, "still there");
            assertEchoes(visitor, "still there");
            Awaitility.await("the application's end of his WebSocket is gone too")
                    .until(() -> openSockets.get() == 2);
        }
    }

    /** If it breaks: the application keeps a socket for each visitor who has long left. */
    @Test
    void theApplicationSeesTheEndWhenTheClientLeaves() throws Exception {
        AtomicInteger openSockets = countedEcho("/leaving");
        try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
            assertEchoes(open(client, "a.test", "/leaving"), "hello");
            client.resetNow();
        }
        Awaitility.await("the tunnel's far end is closed").until(() -> openSockets.get() == 0);
    }
}
