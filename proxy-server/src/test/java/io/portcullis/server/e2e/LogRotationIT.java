package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portcullis.server.e2e.kit.Loopback;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import io.portcullis.server.e2e.kit.RawClient;
import io.portcullis.server.e2e.kit.RecordingApplication;
import io.portcullis.server.e2e.kit.ToolRun;
import io.portcullis.server.e2e.kit.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log's files while the process writes them: rotated by others, by itself, and on a disk that is full. */
final class LogRotationIT {

    private static final Duration TOOL_LIMIT = Duration.ofSeconds(20);
    private static final Pattern TARGET = Pattern.compile("\"GET /(\\d+)");

    private Path directory;

    private final ExecutorService clients = Executors.newCachedThreadPool();
    private RecordingApplication application;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        this.directory = directory;
        application = RecordingApplication.start("app");
    }

    @AfterEach
    void stop() throws IOException {
        clients.shutdownNow();
        application.close();
    }

    private ProxyUnderTest proxy(String log) throws IOException {
        return ProxyUnderTest.in(directory)
                .main("log { " + log + " }")
                .host("a", "a.test", application, "")
                .start();
    }

    /** Asks for {@code /0}, {@code /1} and so on by several connections at once. */
    private List<Future<Integer>> load(ProxyUnderTest proxy, int connections, int each, String suffix) {
        List<Future<Integer>> running = new ArrayList<>();
        for (int connection = 0; connection < connections; connection++) {
            int first = connection * each;
            running.add(clients.submit(() -> {
                try (RawClient client = RawClient.connect(Loopback.newClient(), proxy.port())) {
                    for (int i = 0; i < each; i++) {
                        assertThat(client.get("a.test", "/" + (first + i) + suffix)
                                        .status())
                                .isEqualTo(200);
                    }
                }
                return each;
            }));
        }
        return running;
    }

    private static void await(List<Future<Integer>> running) throws Exception {
        for (Future<Integer> each : running) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    private static boolean isDone(List<Future<Integer>> running) {
        return running.stream().allMatch(Future::isDone);
    }

    /** The targets in all files of the log, whole lines only. */
    private List<Integer> logged(Path folder) throws IOException {
        List<Integer> targets = new ArrayList<>();
        for (Path file : files(folder)) {
            for (String line : Files.readAllLines(file)) {
                Matcher target = TARGET.matcher(line);
                assertThat(target.find()).as(file + ": " + line).isTrue();
                assertThat(line).endsWith("\"-\" \"-\"");
                targets.add(Integer.parseInt(target.group(1)));
            }
        }
        return targets;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("access.log"))
                    .toList();
        }
    }

    private void assertEachIsLoggedOnce(Path folder, int count) throws IOException {
        Awaitility.await("the last line").until(() -> logged(folder).size() >= count);
        assertThat(logged(folder)).doesNotHaveDuplicates().hasSize(count);
    }

    /** If it breaks: each night some requests are in no log, or in two. */
    @Test
    @Tag("long")
    void logrotateWithItsSignalLosesAndDoublesNothingUnderLoad() throws Exception {
        Path logrotate = Tools.find("logrotate");
        Path folder = Files.createDirectory(directory.resolve("logs"));
        try (ProxyUnderTest proxy = proxy("access = \"../logs/access.log\"")) {
            Path config = Files.writeString(directory.resolve("logrotate.conf"), """
                    %s/access.log {
                        rotate 1000
                        missingok
                        nocreate
                        postrotate
                            kill -USR1 %d
                        endscript
                    }
                    """.formatted(folder, proxy.pid()));
            List<Future<Integer>> running = load(proxy, 4, 1_500, "");
            int rotations = 0;
            do {
                ToolRun run = ToolRun.of(
                        TOOL_LIMIT,
                        List.of(
                                logrotate.toString(),
                                "-f",
                                "-s",
                                directory.resolve("state").toString(),
                                config.toString()));
                assertThat(run.exitCode()).as(run.output()).isZero();
                rotations++;
                // The signal has the new file made at once; logrotate has nothing to move before.
                Awaitility.await("the new file").until(() -> Files.exists(folder.resolve("access.log")));
            } while (!isDone(running));
            await(running);
            assertEachIsLoggedOnce(folder, 6_000);
            assertThat(files(folder)).hasSizeGreaterThan(2).hasSizeLessThanOrEqualTo(rotations + 1);
            assertThat(proxy.log()).noneMatch(line -> line.contains("WARN"));
        }
    }

    /** The file that the package installs, read by the program that will read it. */
    @Test
    void theReadyMadeFileIsOneThatLogrotateTakes() throws Exception {
        Path logrotate = Tools.find("logrotate");
        // The user is the package's to make.
        String ready = Files.readString(Path.of("../packaging/logrotate/portcullis"))
                .replace("su portcullis portcullis", "su nobody nogroup");
        Path config = Files.writeString(directory.resolve("portcullis"), ready);
        ToolRun run = ToolRun.of(
                TOOL_LIMIT,
                List.of(
                        logrotate.toString(),
                        "-d",
                        "-s",
                        directory.resolve("state").toString(),
                        config.toString()));
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output()).doesNotContain("error").contains("/var/log/portcullis/*.log");
    }

    @Test
    void aFileThatHasGrownToItsSizeIsMovedAsideUnderLoad() throws Exception {
        Path folder = directory.resolve("logs");
        try (ProxyUnderTest proxy = proxy("access = \"../logs/access.log\", rotate { size = 1MiB, keep = 100 }")) {
            await(load(proxy, 4, 400, "/" + "x".repeat(2_500)));
            assertEachIsLoggedOnce(folder, 1_600);
            assertThat(files(folder))
                    .hasSizeBetween(4, 10)
                    .allSatisfy(file -> assertThat(Files.size(file)).isLessThanOrEqualTo(1024 * 1024));
        }
    }

    /** If it breaks: a log that fills its disk takes the sites down, or stays silent ever after. */
    @Test
    void aFullDiskHarmsNoExchange_isTold_andWritingGoesOnOnceThereIsRoom() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(mounts(disk), "a file system of its own needs root");
        try (ProxyUnderTest proxy = proxy("access = \"../disk/access.log\"")) {
            Path ballast = disk.resolve("ballast");
            await(load(proxy, 1, 10, ""));
            Awaitility.await().until(() -> logged(disk).size() == 10);
            fill(ballast);
            await(load(proxy, 2, 200, "/" + "x".repeat(2_000)));
            Awaitility.await("it is told")
                    .until(() -> proxy.log().stream()
                            .anyMatch(
                                    line -> line.contains("cannot write") && line.contains("No space left on device")));
            Files.delete(ballast);
            Awaitility.await("it is told")
                    .until(() -> proxy.log().stream().anyMatch(line -> line.contains("is written again")));
            Awaitility.await("what waited for room").until(() -> logged(disk).size() >= 410);
            assertThat(logged(disk)).hasSize(410);
        } finally {
            ToolRun.of(TOOL_LIMIT, List.of("umount", disk.toString()));
        }
    }

    private static boolean mounts(Path disk) throws IOException {
        return ToolRun.of(
                                TOOL_LIMIT,
                                List.of("mount", "-t", "tmpfs", "-o", "size=2m,mode=0755", "tmpfs", disk.toString()))
                        .exitCode()
                == 0;
    }

    private static void fill(Path ballast) throws IOException {
        try (var out = Files.newOutputStream(ballast)) {
            byte[] block = new byte[4_096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }
}
