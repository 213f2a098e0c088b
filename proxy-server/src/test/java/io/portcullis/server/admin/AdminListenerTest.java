package io.portcullis.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import io.portcullis.core.ban.Allowlist;
import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.ban.Sentence.Mode;
import io.portcullis.core.config.AdminConfig;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.observe.Event;
import io.portcullis.server.observe.Events;
import io.portcullis.server.store.BanStores;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The admin API over real sockets, with whoever may speak to it. */
class AdminListenerTest {

    private static final int BANS = 12_000;
    private static final AdminConfig.Bind ANY_PORT = new AdminConfig.Bind(IpAddress.ofIpv4(0x7F00_0001), 0);

    private final List<Socket> sockets = new ArrayList<>();
    private final BanStore store =
            BanStores.of(Defaults.bans(), () -> Defaults.REMEMBER, InstantSource.system(), each -> {});
    private final BanEngine engine = new BanEngine(
            Defaults.bans(),
            Allowlist.NOBODY,
            new BanEngine.Sources(InstantSource.system(), new SecureRandom()),
            store);
    private final Events events = new Events(InstantSource.system());
    private final AdminApi api = new AdminApi(resources());
    private final AdminToken token;
    private final AdminListener listener;
    private final String text;

    AdminListenerTest(@TempDir Path folder) throws IOException {
        this.token = AdminToken.readOrMake(folder.resolve("token"), new SecureRandom());
        this.text = AdminToken.read(folder.resolve("token"));
        this.listener = AdminListener.open(ANY_PORT, token, api);
    }

    private List<Resource> resources() {
        List<Resource> resources = new ArrayList<>(AdminApi.bans(
                new AdminApi.Subject(engine, store, () -> Set.of("shop", "blog"), InstantSource.system())));
        resources.add(new EventsResource(events));
        resources.add(new ForAnybody());
        return resources;
    }

    private static final class ForAnybody implements Resource {
        static final String PATH = "/for-anybody";

        @Override
        public String path() {
            return PATH;
        }

        @Override
        public boolean isPublic() {
            return true;
        }

        @Override
        public AdminAnswer answer(AdminRequest request) {
            return AdminAnswer.json(200, json -> json.writeString("whatever anybody may see"));
        }
    }

    @BeforeEach
    void banMany() {
        for (int i = 0; i < BANS; i++) {
            engine.restore(new Ban(
                    new ClientKey(IpAddress.ofIpv4(0x0A00_0000 + i), 128),
                    new Sentence(new OneHost("shop"), "jail", Drop.DROP, Mode.ENFORCED),
                    System.currentTimeMillis(),
                    Ban.FOREVER,
                    Ban.Grounds.UNTOLD));
        }
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        listener.close();
        store.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), listener.address().port()));
        sockets.add(socket);
        return socket;
    }

    private Socket send(String octets) throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private String head(String requestLine) {
        return requestLine + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + text + "\r\n";
    }

    /** The whole answer. */
    private String ask(String octets) throws IOException {
        try (Socket socket = send(octets)) {
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            int body = answer.indexOf("\r\n\r\n") + 2;
            return answer.substring(0, body) + answer.substring(body).replaceAll("\r\n[0-9a-f]+\r\n", "");
        }
    }

    private String get(String target) throws IOException {
        return ask(head("GET " + target) + "\r\n");
    }

    private static int occurrences(String text, String part) {
        return text.split(part, -1).length - 1;
    }

    @Test
    void bansAreListedPageByPage() throws IOException {
        String first = get("/v1/bans?limit=10000");
        assertThat(first).startsWith("HTTP/1.1 200 OK\r\n").contains("transfer-encoding: chunked");
        assertThat(occurrences(first, "\"client\"")).isEqualTo(10_000);
        assertThat(first).contains("\"next\":\"10.0.39.15 shop\"");
        String second = get("/v1/bans?limit=10000&after=10.0.39.15%20shop&host=shop");
        assertThat(occurrences(second, "\"client\"")).isEqualTo(2_000);
        assertThat(second).contains("\"next\":null");
        assertThat(occurrences(get("/v1/bans"), "\"client\"")).isEqualTo(1_000);
        assertThat(get("/v1/bans?host=blog")).contains("\"bans\":[]");
    }

    /** If it breaks: a monitoring script that hangs keeps the operator from unbanning. */
    @Test
    void clientsThatDoNotReadKeepNobodyFromBeingServed() throws IOException {
        List<InputStream> slow = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            slow.add(send(head("GET /v1/bans?limit=10000") + "\r\n").getInputStream());
        }
        for (InputStream in : slow) {
            assertThat(in.read()).isEqualTo('H'); // its answer has begun
        }
        assertThat(get("/v1/clients/10.0.0.1")).contains("\"banned\":true");
        assertThat(engine.bans()).hasSize(BANS);
        assertThat(ask(head("DELETE /v1/bans/10.0.0.1") + "\r\n")).contains("\"unbanned\":1");
        for (InputStream in : slow) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).endsWith("\r\n0\r\n\r\n");
        }
    }

    /** If it breaks: whoever may connect, without any token, makes the process run out of memory. */
    @Test
    void whatIsTooLongIsRefusedUnread() throws IOException {
        assertThat(get("/v1/" + "x".repeat(4_000))).startsWith("HTTP/1.1 414 ");
        assertThat(ask("GET /v1/bans HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + "x".repeat(1 << 20)))
                .startsWith("HTTP/1.1 431 ");
        String json = "Content-Type: application/json\r\n";
        assertThat(ask(head("POST /v1/bans") + json + "Content-Length: 100000\r\n\r\n" + "x".repeat(100_000)))
                .startsWith("HTTP/1.1 413 ");
        assertThat(ask(head("POST /v1/bans") + json + "Transfer-Encoding: chunked\r\n\r\n"
                        + ("1000\r\n" + "x".repeat(4096) + "\r\n").repeat(20) + "0\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
        assertThat(get("/v1/clients/10.0.0.1")).startsWith("HTTP/1.1 200 ");
    }

    /** If it breaks: anybody on the machine who opens connections and says nothing locks the operator out. */
    @Test
    void whoSaysNothingMakesPlaceForTheNewestAndIsBounded() throws IOException {
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < AdminPlaces.MOST_STRANGERS + 8; i++) {
            idle.add(connect());
        }
        assertThat(get("/v1/bans?limit=1")).startsWith("HTTP/1.1 200 ");
        for (int i = 0; i < 9; i++) {
            assertThat(idle.get(i).getInputStream().read())
                    .as("the eldest, " + i)
                    .isEqualTo(-1);
        }
    }

    /** If it breaks: where /metrics needs no token, anybody who reaches the port keeps the operator from unbanning. */
    @Test
    void whoAsksWithoutATokenTakesNoPlaceOfWhoHasIt() throws IOException {
        String question = "GET " + ForAnybody.PATH + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        List<Socket> onlookers = new ArrayList<>();
        for (int i = 0; i < AdminPlaces.MOST_ONLOOKERS; i++) {
            Socket onlooker = send(question);
            assertThat(line(onlooker, "HTTP/1.1 ")).isEqualTo("HTTP/1.1 200 OK");
            onlookers.add(onlooker); // which does not hang up
        }
        for (int i = 0; i < AdminPlaces.MOST_GUESTS; i++) {
            assertThat(line(send(question), "HTTP/1.1 ")).startsWith("HTTP/1.1 503 ");
        }
        assertThat(get("/v1/bans?limit=1")).startsWith("HTTP/1.1 200 ");
        onlookers.get(0).close();
        Awaitility.await().until(() -> line(send(question), "HTTP/1.1 ").equals("HTTP/1.1 200 OK"));
    }

    /** If it breaks: monitoring that hangs keeps the operator from unbanning, or grows without bound. */
    @Test
    void eventStreamsAreBoundedAndOneThatIsClosedMakesPlace() throws IOException {
        List<Socket> streams = new ArrayList<>();
        for (int i = 0; i < EventsResource.MOST_STREAMS; i++) {
            Socket stream = send(head("GET /v1/events") + "\r\n");
            assertThat(line(stream, "event: ")).isEqualTo("event: open");
            streams.add(stream);
        }
        assertThat(get("/v1/events")).startsWith("HTTP/1.1 503 ").contains("8 event streams are open");
        assertThat(get("/v1/bans?limit=1")).startsWith("HTTP/1.1 200 ");
        streams.get(0).close();
        Awaitility.await().until(() -> {
            Socket stream = send(head("GET /v1/events") + "\r\n");
            return line(stream, "HTTP/1.1 ").equals("HTTP/1.1 200 OK");
        });
    }

    @Test
    void whatHappensIsToldUntilTheEndToWhoeverListens() throws IOException {
        Socket all = send(head("GET /v1/events") + "\r\n");
        Socket some = send(head("GET /v1/events?types=unban,store-back") + "\r\n");
        assertThat(line(all, "event: ")).isEqualTo("event: open");
        assertThat(line(some, "event: ")).isEqualTo("event: open");
        Ban ban = engine.bans().get(0);
        events.banned(ban);
        events.unbanned(ban);
        assertThat(line(all, "event: ")).isEqualTo("event: ban");
        assertThat(line(all, "id: ")).isEqualTo("id: 1");
        assertThat(line(all, "event: ")).isEqualTo("event: unban");
        assertThat(line(some, "event: ")).isEqualTo("event: unban");
        assertThat(line(some, "data: ")).contains("\"client\":\"" + ban.client() + "\"");
        events.publish(new Event.Draining());
        events.end();
        assertThat(line(all, "event: ")).isEqualTo("event: draining");
        assertThat(new String(all.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .as("a whole answer")
                .endsWith("0\r\n\r\n");
    }

    @Test
    void aTypeOfEventThatThereIsNotIsRefusedWithThoseThereAre() throws IOException {
        assertThat(get("/v1/events?types=bans")).startsWith("HTTP/1.1 400 ").contains("ban, unban, reload");
        assertThat(get("/v1/events?types=")).startsWith("HTTP/1.1 400 ");
        assertThat(get("/v1/events/1")).startsWith("HTTP/1.1 404 ");
        assertThat(ask(head("POST /v1/events") + "\r\n")).startsWith("HTTP/1.1 405 ");
    }

    /** The next line that begins so. */
    private static String line(Socket socket, String start) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = socket.getInputStream().read();
                octet >= 0;
                octet = socket.getInputStream().read()) {
            if (octet == '\n') {
                if (line.indexOf(start) == 0) {
                    return line.toString();
                }
                line.setLength(0);
            } else if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return "";
    }

    /** If it breaks: 32 clients that send a byte a minute keep everybody else out for ever. */
    @Test
    void aRequestThatDoesNotEndIsCutAfterTenSeconds() {
        EmbeddedChannel channel =
                new EmbeddedChannel(new AdminConnection(api, Runnable::run, new AdminPlaces(), () -> true));
        channel.freezeTime();
        channel.advanceTimeBy(5, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(5, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aClientThatEndsItsHalfAfterTheRequestGetsTheAnswer() throws IOException {
        Socket socket = send(head("GET /v1/clients/10.0.0.1") + "\r\n");
        socket.shutdownOutput();
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void whatIsNotThereOrNotSoIsToldWithWhatWouldBe() throws IOException {
        assertThat(get("/v2/bans")).startsWith("HTTP/1.1 404 ").contains("/v1/bans");
        assertThat(get("/v1/bansx")).startsWith("HTTP/1.1 404 ");
        assertThat(ask(head("PUT /v1/bans") + "\r\n")).startsWith("HTTP/1.1 405 ");
        assertThat(get("/v1/bans?limt=1")).startsWith("HTTP/1.1 400 ").contains("after, host, limit");
        assertThat(get("/v1/bans?limit=0")).startsWith("HTTP/1.1 400 ");
        assertThat(get("/v1/bans?limit=1&limit=2")).startsWith("HTTP/1.1 400 ");
        assertThat(get("/v1/bans?after=x")).startsWith("HTTP/1.1 400 ");
        assertThat(get("/v1/bans?host=shpo")).startsWith("HTTP/1.1 404 ").contains("\"expected\":\"shop\"");
        assertThat(get("http://localhost/v1/bans")).startsWith("HTTP/1.1 400 ");
        assertThat(get("/v1/bans%zz")).startsWith("HTTP/1.1 400 ");
        assertThat(get("/v1/clients/")).startsWith("HTTP/1.1 400 ");
        assertThat(get("/v1/clients/localhost")).startsWith("HTTP/1.1 400 ");
        assertThat(ask(head("DELETE /v1/bans") + "\r\n")).as("by a slip").startsWith("HTTP/1.1 400 ");
        assertThat(engine.bans()).hasSize(BANS);
        assertThat(ask(head("DELETE /v1/bans/10.0.0.1?host=blog") + "\r\n"))
                .startsWith("HTTP/1.1 404 ")
                .contains("its bans are on host shop (10.0.0.1)");
    }

    @Test
    void aBlockIsBannedAndUnbannedWithItsSlashAsItIsOrEncoded() throws IOException {
        for (String block : List.of("2001:db8::/64", "2001:db8::%2F64")) {
            String body = "{\"address\": \"2001:db8::/64\", \"reason\": \"sp\\u00e4m\"}";
            assertThat(ask(head("POST /v1/bans") + "Content-Type: application/json\r\nContent-Length: " + body.length()
                            + "\r\n\r\n" + body))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\"made\":true", "\"client\":\"2001:db8::/64\"", "\"host\":null");
            assertThat(get("/v1/clients/" + block)).contains("\"reason\":\"sp\\u00E4m\"", "\"banned\":true");
            assertThat(ask(head("DELETE /v1/bans/" + block) + "\r\n")).contains("\"unbanned\":1");
        }
    }

    @Test
    void everybodyIsLetInAtOnceWhereThatIsAskedFor() throws IOException {
        assertThat(ask(head("DELETE /v1/bans?all=true&host=blog") + "\r\n")).contains("\"unbanned\":0");
        assertThat(engine.bans()).hasSize(BANS);
        assertThat(ask(head("DELETE /v1/bans?all=true") + "\r\n")).contains("\"unbanned\":" + BANS);
        assertThat(engine.bans()).isEmpty();
    }

    @Test
    void theLoopbackOfIpv6IsAsGood() throws IOException {
        AdminConfig.Bind bind = new AdminConfig.Bind(new IpAddress(0, 1), 0);
        try (AdminListener six = AdminListener.open(bind, token, api);
                Socket socket = new Socket(
                        new IpAddress(0, 1).toInetAddress(), six.address().port())) {
            String request = head("GET /v1/clients/10.0.0.1")
                    .replace("localhost", "[::1]:" + six.address().port());
            socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        assertThatThrownBy(() -> AdminListener.open(listener.address(), token, api))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("admin.bind: cannot bind " + listener.address(), "different ports");
    }
}
