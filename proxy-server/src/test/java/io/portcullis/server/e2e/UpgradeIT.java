package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.CertificateAuthority;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Jails;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.ToolRun;
import io.portcullis.server.e2e.kit.WebSocketPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process takes the place of another. If it breaks: each new version costs visitors their requests. */
final class UpgradeIT {

    private static final Duration EXIT = Duration.ofSeconds(40);

    private Path directory;
    private int http;
    private int https;
    private int admin;

    @BeforeEach
    void choosePorts(@TempDir Path folder) throws IOException {
        directory = folder;
        http = freePort();
        https = freePort();
        admin = freePort();
    }

    /** Two processes must be told the same, so the system cannot choose. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private ProxyUnderTest.Setup setup(String drain) {
        return ProxyUnderTest.in(directory).main(settings(drain));
    }

    private String settings(String drain) {
        return "listeners { http { bind = \"127.0.0.1:" + http + "\" } }\nadmin { bind = \"127.0.0.1:" + admin
                + "\" }\ntimeouts { drain = " + drain + " }";
    }

    /** The whole of an answer to a request of the admin API without a body. */
    private int order(ProxyUnderTest proxy, String method, String target, String json) throws IOException {
        try (RawClient client = RawClient.connect("127.0.0.1", admin)) {
            return client.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                            + proxy.adminToken() + "\r\nContent-Type: application/json\r\nContent-Length: "
                            + json.length() + "\r\n\r\n" + json)
                    .read()
                    .status();
        }
    }

    private void ban(ProxyUnderTest proxy, String client) throws IOException {
        assertThat(order(proxy, "POST", "/v1/bans", "{\"address\":\"" + client + "\",\"for\":\"1h\"}"))
                .isEqualTo(200);
    }

    private boolean isBanned(String client) throws IOException {
        try (RawClient raw = RawClient.connect(client, http)) {
            return raw.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                            .ending(Duration.ofSeconds(2))
                            .how()
                    == Ending.How.RESET;
        }
    }

    private void handOverUnder(long requests) throws Exception {
        CertificateAuthority authority = CertificateAuthority.create();
        try (SteadyLoad load = new SteadyLoad()) {
            ProxyUnderTest old = ProxyUnderTest.in(directory)
                    .main(settings("20s") + "\nlisteners { https { bind = \"127.0.0.1:" + https
                            + "\", tls = true } }\nlog { format = off }")
                    .certificate("a", authority.issue("a.test"))
                    .host(
                            "a",
                            "server-names = [\"a.test\"]\nupstream = \"" + load.upstream()
                                    + "\"\njails { }\ntls { certificate = \"a.crt\", key = \"a.key\" }\n")
                    .start();
            load.keptAlive(8, http).connecting(4, http).http2(4, https, authority);
            awaitDone(load, requests / 4);
            try (ProxyUnderTest successor = old.takeOver()) {
                assertThat(old.awaitExit(EXIT)).isZero();
                awaitDone(load, Math.max(requests, load.done() + requests / 4));
                load.stop();
                assertThat(load.failures())
                        .as("failed of %s requests", load.done())
                        .isEmpty();
                old.assertClean();
                assertThat(successor.log()).noneMatch(line -> line.contains("WARN"));
            }
        }
    }

    private static void awaitDone(SteadyLoad load, long requests) {
        Awaitility.await("the load goes on")
                .atMost(Duration.ofMinutes(4))
                .until(() -> load.done() >= requests || !load.failures().isEmpty());
    }

    @Test
    void noRequestFailsWhileAnotherProcessTakesOver() throws Exception {
        handOverUnder(8_000);
    }

    @Test
    @Tag("long")
    void noneOfAHundredThousandFails() throws Exception {
        handOverUnder(100_000);
    }

    /** If it breaks: an upgrade lets everybody in again who was banned, or whoever is banned while it goes on. */
    @Test
    void bansGoAlongThoseAmongThemThatFallInTheOldOneWhileItDrains() throws Exception {
        String banned = Loopback.newClient();
        String attacker = Loopback.newClient();
        CountDownLatch answerNow = new CountDownLatch(1);
        try (RecordingApplication application = RecordingApplication.start("app")) {
            application.on("/slow", Behaviours.after(answerNow, Behaviours.answer(403, "no")));
            ProxyUnderTest old = setup("20s")
                    .host("a", "a.test", application, "j { statuses = [403], max-retry = 1, ban-time = 1h }")
                    .start();
            ban(old, banned);
            try (RawClient client = RawClient.connect(attacker, http)) {
                client.send("GET /slow HTTP/1.1\r\nHost: a.test\r\n\r\n");
                Awaitility.await("under way").until(() -> application.count("/slow") == 1);
                try (ProxyUnderTest successor = old.takeOver()) {
                    assertThat(isBanned(banned)).as("banned by the predecessor").isTrue();
                    assertThat(isBanned(attacker)).isFalse();
                    answerNow.countDown();
                    Awaitility.await("the predecessor's ban, in force here").until(() -> isBanned(attacker));
                    assertThat(old.awaitExit(EXIT)).isZero();
                    assertThat(successor.log()).noneMatch(line -> line.contains("WARN"));
                }
                try (ProxyUnderTest next = old.takeOver()) {
                    assertThat(next.log()).anyMatch(line -> line.contains("nothing to take over"));
                    assertThat(isBanned(banned) && isBanned(attacker))
                            .as("both are in the store")
                            .isTrue();
                }
            }
        }
    }

    @Test
    void whatIsUnderWayInTheOldOneEndsThere() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RecordingApplication application = RecordingApplication.start("app")) {
            application
                    .on("/file", Behaviours.after(goOn, Behaviours.answer(200, "the file")))
                    .on("/echo", WebSocketPeer.echo());
            ProxyUnderTest old = setup("20s")
                    .host("a", "a.test", application, Jails.FORBIDDEN)
                    .start();
            try (RawClient download = RawClient.connect(Loopback.newClient(), http);
                    RawClient tunnel = RawClient.connect(Loopback.newClient(), http)) {
                download.send("GET /file HTTP/1.1\r\nHost: a.test\r\n\r\n");
                tunnel.send(WebSocketPeer.handshake("a.test", "/echo")).read();
                WebSocketPeer peer = WebSocketPeer.client(tunnel);
                Awaitility.await("under way").until(() -> application.count("/file") == 1);
                try (ProxyUnderTest successor = old.takeOver()) {
                    peer.send(WebSocketPeer.TEXT, "still there?");
                    assertThat(peer.read().payload()).isEqualTo("still there?");
                    goOn.countDown();
                    assertThat(download.read().body()).isEqualTo("the file");
                    assertThat(old.awaitExit(EXIT)).isZero();
                    assertThat(tunnel.ending().isOver())
                            .as("at the end of the draining")
                            .isTrue();
                    assertThat(successor.pid()).isNotEqualTo(old.pid());
                }
            }
        }
    }

    /** If it breaks: somebody who starts it twice by mistake has half his visitors served by each. */
    @Test
    void aSecondProcessThatWasNotToldToTakeOverIsKeptOut() throws Exception {
        try (RecordingApplication application = RecordingApplication.start("app");
                ProxyUnderTest proxy = setup("1s")
                        .host("a", "a.test", application, Jails.FORBIDDEN)
                        .start()) {
            ToolRun second = ToolRun.of(Duration.ofSeconds(60), proxy.commandWith());
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.output()).contains("is another process listening there?", "--take-over");
            try (RawClient client = RawClient.connect(Loopback.newClient(), http)) {
                assertThat(client.get("a.test", "/").status()).isEqualTo(200);
            }
        }
    }

    /** If it breaks: a new version that does not come up takes the old one, or its bans, along. */
    @Test
    void theOldOneGoesOnWithItsStoreWhereTheNewOneFails() throws Exception {
        String attacker = Loopback.newClient();
        try (RecordingApplication application = RecordingApplication.start("app");
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProxyUnderTest old = setup("1s")
                    .host("a", "a.test", application, Jails.FORBIDDEN)
                    .start();
            String before = Files.readString(old.configFile());
            Files.writeString(
                    old.configFile(),
                    before + "\nportcullis.listeners.more.bind = \"127.0.0.1:" + taken.getLocalPort() + "\"\n");
            ToolRun failing = ToolRun.of(Duration.ofSeconds(60), old.commandWith("--take-over"));
            assertThat(failing.exitCode()).as(failing.output()).isEqualTo(1);
            assertThat(failing.output()).contains("listener more cannot bind");
            Files.writeString(old.configFile(), before);
            Awaitility.await("it has its store again")
                    .until(() -> old.log().stream().anyMatch(line -> line.contains("has not taken over")));
            ban(old, attacker);
            assertThat(isBanned(attacker)).isTrue();
            try (ProxyUnderTest successor = old.takeOver()) {
                assertThat(isBanned(attacker)).isTrue();
                assertThat(old.awaitExit(EXIT)).isZero();
                assertThat(successor.log()).noneMatch(line -> line.contains("WARN"));
            }
        }
    }

    /**
     * The commonest failure, of the process that has itself taken over: there the system still has the program that
     * sends new connections to the newer socket. If it breaks: an upgrade that fails costs visitors their connections.
     */
    @Test
    void noRequestFailsWhereASecondUpgradeDoes() throws Exception {
        try (SteadyLoad load = new SteadyLoad();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProxyUnderTest first = setup("5s")
                    .host("a", "server-names = [\"a.test\"]\nupstream = \"" + load.upstream() + "\"\njails { }\n")
                    .start();
            try (ProxyUnderTest second = first.takeOver()) {
                assertThat(first.awaitExit(EXIT)).isZero();
                load.keptAlive(4, http).connecting(8, http);
                awaitDone(load, 500);
                String before = Files.readString(second.configFile());
                Files.writeString(
                        second.configFile(),
                        before + "\nportcullis.listeners.more.bind = \"127.0.0.1:" + taken.getLocalPort() + "\"\n");
                ToolRun third = ToolRun.of(Duration.ofSeconds(60), first.commandWith("--take-over"));
                assertThat(third.output()).contains("listener more cannot bind");
                Files.writeString(second.configFile(), before);
                awaitDone(load, load.done() + 500);
                load.stop();
                assertThat(load.failures())
                        .as("failed of %s requests", load.done())
                        .isEmpty();
            }
        }
    }

    /** If it breaks: a successor that was killed at the wrong moment leaves a process that forgets its bans. */
    @Test
    void aSuccessorThatVanishesLeavesEverythingAsItWas() throws Exception {
        try (RecordingApplication application = RecordingApplication.start("app");
                ProxyUnderTest proxy = setup("1s")
                        .host("a", "a.test", application, Jails.FORBIDDEN)
                        .start()) {
            try (RawClient vanishing = RawClient.connect("127.0.0.1", admin)) {
                vanishing.send("POST /v1/take-over?pid=4711 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + proxy.adminToken() + "\r\n\r\n");
                assertThat(vanishing.readHead().toString()).contains("200");
                assertThat(order(proxy, "POST", "/v1/drain?pid=4712", ""))
                        .as("of another")
                        .isEqualTo(409);
                assertThat(order(proxy, "POST", "/v1/take-over?pid=4712", ""))
                        .as("two at once")
                        .isEqualTo(409);
            }
            Awaitility.await("it goes on")
                    .until(() -> proxy.log().stream().anyMatch(line -> line.contains("4711 has not taken over")));
            assertThat(order(proxy, "POST", "/v1/drain?pid=4711", "")).isEqualTo(409);
            String attacker = Loopback.newClient();
            ban(proxy, attacker);
            assertThat(isBanned(attacker)).isTrue();
        }
    }

    /** As packages do it: the launcher by which the process was started is there in its new version. */
    @Test
    void theCommandHasTheRunningProcessStartItsSuccessor() throws Exception {
        try (RecordingApplication application = RecordingApplication.start("app")) {
            Path home = Files.createDirectories(directory.resolve("home"));
            ProxyUnderTest old = setup("5s")
                    .host("a", "a.test", application, Jails.FORBIDDEN)
                    .jvm("-Dportcullis.home=" + home)
                    .start();
            Path launcher = Files.createDirectories(home.resolve("bin")).resolve("portcullis");
            List<String> java = old.commandWith();
            List<String> main = java.subList(0, java.indexOf("run"));
            Files.writeString(launcher, "#!/bin/sh\nexec '" + String.join("' '", main) + "' \"$@\"\n");
            Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
            ToolRun upgrade = ToolRun.of(
                    Duration.ofSeconds(90),
                    List.of(
                            launcher.toString(),
                            "upgrade",
                            "-c",
                            old.configFile().toString()));
            assertThat(upgrade.output()).containsPattern("process \\d+ serves; process " + old.pid() + " ends");
            assertThat(upgrade.exitCode()).isZero();
            try (RawClient client = RawClient.connect(Loopback.newClient(), http)) {
                assertThat(client.get("a.test", "/").status()).isEqualTo(200);
            } finally {
                long successor = Long.parseLong(upgrade.output()
                        .replaceFirst("(?s).*process (\\d+) serves.*", "$1")
                        .strip());
                ProcessHandle.of(successor).ifPresent(ProcessHandle::destroy);
            }
            assertThat(old.awaitExit(EXIT)).isZero();
        }
    }
}
