package io.portcullis.server.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * The proxy as its users run it: a process of its own with a configuration on disk. The only place that knows how it is
 * started, how it says that it is ready, and where it writes.
 */
public final class ProxyUnderTest implements AutoCloseable {

    private static final String MAIN_CLASS = "io.portcullis.server.cli.Main";
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    /** A frame of a stack trace, or the line above the first: no fault that a stranger can cause deserves one. */
    private static final Pattern STACK_TRACE =
            Pattern.compile("^\\s+at [\\w.$/<>]+\\(.*\\)$|^Caused by: |^Exception in thread ");

    private final Path directory;
    private final Process process;
    private final OutputLines out;
    private final OutputLines err;
    /** What it was started by. */
    private final List<String> command;

    private Map<String, Integer> ports = Map.of();

    private ProxyUnderTest(Path directory, List<String> command, boolean outputIsRead) throws IOException {
        this.directory = directory;
        this.command = List.copyOf(command);
        this.process = new ProcessBuilder(command).directory(directory.toFile()).start();
        this.out = new OutputLines(
                process.getInputStream(), "proxy-stdout", line -> !outputIsRead && line.startsWith("ready"));
        this.err = new OutputLines(process.getErrorStream(), "proxy-stderr");
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Begins a configuration under {@code directory/conf}. */
    public static Setup in(Path directory) {
        return new Setup(directory);
    }

    /** What a test says before the process is started. */
    public static final class Setup {

        /** What every test needs; a test's own text comes after it, and in HOCON the later value wins. */
        private static final String BASE = """
                listeners { http { bind = "127.0.0.1:0" } }
                virtual-hosts-dir = "hosts.d"
                admin { bind = "127.0.0.1:0", token-file = "../data/admin.token" }
                log { access = "../data/access.log", format = combined }
                timeouts { drain = 5s }
                threads = 2
                """ + transport(System.getProperty("portcullis.test.transport", ""));

        /** All tests of a run may be had on one transport: {@code -Dportcullis.test.transport=epoll}. */
        private static String transport(String name) {
            return name.isEmpty() ? "" : "transport = " + name + "\n";
        }

        private final Path directory;
        private final Map<String, String> hosts = new LinkedHashMap<>();
        private final Map<String, String> listeners = new LinkedHashMap<>();
        private final Map<String, KeyAndCertificate> certificates = new LinkedHashMap<>();
        private final List<String> jvmFlags = new ArrayList<>();
        private List<String> starter = List.of();
        private String main = "";
        private boolean outputIsRead = true;

        private Setup(Path directory) {
            this.directory = directory;
        }

        /** What stands inside {@code portcullis { }} besides the base: the listener {@code http} is always there. */
        public Setup main(String text) {
            main = text;
            return this;
        }

        /** The text of {@code hosts.d/NAME.conf}. */
        public Setup host(String name, String text) {
            hosts.put(name, text);
            return this;
        }

        /** A virtual host for one server name and one application, with these jails. */
        public Setup host(String name, String serverName, RecordingApplication application, String jails) {
            return host(
                    name,
                    "server-names = [\"" + serverName + "\"]\nupstream = \"" + application.url() + "\"\njails { "
                            + jails + " }\n");
        }

        /** A listener on a loopback port besides {@code http}; its settings follow its {@code bind}. */
        public Setup listener(String name, String settings) {
            listeners.put(name, "bind = \"127.0.0.1:0\", " + settings);
            return this;
        }

        /** A listener {@code https}, whose certificates are those of its virtual hosts. */
        public Setup https() {
            return listener("https", "tls = true");
        }

        /**
         * The files {@code NAME.crt} and {@code NAME.key}, beside the virtual hosts' files and beside the main file:
         * {@link KeyAndCertificate#settings} names them in a virtual host or a listener.
         */
        public Setup certificate(String name, KeyAndCertificate certificate) {
            certificates.put(name, certificate);
            return this;
        }

        public Setup jvm(String... flags) {
            jvmFlags.addAll(List.of(flags));
            return this;
        }

        /** The process is started by that command, which is given the process's own and executes it in its own place. */
        public Setup by(String... command) {
            starter = List.of(command);
            return this;
        }

        /** Nobody reads what the process writes to its standard output after the {@code ready} line. */
        public Setup unreadOutput() {
            outputIsRead = false;
            return this;
        }

        /** Starts the process and waits for its {@code ready} line. */
        public ProxyUnderTest start() throws IOException {
            return launch().whenReady();
        }

        private ProxyUnderTest launch() throws IOException {
            Path hostsDirectory = Files.createDirectories(directory.resolve("conf/hosts.d"));
            Files.createDirectories(directory.resolve("data"));
            Path file = directory.resolve("conf/portcullis.conf");
            Files.writeString(file, "portcullis {\n" + BASE + listenersText() + main + "\n}\n");
            writeCertificates(hostsDirectory);
            for (Map.Entry<String, String> host : hosts.entrySet()) {
                Files.writeString(hostsDirectory.resolve(host.getKey() + ".conf"), host.getValue());
            }
            return new ProxyUnderTest(directory, command(file), outputIsRead);
        }

        private String listenersText() {
            return listeners.entrySet().stream()
                    .map(listener -> "listeners { " + listener.getKey() + " { " + listener.getValue() + " } }\n")
                    .collect(Collectors.joining());
        }

        private void writeCertificates(Path hostsDirectory) throws IOException {
            try {
                for (Map.Entry<String, KeyAndCertificate> each : certificates.entrySet()) {
                    each.getValue().writeTo(hostsDirectory, each.getKey());
                    each.getValue().writeTo(directory.resolve("conf"), each.getKey());
                }
            } catch (GeneralSecurityException e) {
                throw new AssertionError("a certificate that was made a moment ago", e);
            }
        }

        private List<String> command(Path file) {
            List<String> command = new ArrayList<>(starter);
            command.add(javaTool("java"));
            command.addAll(List.of("-cp", classPath(), "-Dio.netty.leakDetection.level=paranoid"));
            // A short life: the second compiler would only take the processor from the test.
            command.add("-XX:TieredStopAtLevel=1");
            command.addAll(jvmFlags);
            command.addAll(List.of(MAIN_CLASS, "run", "-c", file.toString()));
            return command;
        }
    }

    /** Without the tests' own classes: the process sees what is delivered, and not a logging set-up for tests. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("test-classes/"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String javaTool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private ProxyUnderTest whenReady() {
        try {
            ports = awaitReady();
            return this;
        } catch (RuntimeException | Error notReady) {
            process.destroyForcibly();
            throw notReady;
        }
    }

    /** Starts another process with the same files beside this one, to take over from it, and waits until it serves. */
    public ProxyUnderTest takeOver() throws IOException {
        return new ProxyUnderTest(directory, commandWith("--take-over"), true).whenReady();
    }

    /** The same without waiting: {@link #awaitServing} does, where that comes about. */
    public ProxyUnderTest beginTakeOver() throws IOException {
        return new ProxyUnderTest(directory, commandWith("--take-over"), true);
    }

    /** Waits for the {@code ready} line of {@link #beginTakeOver}. */
    public void awaitServing() {
        whenReady();
    }

    /** The command that this was started by, with more words. */
    public List<String> commandWith(String... words) {
        List<String> more = new ArrayList<>(command);
        more.addAll(List.of(words));
        return more;
    }

    private Map<String, Integer> awaitReady() {
        Awaitility.await("the ready line")
                .atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> readyLine().isPresent() || !process.isAlive());
        if (!process.isAlive()) {
            out.awaitEnd();
            err.awaitEnd();
        }
        String ready =
                readyLine().orElseThrow(() -> new AssertionError("the process never was ready\n" + everything()));
        Map<String, Integer> found = new LinkedHashMap<>();
        for (String word : ready.split(" ", -1)) {
            int equals = word.indexOf('=');
            int colon = word.lastIndexOf(':');
            if (equals > 0 && colon > equals) {
                found.put(word.substring(0, equals), Integer.parseInt(word.substring(colon + 1)));
            }
        }
        return found;
    }

    private Optional<String> readyLine() {
        return out.lines().stream().filter(line -> line.startsWith("ready")).findFirst();
    }

    /** The line that says that it is ready. */
    public String ready() {
        return readyLine().orElseThrow();
    }

    /** The port of the listener {@code http}. */
    public int port() {
        return port("http");
    }

    public int port(String listener) {
        Integer port = ports.get(listener);
        if (port == null) {
            throw new AssertionError("no listener " + listener + " in the ready line: " + ports);
        }
        return port;
    }

    /** The port of the admin API. */
    public int adminPort() {
        return port("admin");
    }

    /** Lays another certificate under a name of {@link Setup#certificate}, as its renewal does. */
    public void renewCertificate(String name, KeyAndCertificate certificate)
            throws IOException, GeneralSecurityException {
        certificate.writeTo(directory.resolve("conf/hosts.d"), name);
        certificate.writeTo(directory.resolve("conf"), name);
    }

    /** What whoever speaks to the admin API must know. */
    public String adminToken() throws IOException {
        return Files.readString(directory.resolve("data/admin.token")).strip();
    }

    /** The main file, as the commands are given it. */
    public Path configFile() {
        return directory.resolve("conf/portcullis.conf");
    }

    /** The file of a virtual host, for what a test changes while the process runs. */
    public Path hostFile(String name) {
        return directory.resolve("conf/hosts.d").resolve(name + ".conf");
    }

    /** What the process has written to its standard output, line by line. */
    public List<String> output() {
        return out.lines();
    }

    /** The process's number. */
    public long pid() {
        return process.pid();
    }

    /** What the process has written to its error output, line by line. */
    public List<String> log() {
        return err.lines();
    }

    /** The lines of the access log so far. */
    public List<String> accessLog() {
        Path file = directory.resolve("data/access.log");
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The processor time that the process has used so far. */
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Fails where the process has reported a leak or an exception that nobody foresaw. Cheap: for after each test. */
    public void assertClean() {
        assertThat(err.lines()).as("the process's log").noneMatch(line -> line.contains("LEAK:"));
        assertThat(err.lines())
                .as("the process's log")
                .noneMatch(line -> STACK_TRACE.matcher(line).find());
    }

    /** Sends SIGTERM and returns at once. Not by the process itself, which would close the pipes to it as well. */
    public void terminate() {
        process.toHandle().destroy();
    }

    /** Sends SIGHUP and returns when it is sent. */
    public void hangUp() throws IOException {
        signal("HUP");
    }

    /** Sends SIGUSR1, as logrotate is told to, and returns when it is sent. */
    public void reopenLogs() throws IOException {
        signal("USR1");
    }

    /** Has it take up its changed files, as {@code POST /v1/reload} does, and waits for what came of it. */
    public RawResponse reload() throws IOException {
        try (RawClient admin = RawClient.connect("127.0.0.1", adminPort())) {
            return admin.send(Wire.head(
                            "POST /v1/reload HTTP/1.1",
                            "Host: 127.0.0.1:" + adminPort(),
                            "Authorization: Bearer " + adminToken(),
                            "Content-Type: application/json",
                            "Content-Length: 0"))
                    .read();
        }
    }

    private void signal(String name) throws IOException {
        ToolRun.of(Duration.ofSeconds(10), List.of("kill", "-" + name, Long.toString(process.pid())));
    }

    /** Waits for the end of the process; its exit code. */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + limit + "\n" + everything());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        out.awaitEnd();
        err.awaitEnd();
        return process.exitValue();
    }

    /**
     * Stops the process as an operator does, and fails where it does not exit with 0 or has leaked.
     *
     * <p>Netty reports a lost buffer when the next one is allocated after a collection, so both are brought about here.
     */
    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                collectGarbage();
                process.destroy();
                assertThat(awaitExit(STOP_LIMIT))
                        .as("exit code%n%s", everything())
                        .isZero();
            }
            assertClean();
        } finally {
            process.destroyForcibly();
        }
    }

    private void collectGarbage() {
        try {
            Process collect = new ProcessBuilder(javaTool("jcmd"), Long.toString(process.pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(collect.waitFor(10, TimeUnit.SECONDS)).as("jcmd ended").isTrue();
            for (int port : ports.values()) {
                try (RawClient client = RawClient.connect("127.0.0.1", port)) {
                    client.send("GET / HTTP/1.1\r\n\r\n").ending(Duration.ofSeconds(2));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String everything() {
        return "stdout:\n" + out + "\nstderr:\n" + err;
    }
}
