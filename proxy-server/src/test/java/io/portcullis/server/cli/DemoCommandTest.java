package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.server.config.ConfigLoader;
import io.portcullis.server.runtime.ConfigSource;
import io.portcullis.server.runtime.Portcullis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

/** The demo as a process of its own, and its story where the proxy does not do what is told. */
class DemoCommandTest {

    private final Path temporary;

    DemoCommandTest(@TempDir Path temporary) {
        this.temporary = temporary;
    }

    private Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "demo"));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(temporary.resolve("stderr").toFile())
                .start();
    }

    private int endOf(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
        return process.exitValue();
    }

    private String stderr() throws IOException {
        return Files.readString(temporary.resolve("stderr"));
    }

    private List<Path> leftBehind() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith("portcullis-demo-"))
                    .toList();
        }
    }

    @Test
    void onceTellsTheWholeStoryInOrderAndExitsWithZero() throws Exception {
        Process process = start("--once");
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(endOf(process)).as(told + stderr()).isZero();
        assertThat(told.lines().map(line -> line.replaceAll("\\s+", " ").strip()))
                .containsSubsequence(
                        "127.0.0.3 GET shop.localhost/ 200",
                        "127.0.0.3 GET blog.localhost/ 200",
                        "127.0.0.2 GET shop.localhost/admin 403",
                        "127.0.0.2 GET shop.localhost/admin 403",
                        "127.0.0.2 GET shop.localhost/admin 403",
                        "127.0.0.2 GET shop.localhost/admin 403",
                        "127.0.0.2 GET shop.localhost/admin 403",
                        "127.0.0.2 GET shop.localhost/ connection reset",
                        "the shop (its own count) 5 requests of 127.0.0.2 have arrived",
                        "127.0.0.2 GET blog.localhost/ 200",
                        "127.0.0.3 GET shop.localhost/ 200",
                        "127.0.0.2 GET blog.localhost/admin 403",
                        "127.0.0.2 (connects, sends nothing) connection reset",
                        "the blog (its own count) 6 requests of 127.0.0.2 have arrived",
                        "127.0.0.2 is banned",
                        "127.0.0.3 is not banned",
                        "on host shop jail httpd-forbidden counts 1 of 5 within 1m",
                        "127.0.0.2 (unban) 2 bans lifted",
                        "127.0.0.2 GET shop.localhost/ 200",
                        "Every step happened as told.");
        assertThat(told)
                .containsPattern(" on host shop by jail httpd-forbidden, since \\S+Z, until \\S+Z, for\n")
                .containsPattern("\\d{4}-\\d\\d-\\d\\dT\\S+Z  shop  GET /admin -> 403\n")
                .as("colours are for terminals")
                .doesNotContain("\u001b");
        assertThat(stderr()).as("the ban log does not break into the story").isEmpty();
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void staysUpToBeTriedByHandUntilItIsStoppedAndThatIsNoFailure() throws Exception {
        Process process = start();
        List<String> told = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null && !line.contains("127.0.0.2 plays the attacker")) {
                told.add(line);
                line = lines.readLine();
            }
            assertThat(told).anyMatch(text -> text.contains("curl --interface 127.0.0.2"));
            int port = told.stream()
                    .filter(text -> text.contains("proxy "))
                    .map(text -> Integer.parseInt(text.replaceFirst(".*:", "")))
                    .findFirst()
                    .orElseThrow();
            InetSocketAddress proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            assertThat(new DemoClient(4, proxy).get("shop.localhost", "/")).isEqualTo("200");
            Path main = leftBehind().get(0).resolve("portcullis.conf");
            assertThat(ConfigLoader.load(main).orElseThrow().virtualHosts()).hasSize(2);
            process.destroy(); // SIGTERM
            assertThat(endOf(process)).as(stderr()).isZero();
        } finally {
            process.destroyForcibly();
        }
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void aPortThatIsTakenIsNamedAndExitsWithOne() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = start("--once", "--port", Integer.toString(taken.getLocalPort()));
            assertThat(endOf(process)).isEqualTo(ExitCode.NOT_SO);
            assertThat(stderr()).contains("cannot bind 127.0.0.1:" + taken.getLocalPort());
        }
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void whereTheJailIsOffTheStoryStopsAtTheStepThatDidNotHappen() throws Exception {
        StringWriter told = new StringWriter();
        try (SampleSite shop = SampleSite.start("shop");
                SampleSite blog = SampleSite.start("blog");
                DemoFiles files = DemoFiles.write(0, shop, blog)) {
            Files.writeString(
                    files.hostFile("shop"),
                    "jails { httpd-forbidden { enabled = false } }\n",
                    StandardOpenOption.APPEND);
            assertThat(new DemoCommand().play(shop, blog, files, new Narrator(new PrintWriter(told), Ansi.OFF)))
                    .isEqualTo(ExitCode.NOT_SO);
        }
        assertThat(told.toString())
                .contains("NOT AS TOLD: 200 (expected: connection reset)", "Step 3 did not happen as told.")
                .doesNotContain("4. ", "Every step happened");
    }

    @Test
    void aSiteThatSawMoreThanItShouldEndsTheStory() throws Exception {
        StringWriter told = new StringWriter();
        try (SampleSite shop = SampleSite.start("shop");
                SampleSite blog = SampleSite.start("blog");
                DemoFiles files = DemoFiles.write(0, shop, blog);
                Portcullis proxy = Portcullis.start(
                        ConfigLoader.load(files.mainFile()).orElseThrow(), ConfigSource.file(files.mainFile()));
                Socket besideTheProxy = new Socket(InetAddress.getLoopbackAddress(), shop.port())) {
            besideTheProxy
                    .getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\nX-Real-IP: 127.0.0.2\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(besideTheProxy.getInputStream().read()).isPositive();
            DemoStory story = new DemoStory(proxy, shop, blog, new Narrator(new PrintWriter(told), Ansi.OFF));
            assertThat(story.tell()).isFalse();
        }
        assertThat(told.toString()).contains("NOT AS TOLD: 6 requests (expected: 5 requests)");
    }
}
