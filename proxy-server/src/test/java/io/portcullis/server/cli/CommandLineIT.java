package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.e2e.kit.Behaviours;
import io.portcullis.server.e2e.kit.Jails;
import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.Tools;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands by the launcher that users start, on a real terminal, in pipes and on full disks. */
class CommandLineIT {

    /** Tests run in their module's folder. */
    private static final String LAUNCHER =
            Path.of("../bin/portcullis").toAbsolutePath().normalize().toString();

    private static final String ESCAPE = "\u001b";
    private static final int CONNECTIONS = 30;

    private static RecordingApplication application;
    private static ProxyUnderTest proxy;
    private static String running;

    private record Outcome(int exitCode, String out, String err) {}

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = RecordingApplication.start("app").on("/denied/", Behaviours.answer(403, "denied"));
        proxy = ProxyUnderTest.in(directory)
                .host("shop", "shop.test", application, Jails.FORBIDDEN)
                .start();
        running = " -c " + proxy.configFile() + " --admin 127.0.0.1:" + proxy.adminPort();
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        application.close();
    }

    /** As a shell runs it: {@code P} stands for the launcher, {@code R} for how the running process is found. */
    private static Outcome sh(Map<String, String> environment, String line) throws Exception {
        Path out = Files.createTempFile("cli", ".out");
        Path err = Files.createTempFile("cli", ".err");
        ProcessBuilder builder = new ProcessBuilder(
                        "bash", "-c", line.replace("P ", LAUNCHER + " ").replace(" R", running))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("TERM", "xterm");
        builder.environment().put("JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        builder.environment().keySet().removeAll(List.of("NO_COLOR", "COLUMNS"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(line).isTrue();
        Outcome outcome =
                new Outcome(process.exitValue(), Files.readString(out), Files.readString(err, StandardCharsets.UTF_8));
        Files.delete(out);
        Files.delete(err);
        return outcome;
    }

    private static Outcome sh(String line) throws Exception {
        return sh(Map.of(), line);
    }

    /** What a person sees: script(1) gives the command a terminal. */
    private static Outcome onTerminal(Map<String, String> environment, String line) throws Exception {
        Tools.find("script");
        Outcome outcome = sh(environment, "script -qec '" + line + "' /dev/null");
        return new Outcome(outcome.exitCode(), outcome.out().replace("\r\n", "\n"), outcome.err());
    }

    @Test
    void eachExitCodeMeansWhatItSays() throws Exception {
        assertThat(sh("P --version").exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(sh("P help ban").exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(sh("P bans R").exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(sh("P unban 192.0.2.99 R").exitCode()).isEqualTo(ExitCode.NOT_SO);
        assertThat(sh("P check -c /no/such/file").exitCode()).isEqualTo(ExitCode.NOT_SO);
        assertThat(sh("P ").exitCode()).as("no command").isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(sh("P bnas").exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(sh("P why not-an-address R").exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
        int closed;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = gone.getLocalPort();
        }
        Outcome nobody = sh("P bans -c " + proxy.configFile() + " --admin 127.0.0.1:" + closed);
        assertThat(nobody.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(nobody.out()).isEmpty();
    }

    @Test
    void aSlipIsAnsweredByWhatWasMeant() throws Exception {
        assertThat(sh("P bnas").err())
                .isEqualTo("portcullis: unknown command \"bnas\" (did you mean \"bans\"?)\ntry: portcullis help\n");
        assertThat(sh("P bans --jsno").err()).contains("unknown option \"--jsno\" (did you mean \"--json\"?)");
        assertThat(sh("P help reoload").err()).contains("unknown command \"reoload\"");
    }

    @Test
    void theVersionIsOneLine() throws Exception {
        assertThat(sh("P --version").out()).matches("portcullis [0-9]\\S*\\n");
    }

    /** If it breaks: a client's path clears the screen of whoever looks why it was banned, or types for him. */
    @Test
    void nothingThatAStrangerChoseReachesTheTerminalAsItIs() throws Exception {
        String client = Loopback.newClient();
        for (int i = 0; i < Jails.MAX_RETRY; i++) {
            try (RawClient raw = RawClient.connect(client, proxy.port())) {
                raw.send("GET /denied/%1B%5D0;owned%07" + i + " HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: a"
                        + "\u009b31mb\r\n\r\n");
                assertThat(raw.read().status()).isIn(403, 400);
            }
        }
        Outcome why = onTerminal(Map.of(), "P why " + client + " R");
        assertThat(why.out()).contains(client).doesNotContain(ESCAPE, "\u009b", "\u0007");
        Outcome bans = onTerminal(Map.of(), "P bans R");
        assertThat(bans.out()).doesNotContain(ESCAPE, "\u009b", "\u0007");
        assertThat(onTerminal(Map.of(), "P why $(printf \"\\033[31mx\") R").out())
                .contains("\\x1B[31mx")
                .doesNotContain(ESCAPE);
        assertThat(sh("P why " + client + " --json R").out()).matches("[\\x20-\\x7e]+\\n");
    }

    @Test
    void aPersonSeesATableAndAProgramRecords() throws Exception {
        assertThat(sh("P ban 192.0.2.7 --for 1h R").exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(onTerminal(Map.of(), "P bans R").out())
                .startsWith("CLIENT")
                .containsPattern("192\\.0\\.2\\.7 +\\* +by hand +\\S+Z +\\S+Z +drop\n");
        assertThat(sh("P bans R").out()).contains("192.0.2.7\t*\tby hand\t").doesNotContain("CLIENT");
        assertThat(sh("P bans --json R").out())
                .startsWith("{\"bans\":[")
                .endsWith("]}\n")
                .hasLineCount(1);
        assertThat(sh("P unban 192.0.2.7 R").exitCode()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void coloursAndWidthAreTheTerminals() throws Exception {
        assertThat(onTerminal(Map.of(), "P help").out()).contains(ESCAPE);
        assertThat(onTerminal(Map.of("NO_COLOR", "1"), "P help").out()).doesNotContain(ESCAPE);
        assertThat(sh("P help").out()).doesNotContain(ESCAPE);
        assertThat(onTerminal(Map.of("NO_COLOR", "1", "COLUMNS", "60"), "P help check")
                        .out()
                        .lines())
                .filteredOn(line -> !line.startsWith("  portcullis"))
                .allMatch(line -> line.length() <= 60);
    }

    @Test
    void whoHasSeenEnoughIsNotToldOfBrokenPipes() throws Exception {
        Outcome outcome = sh("set -o pipefail; P help | true");
        assertThat(outcome.exitCode()).isIn(0, 141);
        assertThat(outcome.err()).isEmpty();
    }

    /** If it breaks: a script keeps an empty list of bans on a full disk, and goes on. */
    @Test
    void aFullDiskIsNoSuccess() throws Exception {
        for (String command : new String[] {"P help", "P bans --json R", "P check -c " + proxy.configFile()}) {
            Outcome outcome = sh(command + " >/dev/full");
            assertThat(outcome.exitCode()).as(command).isEqualTo(ExitCode.NOT_SO);
            assertThat(outcome.err()).isEqualTo("portcullis: stdout cannot be written: No space left on device\n");
        }
    }

    @Test
    void jsonIsOneDocumentAlsoOnFailure() throws Exception {
        Outcome valid = sh("P check --json -c " + proxy.configFile());
        assertThat(valid.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(valid.out()).contains("\"valid\":true,\"problems\":[]").hasLineCount(1);
        Outcome missing = sh("P check --json -c /no/such/file");
        assertThat(missing.exitCode()).isEqualTo(ExitCode.NOT_SO);
        assertThat(missing.out())
                .contains("\"valid\":false,\"problems\":[{\"file\":\"/no/such/file\"")
                .hasLineCount(1);
        Outcome nobody = sh("P unban 192.0.2.99 --json R");
        assertThat(nobody.exitCode()).isEqualTo(ExitCode.NOT_SO);
        assertThat(nobody.out())
                .startsWith("{\"error\":\"192.0.2.99 is not banned")
                .hasLineCount(1);
    }

    @Test
    void theDoctorSpeaksOfTheRunningProcess() throws Exception {
        for (int i = 0; i < CONNECTIONS; i++) {
            try (RawClient raw = RawClient.connect("127.0.0.1", proxy.port())) {
                assertThat(raw.get("shop.test", "/").status()).isEqualTo(200);
            }
        }
        Outcome told = onTerminal(Map.of("NO_COLOR", "1", "COLUMNS", "100"), "P doctor --all R");
        assertThat(told.out()).contains("process\n  process ", "answers; it runs since", "the endpoint accepts");
        Outcome json = sh("P doctor --json R");
        assertThat(json.out())
                .startsWith("{\"problems\":")
                .contains("\"check\":\"clients\"")
                .hasLineCount(1);
        assertThat(json.exitCode()).isEqualTo(json.out().startsWith("{\"problems\":0,") ? 0 : 1);
    }

    @Test
    void bashCompletesCommandsOptionsAndFiles() throws Exception {
        String complete = "source <(P completion bash); compopt() { :; }; COMP_WORDS=(portcullis %s);"
                + " COMP_CWORD=%d; _complete_portcullis; echo ${COMPREPLY[@]}";
        assertThat(sh(complete.formatted("ba", 1)).out().strip().split(" ", -1)).contains("bans", "ban");
        assertThat(sh(complete.formatted("ban --f", 2)).out().strip().split(" ", -1))
                .contains("--for", "--force");
        assertThat(sh(complete.formatted("completion \"\"", 2)).out().strip()).isEqualTo("bash zsh");
        assertThat(sh(complete.formatted("check -c /etc/passw", 3))
                        .out()
                        .strip()
                        .split("\\s+", -1))
                .contains("/etc/passwd");
    }

    /**
     * Classes that deal with faults are loaded when there is one. If it breaks: a process that has no descriptor left cannot
     * open their jars, and its event loops end; and after an upgrade of the package it takes them from the new jars.
     */
    @Test
    void aProxyHasEveryJarOpenBeforeItIsNeeded(@TempDir Path directory) throws Exception {
        // With the archive of classes, and without the store's library, the JVM opens few jars by itself.
        assertThat(sh("P prepare").exitCode()).isZero();
        Path file;
        try (ProxyUnderTest configured = ProxyUnderTest.in(directory)
                .main("bans { store { type = memory } }")
                .host("shop", "shop.test", application, "")
                .start()) {
            file = configured.configFile();
        }
        Process process = new ProcessBuilder(LAUNCHER, "run", "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();
        try {
            Awaitility.await()
                    .until(() -> Files.readString(directory.resolve("out")).contains("ready "));
            try (Stream<Path> lib = Files.list(Path.of("target/portcullis/lib").toRealPath())) {
                List<Path> jars = lib.toList();
                assertThat(jars).hasSizeGreaterThan(10);
                Awaitility.await()
                        .untilAsserted(() -> assertThat(openFiles(process)).containsAll(jars));
            }
        } finally {
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static List<Path> openFiles(Process process) throws IOException {
        List<Path> open = new ArrayList<>();
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    open.add(Files.readSymbolicLink(descriptor));
                } catch (NoSuchFileException closed) {
                    // between the two looks
                }
            }
        }
        return open;
    }
}
