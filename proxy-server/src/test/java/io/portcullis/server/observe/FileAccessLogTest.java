package io.portcullis.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.portcullis.core.config.LogConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAccessLogTest {
    private final Path folder;
    private final TestClock clock = new TestClock();
    private final LogCapture told = new LogCapture(AccessLog.class.getName());

    FileAccessLogTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void close() {
        told.close();
    }

    /** Without its thread: the test drains. */
    private FileAccessLog logTo(Path path) {
        return new FileAccessLog(new CombinedFormat(ZoneOffset.UTC), new AccessLogFile(path, clock), clock);
    }

    private static AccessLog open(Path path, LogConfig.Format format) {
        return AccessLog.open(new LogConfig(Optional.of(path), format), InstantSource.system());
    }

    @Test
    void aRecordReachesTheFileWithoutAnybodyAskingForIt() {
        Path path = folder.resolve("logs/access.log");
        try (AccessLog log = open(path, LogConfig.Format.JSON)) {
            log.record(Records.get("/one").build());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> Files.exists(path) && Files.readString(path).contains("\"target\":\"/one\""));
        }
    }

    @Test
    void whatEventLoopsRecordedBeforeCloseIsInTheFileWholeAndOnce() throws IOException, InterruptedException {
        Path path = folder.resolve("access.log");
        AccessLog log = open(path, LogConfig.Format.COMBINED);
        List<Thread> eventLoops = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "/" + i + "/";
            Thread eventLoop = new Thread(() -> {
                for (int n = 0; n < 2_000; n++) {
                    log.record(Records.get(name + n).build());
                }
            });
            eventLoop.start();
            eventLoops.add(eventLoop);
        }
        for (Thread eventLoop : eventLoops) {
            eventLoop.join();
        }
        log.close();
        List<String> lines = Files.readAllLines(path);
        assertThat(lines).hasSize(8_000).doesNotHaveDuplicates().allMatch(line -> line.endsWith("\"-\" \"-\""));
    }

    @Test
    void closingTwiceAndRecordingAfterwardsHarmNobody() {
        AccessLog log = open(folder.resolve("access.log"), LogConfig.Format.COMBINED);
        log.close();
        log.record(Records.get("/late").build());
        log.close();
        assertThat(told.messages(Level.WARN)).isEmpty();
    }

    @Test
    void nothingIsWrittenWhereNothingIsAskedFor() {
        Path path = folder.resolve("access.log");
        try (AccessLog off = open(path, LogConfig.Format.OFF);
                AccessLog none = AccessLog.open(
                        new LogConfig(Optional.empty(), LogConfig.Format.COMBINED), InstantSource.system())) {
            off.record(Records.get("/").build());
            none.record(Records.get("/").build());
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void whatDoesNotFitIsDroppedCountedAndToldOnceInTenSeconds() throws IOException {
        Path path = folder.resolve("access.log");
        FileAccessLog log = logTo(path);
        for (int i = 0; i < FileAccessLog.CAPACITY + 3; i++) {
            log.record(Records.get("/").build());
        }
        assertThat(log.dropped()).isEqualTo(3);
        log.tellDropped();
        assertThat(told.messages(Level.WARN))
                .singleElement()
                .asString()
                .startsWith("3 access log records dropped since last told, 3 in all: the disk is slower");
        log.record(Records.get("/").build());
        log.tellDropped();
        assertThat(told.messages(Level.WARN)).hasSize(1);
        clock.advance(RareWarning.PERIOD_MILLIS);
        log.tellDropped();
        assertThat(told.messages(Level.WARN).get(1)).startsWith("1 access log records dropped since last told, 4 in");

        log.drain();
        log.record(Records.get("/room-again").build());
        log.drain();
        assertThat(Files.readAllLines(path))
                .hasSize(FileAccessLog.CAPACITY + 1)
                .last()
                .asString()
                .contains("/room-again");
    }

    @Test
    void aFloodOfLargestHeadsCannotFillTheHeapThroughTheLog() throws IOException {
        Path path = folder.resolve("access.log");
        FileAccessLog log = logTo(path);
        String target = "/".repeat(16 * 1024);
        for (int i = 0; i < 1_000; i++) {
            log.record(Records.get(target).build());
        }
        assertThat(log.dropped()).isBetween(488L, 490L);
        log.drain();
        for (int i = 0; i < 500; i++) {
            log.record(Records.get(target).build());
        }
        assertThat(log.dropped()).as("drained records make room").isBetween(488L, 490L);
        log.drain();
        assertThat(Files.readAllLines(path)).hasSize((int) (1_500 - log.dropped()));
    }

    @Test
    void aFullDiskLosesOnlyWhatNoLongerFits() throws IOException {
        Path path = Files.createSymbolicLink(folder.resolve("access.log"), Path.of("/dev/full"));
        FileAccessLog log = logTo(path);
        log.record(Records.get("/one").build());
        log.drain();
        log.record(Records.get("/two").build());
        log.drain();
        Files.delete(path);
        log.drain();
        assertThat(Files.readAllLines(path)).hasSize(2);
    }

    @Test
    void aLogThatCannotBeWrittenAtItsEndSaysSoAndDoesNotHoldTheShutdownUp() throws IOException {
        Path path = Files.createSymbolicLink(folder.resolve("access.log"), Path.of("/dev/full"));
        AccessLog log = open(path, LogConfig.Format.COMBINED);
        log.record(Records.get("/one").build());
        log.close();
        Files.delete(path);
        assertThat(told.messages(Level.WARN)).last().asString().startsWith("the access log ends with ");
    }

    @Test
    void aRecordThatCannotBeFormattedCostsItsOwnLineOnly() throws IOException {
        Path path = folder.resolve("access.log");
        CombinedFormat combined = new CombinedFormat(ZoneOffset.UTC);
        AccessLogFormat failing = (entry, out) -> {
            combined.append(entry, out);
            if ("/bad".equals(entry.target())) {
                throw new IllegalStateException("as if there were a bug");
            }
        };
        FileAccessLog log = new FileAccessLog(failing, new AccessLogFile(path, clock), clock);
        log.record(Records.get("/a").build());
        log.record(Records.get("/bad").build());
        log.record(Records.get("/bad").build());
        log.record(Records.get("/b").build());
        log.drain();
        assertThat(Files.readAllLines(path)).hasSize(2).noneMatch(line -> line.contains("/bad"));
        assertThat(log.dropped()).isEqualTo(2);
        assertThat(told.messages(Level.ERROR)).hasSize(1);
    }
}
