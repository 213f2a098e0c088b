package io.portcullis.server.observe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.LogConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineLogTest {
    private static final LogConfig.Rotation NEVER = new LogConfig.Rotation(0, 5);

    private final Path folder;
    private final TestClock clock = new TestClock();
    private final LogCapture told = new LogCapture(Logs.class.getName());

    LineLogTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void close() {
        told.close();
    }

    /** Without its thread: the test has the rounds made. */
    private LineLog<AccessRecord> logTo(Path path) {
        return logTo(new CombinedFormat(Records.UTC), path);
    }

    private LineLog<AccessRecord> logTo(LineFormat<AccessRecord> format, Path path) {
        LineLog<AccessRecord> log = new LineLog<>("access log", clock);
        log.set(new LineLog.Target<>(format, new LogFile(path, NEVER, clock)));
        return log;
    }

    private static LogConfig config(Path path, LogConfig.Format format) {
        return new LogConfig(
                Optional.of(new LogConfig.InFile(path)), format, Optional.empty(), LogConfig.BansFormat.TEXT, NEVER);
    }

    private static Logs open(Path path, LogConfig.Format format) {
        return Logs.open(config(path, format), InstantSource.system());
    }

    @Test
    void aRecordReachesTheFileWithoutAnybodyAskingForIt() {
        Path path = folder.resolve("logs/access.log");
        try (Logs logs = open(path, LogConfig.Format.JSON)) {
            logs.access().record(Records.get("/one").build());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> Files.exists(path) && Files.readString(path).contains("\"target\":\"/one\""));
        }
    }

    @Test
    void whatEventLoopsRecordedBeforeCloseIsInTheFileWholeAndOnce() throws IOException, InterruptedException {
        Path path = folder.resolve("access.log");
        Logs log = open(path, LogConfig.Format.COMBINED);
        List<Thread> eventLoops = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "/" + i + "/";
            Thread eventLoop = new Thread(() -> {
                for (int n = 0; n < 2_000; n++) {
                    log.access().record(Records.get(name + n).build());
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
        Logs log = open(folder.resolve("access.log"), LogConfig.Format.COMBINED);
        log.close();
        log.access().record(Records.get("/late").build());
        log.close();
        assertThat(told.messages(Level.WARN)).isEmpty();
    }

    @Test
    void nothingIsWrittenWhereNothingIsAskedFor() {
        Path path = folder.resolve("access.log");
        try (Logs off = open(path, LogConfig.Format.OFF);
                Logs none = Logs.open(Defaults.log(), InstantSource.system())) {
            assertThat(off.access().isOn()).isFalse();
            assertThat(none.access().isOn()).isFalse();
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void whatDoesNotFitIsDroppedCountedAndToldOnceInTenSeconds() throws IOException {
        TestOutlet outlet = new TestOutlet();
        LineLog<AccessRecord> log = new LineLog<>("access log", clock);
        log.set(new LineLog.Target<>(new CombinedFormat(Records.UTC), outlet));
        outlet.fails = true;
        for (int i = 0; i < LineLog.CAPACITY + 3; i++) {
            log.record(Records.get("/").build());
        }
        assertThat(log.dropped()).isEqualTo(3);
        log.round(false);
        assertThat(told.warnings())
                .singleElement()
                .asString()
                .startsWith("3 records of the access log dropped since last told, 3 in all: the test is slow");
        log.record(Records.get("/").build());
        log.round(false);
        assertThat(told.warnings()).hasSize(1);
        clock.advance(RareWarning.PERIOD_MILLIS);
        log.round(false);
        assertThat(told.warnings().get(1)).startsWith("1 records of the access log dropped since last told, 4 in");

        outlet.fails = false;
        log.round(false);
        log.record(Records.get("/room-again").build());
        log.round(false);
        assertThat(outlet.written)
                .hasSize(LineLog.CAPACITY + 1)
                .last()
                .asString()
                .contains("/room-again");
    }

    @Test
    void aFloodOfLargestHeadsCannotFillTheHeapThroughTheLog() throws IOException {
        Path path = folder.resolve("access.log");
        LineLog<AccessRecord> log = logTo(path);
        String target = "/".repeat(16 * 1024);
        for (int i = 0; i < 1_000; i++) {
            log.record(Records.get(target).build());
        }
        assertThat(log.dropped()).isBetween(488L, 490L);
        log.round(true);
        for (int i = 0; i < 500; i++) {
            log.record(Records.get(target).build());
        }
        assertThat(log.dropped()).as("drained records make room").isBetween(488L, 490L);
        log.round(true);
        assertThat(Files.readAllLines(path)).hasSize((int) (1_500 - log.dropped()));
    }

    @Test
    void aFullDiskLosesOnlyWhatNoLongerFits() throws IOException {
        Path path = Files.createSymbolicLink(folder.resolve("access.log"), Path.of("/dev/full"));
        LineLog<AccessRecord> log = logTo(path);
        log.record(Records.get("/one").build());
        log.round(true);
        log.record(Records.get("/two").build());
        log.round(true);
        Files.delete(path);
        log.round(true);
        assertThat(Files.readAllLines(path)).hasSize(2);
    }

    @Test
    void aLogThatCannotBeWrittenAtItsEndSaysSoAndDoesNotHoldTheShutdownUp() throws IOException {
        Path path = Files.createSymbolicLink(folder.resolve("access.log"), Path.of("/dev/full"));
        Logs log = open(path, LogConfig.Format.COMBINED);
        log.access().record(Records.get("/one").build());
        log.close();
        Files.delete(path);
        assertThat(told.messages(Level.WARN)).last().asString().startsWith("the access log ends with ");
    }

    @Test
    void aRecordThatCannotBeFormattedCostsItsOwnLineOnly() throws IOException {
        Path path = folder.resolve("access.log");
        CombinedFormat combined = new CombinedFormat(Records.UTC);
        LineFormat<AccessRecord> failing = (entry, out) -> {
            combined.append(entry, out);
            if ("/bad".equals(entry.target())) {
                throw new IllegalStateException("as if there were a bug");
            }
        };
        LineLog<AccessRecord> log = logTo(failing, path);
        log.record(Records.get("/a").build());
        log.record(Records.get("/bad").build());
        log.record(Records.get("/bad").build());
        log.record(Records.get("/b").build());
        log.round(true);
        assertThat(Files.readAllLines(path)).hasSize(2).noneMatch(line -> line.contains("/bad"));
        assertThat(log.dropped()).isEqualTo(2);
        assertThat(told.messages(Level.ERROR)).hasSize(1);
    }

    /** If it breaks: who renames the log in the configuration misses what happened while he did. */
    @Test
    void noRecordIsLostOrDoubledWhileFileAndFormatChangeAndTheLogIsSwitchedOffAndOn() throws Exception {
        List<Path> paths = List.of(folder.resolve("a.log"), folder.resolve("b.log"), folder.resolve("c.log"));
        Logs logs = open(paths.get(0), LogConfig.Format.COMBINED);
        AccessLog log = logs.access();
        AtomicInteger recorded = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        Thread eventLoop = new Thread(() -> {
            while (!stop.get()) {
                if (log.isOn()) {
                    log.record(
                            Records.get("/" + recorded.incrementAndGet() + ".").build());
                }
                LockSupport.parkNanos(20_000);
            }
        });
        eventLoop.start();
        for (int change = 1; change <= 30; change++) {
            int before = recorded.get();
            LogConfig.Format format = change % 5 == 0
                    ? LogConfig.Format.OFF
                    : change % 2 == 0 ? LogConfig.Format.JSON : LogConfig.Format.COMBINED;
            logs.configure(config(paths.get(change % paths.size()), format));
            Awaitility.await("records under the new configuration")
                    .until(() -> !log.isOn() || recorded.get() > before + 20);
        }
        stop.set(true);
        eventLoop.join();
        logs.configure(config(paths.get(0), LogConfig.Format.COMBINED));
        logs.close();
        List<String> targets = new ArrayList<>();
        for (Path path : paths) {
            for (String line : Files.readAllLines(path)) {
                Matcher target = Pattern.compile("/(\\d+)\\.").matcher(line);
                assertThat(target.find()).as(line).isTrue();
                targets.add(target.group(1));
            }
        }
        assertThat(targets).doesNotHaveDuplicates().hasSize(recorded.get());
        assertThat(told.warnings()).isEmpty();
    }

    /** If it breaks: a full disk that the operator answers with another path costs what he wanted to see. */
    @Test
    void whatAFailingPlaceDidNotTakeIsWrittenToTheNext_fromTheStartOfTheLine() {
        LineLog<AccessRecord> log = new LineLog<>("access log", clock);
        TestOutlet full = new TestOutlet();
        TestOutlet other = new TestOutlet();
        log.set(new LineLog.Target<>(new CombinedFormat(Records.UTC), full));
        full.fails = true;
        log.record(Records.get("/one").build());
        log.round(true);
        log.set(new LineLog.Target<>(new CombinedFormat(Records.UTC), other));
        log.round(true);
        assertThat(full.written).isEmpty();
        assertThat(other.written).singleElement().asString().contains("/one");
    }

    @Test
    void aSignalToReopenReachesTheOutletOnce_evenWithNothingToWrite() {
        LineLog<AccessRecord> log = new LineLog<>("access log", clock);
        TestOutlet outlet = new TestOutlet();
        log.set(new LineLog.Target<>(new CombinedFormat(Records.UTC), outlet));
        log.reopen();
        log.round(false);
        log.round(false);
        assertThat(outlet.reopened).isEqualTo(1);
    }

    /** If it breaks: a container whose output nobody reads cannot be stopped. */
    @Test
    void aPlaceThatNeverAnswersHoldsNeitherRecordersNorTheEndForLong() throws Exception {
        LineLog<AccessRecord> log = new LineLog<>("access log", InstantSource.system());
        CountDownLatch never = new CountDownLatch(1);
        TestOutlet stuck = new TestOutlet();
        stuck.holdUntil = never;
        log.use(new LineLog.Target<>(new CombinedFormat(Records.UTC), stuck));
        for (int i = 0; i < LineLog.CAPACITY * 2; i++) {
            log.record(Records.get("/" + i).build());
        }
        long start = System.nanoTime();
        log.end();
        log.awaitEnd();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(LineLog.CLOSE_MILLIS * 2));
        assertThat(told.warnings()).last().asString().contains("ends with nobody taking its lines");
        never.countDown();
        Awaitility.await("the writer's end")
                .until(() -> told.warnings().stream().anyMatch(warning -> warning.contains("dropped")));
    }

    /** Takes lines, or does not, as the test has it. */
    private static final class TestOutlet implements LineOutlet {
        private final List<String> written = new ArrayList<>();
        private volatile @Nullable CountDownLatch holdUntil;
        private boolean fails;
        private int reopened;

        @Override
        public boolean isResting() {
            return fails;
        }

        @Override
        public void open(LineBuffer lines) {}

        @Override
        public boolean write(LineBuffer lines) {
            CountDownLatch hold = holdUntil;
            if (hold != null) {
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            if (fails) {
                return false;
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                lines.writeTo(Channels.newChannel(bytes), Integer.MAX_VALUE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            written.addAll(bytes.toString(US_ASCII).lines().toList());
            return true;
        }

        @Override
        public void reopen(LineBuffer lines) {
            reopened++;
        }

        @Override
        public void close() {}

        @Override
        public String slowness() {
            return "the test is slow";
        }
    }
}
