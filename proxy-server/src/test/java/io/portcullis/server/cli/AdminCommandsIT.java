package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Ending;
import io.portcullis.server.e2e.kit.Jails;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RawResponse;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.Wire;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands that speak to a running process, as operators type them. */
class AdminCommandsIT {

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;

    private final String client = Loopback.newClient();

    private record Outcome(int exitCode, String out, String err) {}

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app").on("/denied/", Behaviours.answer(403, "denied"));
        proxy = ProxyUnderTest.in(directory)
                .host("shop", "shop.test", application, Jails.FORBIDDEN)
                .host("blog", "blog.test", application, Jails.FORBIDDEN)
                .host("gone", "server-names = [\"gone.test\"]\nupstream = \"http://127.0.0.1:1\"\n")
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

    private static Outcome run(String... words) {
        List<String> args = new ArrayList<>(List.of(words));
        args.addAll(List.of("-c", proxy.configFile().toString(), "--admin", "127.0.0.1:" + proxy.adminPort()));
        return runAsTyped(args.toArray(String[]::new));
    }

    private static Outcome runAsTyped(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Commands.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return new Outcome(commandLine.execute(words), out.toString(), err.toString());
    }

    private static String done(String... words) {
        Outcome outcome = run(words);
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.err()).isEmpty();
        return outcome.out();
    }

    private int status(String host, String path) throws IOException {
        try (RawClient raw = RawClient.connect(client, proxy.port())) {
            return raw.get(host, path).status();
        }
    }

    private Ending ending(String host) throws IOException {
        try (RawClient raw = RawClient.connect(client, proxy.port())) {
            return raw.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").ending();
        }
    }

    /** If it breaks: the operator has banned the attacker, and watches him go on. */
    @Test
    void aBanByHandRefusesAtOnceAndEndsWhatIsOpenAndAnUnbanLetsInAtOnce() throws IOException {
        try (RawClient open = RawClient.connect(client, proxy.port())) {
            assertThat(open.get("shop.test", "/").status()).isEqualTo(200);
            assertThat(done("ban", client, "--for", "1h", "--reason", "scraper"))
                    .matches("banned " + client + " on all hosts until \\S+Z \\(1h\\)\n");
            assertThat(open.ending().isOver())
                    .as("the open connection has ended")
                    .isTrue();
        }
        assertThat(ending("shop.test")).isEqualTo(Ending.SILENT_RESET);
        assertThat(ending("blog.test")).isEqualTo(Ending.SILENT_RESET);
        assertThat(done("why", client))
                .contains(client + " is banned\n", "on all hosts by hand", "because \"scraper\"");
        assertThat(done("ban", client))
                .startsWith("banned already: " + client + " on all hosts until ")
                .contains("by hand");
        assertThat(done("unban", client)).matches("unbanned " + client + " on all hosts, banned by hand since \\S+Z\n");
        assertThat(status("shop.test", "/")).isEqualTo(200);
    }

    @Test
    void aBanFromOneHostIsNotFeltOnTheOther() throws IOException {
        assertThat(done("ban", client, "--host", "shop", "--for", "forever")).contains(" on host shop forever\n");
        assertThat(ending("shop.test")).isEqualTo(Ending.SILENT_RESET);
        assertThat(status("blog.test", "/")).isEqualTo(200);
        assertThat(done("bans", "--host", "shop").lines().filter(line -> line.startsWith(client + "\t")))
                .singleElement()
                .asString()
                .matches(client + "\tshop\tby hand\t\\S+Z\tforever\tdrop");
        assertThat(done("bans", "--host", "blog")).doesNotContain(client);
        Outcome other = run("unban", client, "--host", "blog");
        assertThat(other.exitCode()).isEqualTo(ExitCode.NOT_SO);
        assertThat(other.err())
                .contains(client + " is not banned from host blog", "its bans are on host shop (" + client + ")");
        assertThat(done("unban", client, "--host", "shop")).startsWith("unbanned " + client + " on host shop");
        assertThat(status("shop.test", "/")).isEqualTo(200);
    }

    /** If it breaks: the operator who is woken at night looks for what is wrong among what is not. */
    @Test
    void theStatusTellsWhatRunsAndWhatIsWrong() throws IOException {
        assertThat(status("gone.test", "/")).isEqualTo(502);
        String status = done("status");
        assertThat(status.lines())
                .startsWith("state\trunning")
                .anyMatch(line -> line.startsWith("problem\tendpoint http://127.0.0.1:1 of ")
                        && line.contains(", its only one, has failed since "))
                .anyMatch(line -> line.matches("process\tversion .*, pid [0-9]+, up .*"))
                .contains("listener\thttp at 127.0.0.1:" + proxy.port())
                .anyMatch(line -> line.startsWith("configuration\t" + proxy.configFile()));
        assertThat(done("status", "--json"))
                .startsWith("{\"state\":\"running\",\"problems\":[\"endpoint ")
                .contains("\"most\":20000}", "\"type\":\"file\"", "\"virtual_hosts\":3", "\"fault\":null")
                .endsWith("}\n");
    }

    /** If it breaks: a dashboard shows yesterday's bans, or nobody hears of the reload that was refused. */
    @Test
    void whatHappensIsToldToWhoListens() throws IOException {
        try (RawClient stream = RawClient.connect("127.0.0.1", proxy.adminPort())) {
            stream.send(Wire.head(
                    "GET /v1/events?types=ban,unban,reload,draining HTTP/1.1",
                    "Host: localhost",
                    "Authorization: Bearer " + proxy.adminToken()));
            assertThat(stream.readHead().value("Content-Type")).isEqualTo("text/event-stream");
            done("ban", client, "--reason", "scraper");
            done("unban", client);
            done("reload");
            String events = readUntil(stream, "event: reload", "\n\n");
            assertThat(events)
                    .containsSubsequence("event: open", "event: ban", "event: unban", "event: reload")
                    .contains("\"client\":\"" + client + "\"", "\"reason\":\"scraper\"", "\"applied\":true");
        }
    }

    private static String readUntil(RawClient stream, String first, String then) throws IOException {
        StringBuilder read = new StringBuilder();
        int found = -1;
        while (found < 0 || read.indexOf(then, found) < 0) {
            int octet = stream.in().read();
            assertThat(octet).as("the stream goes on after%n%s", read).isNotNegative();
            read.append((char) octet);
            found = read.indexOf(first);
        }
        return read.toString();
    }

    /** If it breaks: nobody can say why an address is banned. */
    @Test
    void whyTellsWhatTheClientDidAndHowFarItIsFromABan() throws IOException {
        assertThat(done("why", client)).isEqualTo("nothing is held against " + client + "\n");
        assertThat(status("shop.test", "/denied/1")).isEqualTo(403);
        assertThat(done("why", client))
                .contains(client + " is not banned\n", "on host shop jail httpd-forbidden counts 1 of 5 within 1m\n")
                .contains("  shop  GET /denied/1 -> 403  by jail httpd-forbidden\n");
        for (int i = 2; i <= Jails.MAX_RETRY; i++) {
            status("shop.test", "/denied/" + i);
        }
        assertThat(done("why", client))
                .contains(client + " is banned\n", "  on host shop by jail httpd-forbidden, since ", ", for\n")
                .contains("GET /denied/1 -> 403\n", "GET /denied/5 -> 403\n");
        assertThat(done("why", client, "--json"))
                .startsWith("{\"client\":\"" + client + "\",\"banned\":true,")
                .contains("\"path\":\"/denied/5\",\"status\":403}")
                .endsWith("}\n");
        assertThat(done("bans", "--json"))
                .startsWith("{\"bans\":[{\"client\":")
                .contains("\"client\":\"" + client
                        + "\",\"host\":\"shop\",\"jail\":\"httpd-forbidden\",\"action\":\"drop\"")
                .endsWith("}]}\n");
        assertThat(done("unban", client, "--json")).startsWith("{\"unbanned\":1,\"bans\":[{");
        assertThat(status("shop.test", "/denied/6"))
                .as("the counter is cleared as well")
                .isEqualTo(403);
        assertThat(status("shop.test", "/")).isEqualTo(200);
    }

    /** If it breaks: one slip locks the operator out of his own machine. */
    @Test
    void theExemptAreNotBannedUnlessForced() throws IOException {
        Outcome outcome = run("ban", "127.0.0.1", "--host", "blog");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.NOT_SO);
        assertThat(outcome.err()).contains("127.0.0.1 is exempt from bans (allowlist)", "or force");
        assertThat(done("why", "127.0.0.1")).contains("exempt, so never counted and never banned: allowlist");
        assertThat(done("ban", "127.0.0.1", "--host", "blog", "--force", "--for", "1m"))
                .startsWith("banned 127.0.0.1 ");
        assertThat(done("unban", "127.0.0.1")).startsWith("unbanned 127.0.0.1 on host blog");
    }

    @Test
    void whatIsNotSoExitsWithOneAndSaysWhatIs() {
        Outcome nobody = run("unban", client);
        assertThat(nobody.exitCode()).isEqualTo(ExitCode.NOT_SO);
        assertThat(nobody.err())
                .isEqualTo("portcullis: " + client + " is not banned (expected: a client that is banned)\n");
        for (String[] words : new String[][] {
            {"ban", client, "--host", "shpo"}, {"unban", client, "--host", "shpo"}, {"bans", "--host", "shpo"}
        }) {
            Outcome outcome = run(words);
            assertThat(outcome.exitCode()).isEqualTo(ExitCode.NOT_SO);
            assertThat(outcome.err()).isEqualTo("portcullis: no virtual host has the name \"shpo\" (expected: shop)\n");
        }
    }

    @Test
    void wrongUsageExitsWithTwo() {
        for (String[] words : new String[][] {
            {"ban"},
            {"ban", "example.com"},
            {"ban", client, "--for", "60"},
            {"ban", client, "--for", "soon"},
            {"unban"},
            {"unban", client, "--all"},
            {"why"},
            {"why", "1.2.3"},
            {"why", "\u001b[31m"},
            {"bans", "x"}
        }) {
            Outcome outcome = run(words);
            assertThat(outcome.exitCode()).as(String.join(" ", words)).isEqualTo(ExitCode.WRONG_USAGE);
            assertThat(outcome.out()).isEmpty();
        }
        assertThat(run("ban", client, "--for", "60").err()).contains("a duration with its unit");
    }

    /** If it breaks: the operator looks for a fault in the bans where the process just does not run. */
    @Test
    void whoCannotBeReachedIsNamedAndExitsWithThree(@TempDir Path folder) throws IOException {
        Outcome atAnyPort = runAsTyped("bans", "-c", proxy.configFile().toString());
        assertThat(atAnyPort.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(atAnyPort.err()).contains("give --admin with what the process's ready line says");

        int closed;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = gone.getLocalPort();
        }
        String config = proxy.configFile().toString();
        Outcome unreachable = runAsTyped("why", client, "-c", config, "--admin", "127.0.0.1:" + closed);
        assertThat(unreachable.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(unreachable.err())
                .contains("no Portcullis answers at 127.0.0.1:" + closed, "Is it running, and with " + config);

        Path other = folder.resolve("conf/portcullis.conf");
        Files.createDirectories(other.getParent());
        Files.writeString(other, "portcullis { admin { token-file = token } }");
        String admin = "127.0.0.1:" + proxy.adminPort();
        Outcome noToken = runAsTyped("bans", "-c", other.toString(), "--admin", admin);
        assertThat(noToken.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(noToken.err()).contains("no such file");

        Path token = Files.writeString(other.resolveSibling("token"), "0123456789abcdef");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        Outcome wrongToken = runAsTyped("bans", "-c", other.toString(), "--admin", admin);
        assertThat(wrongToken.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(wrongToken.err()).contains("does not let this command in: the token is wrong");
    }

    /** If it breaks: who has just broken a jail's line cannot unban the customers whom it has banned. */
    @Test
    void aConfigurationWithProblemsElsewhereStillLeadsToTheProcess(@TempDir Path folder) throws IOException {
        Path config = folder.resolve("portcullis.conf");
        Path token = folder.resolve("token");
        Files.writeString(token, proxy.adminToken());
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                config,
                "portcullis { jails { x { max-retyr = 1 } }, admin { bind = \"127.0.0.1:" + proxy.adminPort()
                        + "\", token-file = token } }");
        Outcome outcome = runAsTyped("why", client, "-c", config.toString());
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.DONE);
    }

    /** If it breaks: a page that the operator has open can ban his visitors, or read who they are. */
    @Test
    void aWebPageIsRefusedOverTheWire() throws IOException {
        String json = "Content-Type: application/json";
        String bearer = "Authorization: Bearer " + proxy.adminToken();
        String here = "Host: 127.0.0.1";
        assertThat(post(here, "Origin: https://evil.test", "Content-Type: text/plain"))
                .isEqualTo(403);
        assertThat(post(here, bearer, "Origin: null", json)).isEqualTo(403);
        assertThat(post("Host: evil.test", bearer, json)).isEqualTo(421);
        assertThat(post(here, json)).isEqualTo(401);
        assertThat(admin(Wire.head("OPTIONS /v1/bans HTTP/1.1", here, "Origin: https://evil.test")))
                .isEqualTo(403);
        assertThat(done("bans")).doesNotContain("192.0.2.1\t");
    }

    private static int post(String... fields) throws IOException {
        String body = "{\"address\": \"192.0.2.1\"}";
        List<String> all = new ArrayList<>(List.of("POST /v1/bans HTTP/1.1"));
        all.addAll(List.of(fields));
        all.add("Content-Length: " + body.length());
        return admin(Wire.head(all.toArray(String[]::new)) + body);
    }

    private static int admin(String octets) throws IOException {
        try (RawClient raw = RawClient.connect("127.0.0.1", proxy.adminPort())) {
            RawResponse response = raw.send(octets).read();
            assertThat(response.head().toString()).doesNotContainIgnoringCase("access-control");
            return response.status();
        }
    }
}
