package io.portcullis.server.e2e;

import static io.portcullis.server.e2e.kit.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.CertificateAuthority;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Jails;
import io.portcullis.server.e2e.kit.KeyAndCertificate;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.WebSocketPeer;
import io.portcullis.server.e2e.kit.WebSocketPeer.Frame;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A changed configuration comes into force while clients are served: by SIGHUP and by the admin API. */
final class ReloadIT {

    private static final String CLOSING_BRACE = "\n}\n";

    private final String client = Loopback.newClient();

    private RecordingApplication application;
    private RecordingApplication other;
    private ProxyUnderTest proxy;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        application = RecordingApplication.start("app").on("/denied", Behaviours.answer(403, "denied"));
        other = RecordingApplication.start("other").on("/denied", Behaviours.answer(403, "denied"));
        proxy = ProxyUnderTest.in(directory)
                .main("default-host = reject")
                .host("a", "a.test", application, Jails.FORBIDDEN)
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        application.close();
        other.close();
    }

    // What an operator does

    /** Later values win. */
    private void addToMain(String text) throws IOException {
        String main = Files.readString(proxy.configFile());
        Files.writeString(
                proxy.configFile(), main.substring(0, main.lastIndexOf(CLOSING_BRACE)) + "\n" + text + CLOSING_BRACE);
    }

    private void host(String name, String text) throws IOException {
        Files.writeString(proxy.hostFile(name), "server-names = [\"" + name + ".test\"]\n" + text);
    }

    private static String upstream(RecordingApplication behind) {
        return "upstream = \"" + behind.url() + "\"\n";
    }

    private String applied() throws IOException {
        RawResponse answer = proxy.reload();
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"applied\":true", "\"problems\":[]");
        return answer.body();
    }

    private String refused() throws IOException {
        RawResponse answer = proxy.reload();
        assertThat(answer.status()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("\"applied\":false");
        return answer.body();
    }

    private void hangUp() throws IOException {
        long before = reloadsTold();
        proxy.hangUp();
        Awaitility.await("reloaded").until(() -> reloadsTold() > before);
    }

    private long reloadsTold() {
        return proxy.log().stream()
                .filter(line -> line.contains("reloaded in ") || line.contains("not reloaded: "))
                .count();
    }

    private static int portOf(String listener, String report) {
        Matcher port =
                Pattern.compile("\"" + listener + "=127\\.0\\.0\\.1:(\\d+)\"").matcher(report);
        assertThat(port.find()).as(report).isTrue();
        return Integer.parseInt(port.group(1));
    }

    /** Free on every address. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A moment after it is told: what clients have begun to connect to is still accepted. */
    private static void awaitClosed(String address, int port) {
        Awaitility.await(address + ":" + port + " is closed").untilAsserted(() -> {
            try (Socket socket = new Socket()) {
                assertThatThrownBy(() -> socket.connect(new InetSocketAddress(address, port)))
                        .isInstanceOf(ConnectException.class);
            }
        });
    }

    private void assertUnknown(String host) throws IOException {
        try (RawClient visitor = RawClient.connect(client, proxy.port())) {
            assertThat(visitor.get(host, "/").status()).isEqualTo(421);
        }
    }

    // Hosts

    /** If it breaks: a new site needs a restart, which costs every other site its connections and its counters. */
    @Test
    void hostsComeAndGoOnConnectionsThatStayOpen() throws Exception {
        assertUnknown("b.test");
        try (RawClient visitor = RawClient.connect(client, proxy.port())) {
            assertThat(visitor.get("a.test", "/").body()).isEqualTo("app /");
            host("b", upstream(other));
            hangUp();
            assertThat(visitor.get("b.test", "/").body()).isEqualTo("other /");
            host("a", upstream(other));
            assertThat(applied()).contains("\"changed\":[\"a\"]");
            assertThat(visitor.get("a.test", "/").body()).isEqualTo("other /");
            Files.delete(proxy.hostFile("a"));
            assertThat(applied()).contains("\"removed\":[\"a\"]");
            assertThat(visitor.get("b.test", "/").body()).isEqualTo("other /");
            assertThat(visitor.get("a.test", "/").status()).isEqualTo(421);
        }
    }

    /** If it breaks: each reload lets everybody go who was about to be banned, or is. */
    @Test
    void countersAndBansOutliveReloadsWhateverChangesInTheirHost() throws Exception {
        try (RawClient attacker = RawClient.connect(client, proxy.port())) {
            for (int i = 1; i < Jails.MAX_RETRY; i++) {
                assertThat(attacker.get("a.test", "/denied").status()).isEqualTo(403);
            }
            host("a", upstream(other) + "jails { " + Jails.forbidden("ban-time = 2h") + " }\n");
            assertThat(applied()).contains("\"changed\":[\"a\"]");
            assertThat(attacker.get("a.test", "/denied").status()).isEqualTo(403);
        }
        hangUp();
        try (RawClient attacker = RawClient.connect(client, proxy.port())) {
            assertThat(attacker.send(head("GET / HTTP/1.1", "Host: a.test")).ending())
                    .isEqualTo(Ending.SILENT_RESET);
        }
        assertThat(other.count("/")).isZero();
    }

    /** If it breaks: a reload cuts downloads, uploads and live updates, which is what a restart does. */
    @Test
    void whatIsUnderWayGoesOnThoughItsHostIsGone() throws Exception {
        CountDownLatch answerNow = new CountDownLatch(1);
        application
                .on("/order", Behaviours.after(answerNow, Behaviours.answer(200, "thank you")))
                .on("/echo", WebSocketPeer.echo());
        try (RawClient slow = RawClient.connect(client, proxy.port());
                RawClient live = RawClient.connect(client, proxy.port())) {
            assertThat(live.send(WebSocketPeer.handshake("a.test", "/echo"))
                            .read()
                            .status())
                    .isEqualTo(101);
            slow.send(head("GET /order HTTP/1.1", "Host: a.test"));
            Awaitility.await("under way").until(() -> application.count("/order") == 1);
            Files.delete(proxy.hostFile("a"));
            host("b", upstream(other));
            applied();
            answerNow.countDown();
            assertThat(slow.read().body()).isEqualTo("thank you");
            WebSocketPeer peer = WebSocketPeer.client(live);
            peer.send(WebSocketPeer.TEXT, "still there");
            assertThat(peer.read()).isEqualTo(new Frame(WebSocketPeer.TEXT, "still there"));
        }
    }

    // Listeners

    /** If it breaks: a port that the configuration closes stays open, or clients on it lose the request they send. */
    @Test
    void listenersOpenAndCloseAndThoseOnTheirConnectionsAreServedOnceMore() throws Exception {
        String before = Files.readString(proxy.configFile());
        addToMain("listeners { more { bind = \"127.0.0.1:0\" } }");
        int port = portOf("more", applied());
        CountDownLatch answerNow = new CountDownLatch(1);
        application.on("/order", Behaviours.after(answerNow, Behaviours.answer(200, "thank you")));
        try (RawClient kept = RawClient.connect(client, port);
                RawClient slow = RawClient.connect(client, port)) {
            assertThat(kept.get("a.test", "/").status()).isEqualTo(200);
            slow.send(head("GET /order HTTP/1.1", "Host: a.test"));
            Awaitility.await("under way").until(() -> application.count("/order") == 1);
            Files.writeString(proxy.configFile(), before);
            assertThat(applied()).contains("\"closed\":[\"more=127.0.0.1:" + port + "\"]");
            awaitClosed("127.0.0.1", port);
            RawResponse last = kept.get("a.test", "/");
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.value("Connection")).isEqualToIgnoringCase("close");
            assertThat(kept.ending().isOver()).isTrue();
            answerNow.countDown();
            assertThat(slow.read().body()).isEqualTo("thank you");
            assertThat(slow.ending().isOver()).isTrue();
        }
    }

    /** If it breaks: whoever renames a listener or switches TLS on has its port closed, and its visitors cut. */
    @Test
    void aSocketIsKeptThoughItsListenerIsRenamedAndSpeaksTlsFromNowOn() throws Exception {
        CertificateAuthority authority = CertificateAuthority.create();
        proxy.renewCertificate("a", authority.issue("a.test"));
        int port = freePort();
        String before = Files.readString(proxy.configFile());
        addToMain("listeners { more { bind = \"127.0.0.1:" + port + "\" } }");
        applied();
        try (RawClient plain = RawClient.connect(client, port);
                RawClient onHttp = RawClient.connect(client, proxy.port())) {
            assertThat(plain.get("a.test", "/").status()).isEqualTo(200);
            assertThat(onHttp.get("a.test", "/").status()).isEqualTo(200);
            Files.writeString(proxy.configFile(), before);
            addToMain("listeners { secure { bind = \"127.0.0.1:" + port + "\", tls = true } }");
            host("a", upstream(application) + KeyAndCertificate.settings("a") + "redirect-to-https = true\n");
            String report = applied();
            assertThat(report).contains("\"opened\":[]", "\"changed\":[\"secure=127.0.0.1:" + port + "\"]");
            RawResponse redirect = onHttp.get("a.test", "/x");
            assertThat(redirect.status()).isEqualTo(301);
            assertThat(redirect.value("Location")).isEqualTo("https://a.test:" + port + "/x");
            assertThat(plain.get("a.test", "/x").status()).isEqualTo(301);
            try (RawClient secure = RawClient.connectTls(client, port, authority, "a.test")) {
                assertThat(secure.get("a.test", "/").status()).isEqualTo(200);
            }
        }
    }

    /** If it breaks: an address that narrows from all to one cannot be changed without a restart. */
    @Test
    void anAddressMayNarrowOnTheSamePort() throws Exception {
        int port = freePort();
        String before = Files.readString(proxy.configFile());
        addToMain("listeners { more { bind = \"0.0.0.0:" + port + "\" } }");
        applied();
        Files.writeString(proxy.configFile(), before);
        addToMain("listeners { more { bind = \"127.0.0.1:" + port + "\" } }");
        assertThat(applied()).contains("\"closed\":[\"more=0.0.0.0:" + port + "\"]");
        try (RawClient visitor = RawClient.connect(client, port)) {
            assertThat(visitor.get("a.test", "/").status()).isEqualTo(200);
        }
    }

    /** If it breaks: of those who connect while an address narrows, some are reset before they have said a word. */
    @Test
    void nobodyWhoConnectsWhileAnAddressNarrowsIsLost() throws Exception {
        List<Integer> listening = List.of(freePort(), freePort(), freePort(), freePort());
        String before = Files.readString(proxy.configFile());
        try (SteadyLoad load = new SteadyLoad()) {
            host("a", "upstream = \"" + load.upstream() + "\"\njails { }\n");
            addToMain(bound(listening, "0.0.0.0"));
            applied();
            for (int port : listening) {
                load.connecting(3, port).keptAlive(1, port);
            }
            awaitMore(load);
            Files.writeString(proxy.configFile(), before);
            addToMain(bound(listening, "127.0.0.1"));
            applied();
            for (int port : listening) {
                awaitClosed("127.0.0.2", port);
            }
            awaitMore(load);
            load.stop();
            assertThat(load.failures()).as("failed of %s requests", load.done()).isEmpty();
        }
    }

    private static String bound(List<Integer> ports, String address) {
        StringBuilder text = new StringBuilder();
        for (int port : ports) {
            text.append("listeners.more" + port + ".bind = \"" + address + ":" + port + "\"\n");
        }
        return text.toString();
    }

    private static void awaitMore(SteadyLoad load) {
        long done = load.done();
        Awaitility.await("the load goes on")
                .until(() -> load.done() > done + 500 || !load.failures().isEmpty());
    }

    // What is refused

    /** If it breaks: half of a configuration is in force, or a site is down because of a port that was taken. */
    @Test
    void aPortThatIsTakenLeavesEverythingAsItWas() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RawClient visitor = RawClient.connect(client, proxy.port())) {
            addToMain("listeners { free { bind = \"127.0.0.1:0\" }, more { bind = \"127.0.0.1:" + taken.getLocalPort()
                    + "\" } }");
            host("b", upstream(other));
            assertThat(refused())
                    .contains("listener more cannot bind 127.0.0.1:" + taken.getLocalPort(), "\"opened\":[]");
            assertThat(proxy.log()).anyMatch(line -> line.contains("the configuration in force goes on"));
            assertUnknown("b.test");
            assertThat(visitor.get("a.test", "/").status()).isEqualTo(200);
        }
        assertThat(applied()).contains("\"added\":[\"b\"]");
    }

    /** If it breaks: a slip of the pen takes the sites down, or nobody learns why nothing has changed. */
    @Test
    void everyProblemIsToldAndTheOldConfigurationGoesOn() throws Exception {
        try (RawClient visitor = RawClient.connect(client, proxy.port())) {
            addToMain("timouts { head = 5s }");
            host("b", "upstreem = \"http://127.0.0.1:1\"\n");
            assertThat(refused())
                    .contains(
                            "\"path\":\"portcullis.timouts\"",
                            "did you mean",
                            proxy.hostFile("b").getFileName().toString(),
                            "\"path\":\"upstreem\"");
            assertThat(proxy.log())
                    .anyMatch(line -> line.contains("portcullis.timouts: "))
                    .anyMatch(line -> line.contains("b.conf:2: upstreem: "));
            Files.writeString(proxy.configFile(), "portcullis {");
            hangUp();
            assertThat(proxy.log()).last().asString().contains("the configuration in force goes on");
            assertThat(visitor.get("a.test", "/").status()).isEqualTo(200);
            assertUnknown("b.test");
        }
    }

    /** If it breaks: an operator believes that a setting is in force which is not. */
    @Test
    void whatNeedsARestartIsTold() throws Exception {
        addToMain("threads = 3, bans { tracked-clients = 1000, promote-after = 7 }, timeouts { idle = 60s }");
        assertThat(applied())
                .contains(
                        "\"needs_restart\":[\"threads\",\"bans.tracked-clients\"]",
                        "\"settings\":[\"bans\",\"timeouts\"]");
        assertThat(applied()).contains("\"needs_restart\":[\"threads\",\"bans.tracked-clients\"]", "\"settings\":[]");
    }

    // Many

    /** Sends requests one after the other on a kept-alive connection, and now and then on a new one. */
    private Callable<Integer> visitor(CountDownLatch done) {
        String address = Loopback.newClient();
        return () -> {
            int served = 0;
            while (done.getCount() > 0) {
                try (RawClient visitor = RawClient.connect(address, proxy.port())) {
                    for (int i = 0; i < 50 && done.getCount() > 0; i++) {
                        assertThat(visitor.get("a.test", "/").body()).isEqualTo("app /");
                        served++;
                    }
                }
            }
            return served;
        };
    }

    private long threads() throws IOException {
        try (var tasks = Files.list(Path.of("/proc/" + proxy.pid() + "/task"))) {
            return tasks.count();
        }
    }

    private long openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc/" + proxy.pid() + "/fd"))) {
            return files.count();
        }
    }

    /** If it breaks: a deployment that reloads for each site loses requests, or the process grows until it is killed. */
    @Test
    @Tag("long")
    void twoHundredReloadsUnderLoadFailNoRequestAndLeaveNothingBehind() throws Exception {
        String before = Files.readString(proxy.configFile());
        CountDownLatch done = new CountDownLatch(1);
        ExecutorService visitors = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> served = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                served.add(visitors.submit(visitor(done)));
            }
            long threads = 0;
            long files = 0;
            for (int i = 0; i < 200; i++) {
                if (i % 2 == 0) {
                    addToMain(
                            "listeners { more { bind = \"127.0.0.1:0\" } }, limits { max-headers = " + (50 + i) + " }");
                    host("b", upstream(other));
                } else {
                    Files.writeString(proxy.configFile(), before);
                    Files.delete(proxy.hostFile("b"));
                }
                applied();
                if (i == 19) {
                    threads = threads();
                    files = openFiles();
                }
            }
            long threadsEarly = threads;
            long filesEarly = files;
            // Each listener that goes accepts for another second what has begun.
            Awaitility.await("nothing left behind").untilAsserted(() -> {
                assertThat(threads()).isLessThanOrEqualTo(threadsEarly + 4);
                assertThat(openFiles()).isLessThanOrEqualTo(filesEarly + 10);
            });
            done.countDown();
            for (Future<Integer> each : served) {
                assertThat(each.get()).isPositive();
            }
        } finally {
            done.countDown();
            visitors.shutdown();
        }
    }

    /** If it breaks: two operators, or two hooks, leave a mixture of their two configurations. */
    @Test
    void reloadsAtTheSameTimeAreDoneOneAfterTheOther() throws Exception {
        host("b", upstream(other));
        ExecutorService operators = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> reports = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                reports.add(operators.submit(this::applied));
            }
            int added = 0;
            for (Future<String> report : reports) {
                added += report.get().contains("\"added\":[\"b\"]") ? 1 : 0;
            }
            assertThat(added).isEqualTo(1);
        } finally {
            operators.shutdown();
        }
    }
}
