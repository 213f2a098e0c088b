package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.MetricsScrape;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.ToolRun;
import io.portcullis.server.e2e.kit.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The loudest of the banned get no answer to their SYN, from the kernel of the machine that the tests run on. If it
 * breaks: a flood takes the processor from everybody, or somebody who is not banned any more finds the server dead.
 */
final class KernelFilterIT {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String ADDRESSES = "portcullis_kernel_filter_addresses{listener=\"http\"}";
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_SYS_ADMIN = 21;
    private static final String UNAVAILABLE = "banned clients are refused as they connect, and not in the kernel";

    private final String attacker = Loopback.newClient();
    private final String visitor = Loopback.newClient();

    @TempDir
    private Path directory;

    private ProxyUnderTest.Setup proxy(String main) {
        return ProxyUnderTest.in(directory).main(main).host("a", fixedAnswer("a.test"));
    }

    private static String fixedAnswer(String serverName) {
        return "server-names = [\"" + serverName + "\"]\nroutes = [{ path = \"/\", status = 200, body = hello }]\n";
    }

    /** As root, and not in a container that has it taken away. */
    private static void assumeMaySetFilters() throws IOException {
        assumeTrue(hasCapability(CAP_NET_ADMIN), "no CAP_NET_ADMIN");
    }

    private static boolean hasCapability(int number) throws IOException {
        String status = Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1);
        String capabilities = status.lines()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> line.substring("CapEff:".length()).strip())
                .findFirst()
                .orElse("0");
        return (Long.parseUnsignedLong(capabilities, 16) >> number & 1) == 1;
    }

    private enum Syn {
        /** A connection came about, which may have been reset since. */
        ANSWERED,
        IGNORED
    }

    private static Syn connect(String from, int port, int millis) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(Loopback.socket(from, 0));
            socket.connect(Loopback.socket("127.0.0.1", port), millis);
            return Syn.ANSWERED;
        } catch (SocketTimeoutException nobodyAnswers) {
            return Syn.IGNORED;
        } catch (SocketException reset) {
            return Syn.ANSWERED;
        }
    }

    /** Knocks as fast as it can, until nobody answers. */
    private static void knockUntilIgnored(String from, int port) {
        Awaitility.await("the kernel ignores " + from)
                .atMost(SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> connect(from, port, 300) == Syn.IGNORED);
    }

    private static int admin(ProxyUnderTest proxy, String method, String target, String json) throws IOException {
        return ask(proxy, method, target, json).status();
    }

    private static RawResponse ask(ProxyUnderTest proxy, String method, String target, String json) throws IOException {
        try (RawClient client = RawClient.connect("127.0.0.1", proxy.adminPort())) {
            return client.send(request(proxy, method, target, json)).read();
        }
    }

    private static String request(ProxyUnderTest proxy, String method, String target, String json) throws IOException {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + proxy.adminToken()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n" + json;
    }

    private static void ban(ProxyUnderTest proxy, String who, String time) throws IOException {
        assertThat(admin(proxy, "POST", "/v1/bans", "{\"address\":\"" + who + "\",\"for\":\"" + time + "\"}"))
                .isEqualTo(200);
    }

    private static void unban(ProxyUnderTest proxy, String who) throws IOException {
        assertThat(admin(proxy, "DELETE", "/v1/bans/" + who, "")).isEqualTo(200);
    }

    private void assertIsServed(ProxyUnderTest proxy, String who) throws IOException {
        try (RawClient client = RawClient.connect(who, proxy.port())) {
            assertThat(client.get("a.test", "/").body()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void whoeverIsBannedAndKnocksOnGetsNoAnswerUntilItIsUnbanned(String transport) throws Exception {
        assumeMaySetFilters();
        try (ProxyUnderTest proxy = proxy("transport = " + transport).start()) {
            ban(proxy, attacker, "1h");
            knockUntilIgnored(attacker, proxy.port());

            assertIsServed(proxy, visitor);
            assertThat(MetricsScrape.of(proxy).value(ADDRESSES)).isEqualTo(1);
            assertThat(ask(proxy, "GET", "/v1/status", "").body())
                    .contains("\"kernel_filter\":{\"state\":\"on\",\"why\":null}", "\"kernel_filter_addresses\":1");
            assertThat(proxy.log()).noneMatch(line -> line.contains(UNAVAILABLE));

            unban(proxy, attacker);
            Awaitility.await("an answer to a SYN")
                    .atMost(Duration.ofSeconds(1))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> connect(attacker, proxy.port(), 100) == Syn.ANSWERED);
            assertIsServed(proxy, attacker);
            assertThat(MetricsScrape.of(proxy).value(ADDRESSES)).isZero();
        }
    }

    /** If it breaks: a ban of an hour lasts until somebody restarts the process. */
    @Test
    void whoeverIsRefusedByTheKernelIsHeardAgainBeforeItsBanIsOver() throws Exception {
        assumeMaySetFilters();
        try (ProxyUnderTest proxy = proxy("").start()) {
            long start = System.nanoTime();
            ban(proxy, attacker, "4s");
            knockUntilIgnored(attacker, proxy.port());
            Awaitility.await("an answer to a SYN")
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> connect(attacker, proxy.port(), 100) == Syn.ANSWERED);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));

            Awaitility.await("the end of the ban")
                    .atMost(SOON)
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        assertThat(connect(attacker, proxy.port(), 500)).isEqualTo(Syn.ANSWERED);
                        assertIsServed(proxy, attacker);
                    });
        }
    }

    @Test
    void anIpv4ClientOfAListenerForBothIsRefusedToo() throws Exception {
        assumeMaySetFilters();
        try (ProxyUnderTest proxy =
                proxy("listeners { http { bind = \"[::]:0\" } }").start()) {
            ban(proxy, attacker, "1h");
            knockUntilIgnored(attacker, proxy.port());
            assertIsServed(proxy, visitor);
        }
    }

    /** If it breaks: the operator who has banned himself allows himself in vain. */
    @Test
    void aReloadThatAllowsTheAddressIsFeltAtOnce() throws Exception {
        assumeMaySetFilters();
        try (ProxyUnderTest proxy = proxy("").start()) {
            ban(proxy, attacker, "1h");
            knockUntilIgnored(attacker, proxy.port());

            Path file = proxy.configFile();
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replaceFirst("threads = 2", "threads = 2\nallowlist = [\"" + attacker + "\"]"));
            assertThat(proxy.reload().status()).isEqualTo(200);

            assertThat(connect(attacker, proxy.port(), 300)).isEqualTo(Syn.ANSWERED);
            assertIsServed(proxy, attacker);
        }
    }

    /** If it breaks: a ban of one site is felt on all of the machine's. */
    @Test
    void whomOnlyOneOfTwoHostsHasBannedIsNotRefusedByTheKernel() throws Exception {
        assumeMaySetFilters();
        try (ProxyUnderTest proxy = proxy("").host("b", fixedAnswer("b.test")).start()) {
            assertThat(admin(
                            proxy,
                            "POST",
                            "/v1/bans",
                            "{\"address\":\"" + attacker + "\",\"host\":\"b\",\"for\":\"1h\"}"))
                    .isEqualTo(200);
            for (int i = 0; i < 60; i++) {
                try (RawClient client = RawClient.connect(attacker, proxy.port())) {
                    client.send("GET / HTTP/1.1\r\nHost: b.test\r\n\r\n").ending(SOON);
                }
            }
            Awaitility.await("a round of the kernel tier")
                    .pollDelay(Duration.ofMillis(300))
                    .until(() -> MetricsScrape.of(proxy).value("portcullis_refusals_total{tier=\"request\"}") >= 60);
            assertThat(MetricsScrape.of(proxy).value(ADDRESSES)).isZero();
            assertIsServed(proxy, attacker);
        }
    }

    /** If it breaks: each connection of a flood's time holds a program in the kernel for as long as it lives. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void connectionsDoNotKeepTheListenersFilter(String transport) throws Exception {
        assumeMaySetFilters();
        String ss = Tools.find("ss").toString();
        try (ProxyUnderTest proxy = proxy("transport = " + transport).start()) {
            ban(proxy, attacker, "1h");
            knockUntilIgnored(attacker, proxy.port());
            try (RawClient client = RawClient.connect(visitor, proxy.port())) {
                assertThat(client.get("a.test", "/").status()).isEqualTo(200);
                String port = "sport = :" + proxy.port();
                String listening = ToolRun.of(SOON, List.of(ss, "-Htlnm", port)).output();
                String connected = ToolRun.of(SOON, List.of(ss, "-Htnm", "state", "established", port))
                        .output();
                // The memory that options of a socket take, of which a filter is one.
                assertThat(listening).containsPattern(",o[1-9][0-9]*,");
                assertThat(connected).contains(visitor, ",o0,").doesNotContainPattern(",o[1-9]");
            }
        }
    }

    @Test
    void withoutTheCapabilityEveryBanHoldsAndOneLineSaysWhatIsNotDone() throws Exception {
        String setpriv = Tools.find("setpriv").toString();
        assumeMaySetFilters();
        try (ProxyUnderTest proxy = proxy("")
                .by(setpriv, "--bounding-set", "-net_admin", "--inh-caps", "-net_admin")
                .start()) {
            ban(proxy, attacker, "1h");
            for (int i = 0; i < 40; i++) {
                try (RawClient again = RawClient.connect(attacker, proxy.port())) {
                    assertThat(again.ending()).isEqualTo(Ending.SILENT_RESET);
                }
            }
            assertIsServed(proxy, visitor);
            assertThat(MetricsScrape.of(proxy).value("portcullis_refusals_total{tier=\"accept\"}"))
                    .isGreaterThanOrEqualTo(40);
            assertThat(ask(proxy, "GET", "/v1/status", "").body())
                    .contains("\"kernel_filter\":{\"state\":\"unavailable\"", "CAP_NET_ADMIN");
            assertThat(proxy.log())
                    .filteredOn(line -> line.contains(UNAVAILABLE))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("INFO", "CAP_NET_ADMIN"));
        }
    }

    @Test
    void offMeansOffAndAReloadTurnsItOn() throws Exception {
        assumeMaySetFilters();
        try (ProxyUnderTest proxy = proxy("bans { kernel-filter = off }").start()) {
            ban(proxy, attacker, "1h");
            for (int i = 0; i < 40; i++) {
                assertThat(connect(attacker, proxy.port(), 2_000)).isEqualTo(Syn.ANSWERED);
            }
            Path file = proxy.configFile();
            String text = Files.readString(file);
            Files.writeString(file, text.replace("kernel-filter = off", "kernel-filter = auto"));
            assertThat(proxy.reload().status()).isEqualTo(200);
            knockUntilIgnored(attacker, proxy.port());

            Files.writeString(file, text);
            assertThat(proxy.reload().status()).isEqualTo(200);
            assertThat(connect(attacker, proxy.port(), 300)).isEqualTo(Syn.ANSWERED);
        }
    }

    /** If it breaks: whoever the old process had the kernel refuse stays refused by nobody knows whom. */
    @Test
    void anUpgradeLeavesNoFilterBehind() throws Exception {
        assumeMaySetFilters();
        int http = freePort();
        int admin = freePort();
        ProxyUnderTest old = proxy("listeners { http { bind = \"127.0.0.1:" + http
                        + "\" } }\nadmin { bind = \"127.0.0.1:" + admin + "\" }")
                .start();
        ban(old, attacker, "1h");
        knockUntilIgnored(attacker, http);
        try (ProxyUnderTest successor = old.takeOver()) {
            knockUntilIgnored(attacker, http);
            unban(successor, attacker);
            Awaitility.await("an answer to a SYN")
                    .atMost(Duration.ofSeconds(1))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> connect(attacker, http, 100) == Syn.ANSWERED);
            assertIsServed(successor, attacker);
            assertThat(old.awaitExit(Duration.ofSeconds(40))).isZero();
            old.assertClean();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Tells of each of so many connections how it went: ok, reset or ignored, which is the last. */
    private static final String KNOCK = """
            import socket, sys
            source, count = sys.argv[1], int(sys.argv[3])
            for _ in range(count):
                with socket.socket(socket.AF_INET6) as one:
                    one.settimeout(0.5)
                    one.bind((source, 0))
                    try:
                        one.connect(('2001:db8:2::1', int(sys.argv[2])))
                        one.settimeout(10)
                        one.sendall(b'GET / HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n')
                        print('ok' if one.recv(12) == b'HTTP/1.1 200' else 'reset')
                    except TimeoutError:
                        print('ignored')
                        break
                    except OSError:
                        print('reset')
            """;

    private static final String ADMIN = """
            import socket, sys
            with socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5) as one:
                one.sendall(sys.argv[2].encode())
                print(one.recv(12).decode())
            """;

    private static List<String> inNamespaceOf(ProxyUnderTest proxy, String script, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Tools.find("nsenter").toString(),
                "--net=/proc/" + proxy.pid() + "/ns/net",
                Tools.find("python3").toString(),
                "-c",
                script));
        command.addAll(List.of(arguments));
        return ToolRun.of(Duration.ofSeconds(60), command).output().lines().toList();
    }

    private static List<String> knock(ProxyUnderTest proxy, String source, int count) throws IOException {
        return inNamespaceOf(proxy, KNOCK, source, Integer.toString(proxy.port()), Integer.toString(count));
    }

    /** A machine of its own, with a network that has addresses enough: IPv6 has one for loopback. */
    @Test
    void anIpv6ClientIsRefusedWhateverAddressOfItsPrefixItTakes() throws Exception {
        assumeMaySetFilters();
        assumeTrue(hasCapability(CAP_SYS_ADMIN), "no network of its own without CAP_SYS_ADMIN");
        String network = "ip link set lo up && ip -6 addr add 2001:db8:2::1/128 dev lo nodad"
                + " && ip -6 route add local 2001:db8:1::/48 dev lo"
                + " && echo 1 > /proc/sys/net/ipv6/ip_nonlocal_bind && exec \"$@\"";
        // Not closed as others are, which looks at it from outside.
        ProxyUnderTest proxy = proxy("listeners { http { bind = \"[::]:0\" } }")
                .by(Tools.find("unshare").toString(), "--net", "sh", "-c", network, "sh")
                .start();
        try {
            assertThat(knock(proxy, "2001:db8:1:1::1", 1)).containsExactly("ok");
            String ban = request(proxy, "POST", "/v1/bans", "{\"address\":\"2001:db8:1:1::1\",\"for\":\"1h\"}");
            String port = Integer.toString(proxy.adminPort());
            assertThat(inNamespaceOf(proxy, ADMIN, port, ban)).containsExactly("HTTP/1.1 200");

            assertThat(knock(proxy, "2001:db8:1:1::2", 1_000))
                    .startsWith("reset")
                    .endsWith("ignored");
            assertThat(knock(proxy, "2001:db8:1:1:abcd::3", 1)).containsExactly("ignored");
            assertThat(knock(proxy, "2001:db8:1:2::1", 1)).containsExactly("ok");

            String unban = request(proxy, "DELETE", "/v1/bans/2001:db8:1:1::1", "");
            assertThat(inNamespaceOf(proxy, ADMIN, port, unban)).containsExactly("HTTP/1.1 200");
            Awaitility.await("an answer")
                    .atMost(Duration.ofSeconds(2))
                    .until(() -> knock(proxy, "2001:db8:1:1::2", 1).equals(List.of("ok")));
        } finally {
            proxy.terminate();
            assertThat(proxy.awaitExit(Duration.ofSeconds(20))).isZero();
            proxy.assertClean();
        }
    }
}
