package io.portcullis.server.store;

import static io.portcullis.server.store.Bans.SECRETS;
import static io.portcullis.server.store.Bans.ban;
import static io.portcullis.server.store.Bans.client;
import static io.portcullis.server.store.Bans.untold;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import io.portcullis.core.ban.Ban;
import io.portcullis.server.observe.LogCapture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with the file: the process starts and decides, the operator is told once, and it heals by itself. */
class StoreFaultsTest {
    private static final long HOUR = 3_600_000;

    private final TestClock clock = new TestClock();
    private final FaultyDisk disk = new FaultyDisk();
    private final Path folder;
    private final Path file;
    private final LogCapture told = new LogCapture(FileBanStore.LOG_NAME);

    StoreFaultsTest(@TempDir Path folder) {
        this.folder = folder;
        file = folder.resolve("bans.mv");
    }

    @AfterEach
    void close() {
        told.close();
    }

    private StoreUnderTest open() {
        return new StoreUnderTest(file, clock, 1_000_000, disk::of);
    }

    private List<Ban> afterRestart() {
        try (StoreUnderTest store = open()) {
            return store.known;
        }
    }

    private Ban newBan(int client) {
        return ban(client(client), SECRETS, clock.millis(), HOUR);
    }

    private void write(int bans) {
        try (StoreUnderTest store = open()) {
            for (int i = 0; i < bans; i++) {
                store.ban(newBan(i));
                if (i % 100 == 0) {
                    store.round();
                }
            }
        }
    }

    private List<Path> setAside(String kind) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.getFileName().toString().startsWith("bans.mv." + kind + "-"))
                    .toList();
        }
    }

    @Test
    void onAFullDiskBansGoOnInMemoryAndAreWrittenOnceThereIsRoom() {
        Ban before = newBan(1);
        Ban lifted = newBan(2);
        Ban during = newBan(3);
        try (StoreUnderTest store = open()) {
            store.ban(before);
            store.ban(lifted);
            store.round();
            disk.full = true;
            store.ban(during);
            store.unban(lifted);
            store.round();
            assertThat(told.warnings())
                    .singleElement()
                    .asString()
                    .contains(file.toString(), "No space left on device", "Bans go on from memory", "5 s");
            assertThat(store.grounds(during)).as("why, before it is written").isEqualTo(during.grounds());
            for (int i = 0; i < 3; i++) {
                clock.advance(FileBanStore.RETRY_MILLIS);
                store.round();
            }
            assertThat(told.warnings()).as("told once").hasSize(1);

            disk.full = false;
            store.round();
            assertThat(told.messages(Level.INFO))
                    .as("not tried all the time")
                    .noneMatch(line -> line.contains("again"));
            clock.advance(FileBanStore.RETRY_MILLIS);
            store.round();
            assertThat(told.messages(Level.INFO)).last().asString().contains("is written again");
            assertThat(store.grounds(before)).isEqualTo(before.grounds());
            store.kill();
        }
        assertThat(afterRestart()).containsExactlyInAnyOrder(untold(before), untold(during));
    }

    @Test
    void aDiskThatIsFullFromTheStartIsNoReasonNotToStart() throws IOException {
        disk.full = true;
        Ban ban = newBan(1);
        try (StoreUnderTest store = open()) {
            store.ban(ban);
            store.round();
            disk.full = false;
            clock.advance(FileBanStore.RETRY_MILLIS);
            store.round();
        }
        assertThat(afterRestart()).containsExactly(untold(ban));
        assertThat(setAside("corrupt"))
                .as("half a header is not a damaged store")
                .isEmpty();
    }

    @Test
    void aReadOnlyFileIsReadAndBansGoOnFromMemory() {
        Ban kept = newBan(1);
        Ban later = newBan(2);
        try (StoreUnderTest store = open()) {
            store.ban(kept);
        }
        disk.readOnly = true;
        try (StoreUnderTest store = open()) {
            assertThat(store.known).as("what it holds is in force").containsExactly(untold(kept));
            assertThat(told.warnings()).singleElement().asString().contains("read-only", "make it writable");
            store.ban(later);
            store.round();
            disk.readOnly = false;
            clock.advance(FileBanStore.RETRY_MILLIS);
            store.round();
            assertThat(store.known).as("and is not told twice").hasSize(1);
        }
        assertThat(afterRestart()).containsExactlyInAnyOrder(untold(kept), untold(later));
    }

    @Test
    void aFolderThatCannotBeMadeIsAWarningUntilItCan() throws IOException {
        Path inTheWay = Files.createFile(folder.resolve("data"));
        Path inside = inTheWay.resolve("bans.mv");
        Ban ban = newBan(1);
        try (StoreUnderTest store = StoreUnderTest.open(inside, clock)) {
            store.ban(ban);
            store.round();
            assertThat(told.warnings())
                    .singleElement()
                    .asString()
                    .contains(inside.toString(), "Bans go on from memory");
            Files.delete(inTheWay);
            clock.advance(FileBanStore.RETRY_MILLIS);
            store.round();
        }
        try (StoreUnderTest store = StoreUnderTest.open(inside, clock)) {
            assertThat(store.known).containsExactly(untold(ban));
        }
    }

    @Test
    void twoProcessesDoNotShareAFileAndTheSecondTakesOverWhenTheFirstIsGone() {
        Ban ofFirst = newBan(1);
        Ban ofSecond = newBan(2);
        StoreUnderTest first = open();
        first.ban(ofFirst);
        try (StoreUnderTest second = open()) {
            assertThat(told.warnings())
                    .singleElement()
                    .asString()
                    .contains(file + " is in use by another process", "store.path");
            second.ban(ofSecond);
            second.round();
            first.close();
            clock.advance(FileBanStore.RETRY_MILLIS);
            second.round();
            assertThat(second.known).as("what the first one left").contains(untold(ofFirst));
        }
        assertThat(afterRestart()).containsExactlyInAnyOrder(untold(ofFirst), untold(ofSecond));
    }

    @Test
    void somethingElseInTheFilesPlaceIsSetAsideNotOverwritten() throws IOException {
        Files.writeString(file, "no store at all, ".repeat(1_000));
        Ban ban = newBan(1);
        try (StoreUnderTest store = open()) {
            store.ban(ban);
        }
        assertThat(told.warnings())
                .singleElement()
                .asString()
                .contains("is damaged", "set aside as " + file + ".corrupt-");
        assertThat(setAside("corrupt"))
                .singleElement()
                .satisfies(aside -> assertThat(aside).content().startsWith("no store at all"));
        assertThat(afterRestart()).containsExactly(untold(ban));
    }

    @Test
    void onlyAFewDamagedFilesAreKept() throws IOException {
        for (int i = 0; i < BanFolder.MAX_SET_ASIDE + 2; i++) {
            Files.writeString(file, i + "x".repeat(20_000));
            afterRestart();
            clock.advance(1_000);
        }
        assertThat(setAside("corrupt"))
                .hasSize(BanFolder.MAX_SET_ASIDE)
                .as("the newest")
                .anySatisfy(aside -> assertThat(aside).content().startsWith("4x"));
    }

    @Test
    void aFileOfALaterVersionIsSetAsideWhole() throws IOException {
        write(10);
        try (MVStore store = MVStore.open(file.toString())) {
            store.setStoreVersion(BanFile.FORMAT + 1);
        }
        long size = Files.size(file);
        assertThat(afterRestart()).isEmpty();
        assertThat(told.warnings()).singleElement().asString().contains("later version", "move it back");
        assertThat(setAside("newer"))
                .singleElement()
                .satisfies(aside -> assertThat(Files.size(aside)).isEqualTo(size));
    }

    @Test
    void aFileCutOffAnywhereStartsAndWorksOn() throws IOException {
        write(2_000);
        byte[] whole = Files.readAllBytes(file);
        for (int part = 0; part < 16; part++) {
            int length = (int) ((long) whole.length * part / 16) + part;
            Files.write(file, Arrays.copyOf(whole, length));
            startsAndWorks("cut at " + length + " of " + whole.length);
        }
    }

    @Test
    void damageAnywhereInTheFileStartsAndWorksOn() throws IOException {
        write(2_000);
        byte[] whole = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(7);
        int read = 0;
        int tries = 60;
        for (int i = 0; i < tries; i++) {
            byte[] damaged = whole.clone();
            int length = i % 2 == 0 ? 4_096 : 1;
            int at = random.nextInt(damaged.length - length);
            for (int b = at; b < at + length; b++) {
                damaged[b] = length == 1 ? (byte) (damaged[b] ^ 1 << random.nextInt(8)) : 0;
            }
            Files.write(file, damaged);
            read += startsAndWorks("damage of " + length + " at " + at);
        }
        assertThat(read / tries).as("bans read in the middle").isGreaterThan(1_000);
    }

    /** Returns how many of the bans were read. */
    private int startsAndWorks(String how) {
        Ban more = newBan(1 << 20);
        int read;
        try (StoreUnderTest store = open()) {
            read = store.known.size();
            assertThat(store.known).as("%s: nobody is banned who was not", how).allSatisfy(known -> {
                assertThat(known.client().network().ipv4Bits()).isBetween(0, 1_999);
                assertThat(known.sentence()).isEqualTo(SECRETS);
                assertThat(known.until()).isEqualTo(known.since() + HOUR);
            });
            store.ban(more);
            store.round();
            assertThat(store.grounds(more)).as(how).isEqualTo(more.grounds());
        }
        List<Ban> again = afterRestart();
        assertThat(again.contains(untold(more))).as(how).isTrue();
        assertThat(again.size())
                .as("%s, after another restart; told: %s", how, told.warnings())
                .isGreaterThan(read);
        clock.advance(1_000);
        return read;
    }

    @Test
    void damageThatShowsWhileTheProcessRunsIsMendedFromWhatIsInForce() throws IOException {
        int bans = 20_000;
        write(bans);
        try (StoreUnderTest store = open();
                FileChannel raw = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(store.known).hasSize(bans);
            long size = Files.size(file);
            for (long at = 8_192; at < size; at += 4_096) {
                raw.write(ByteBuffer.allocate(4_096), at);
            }
            for (Ban ban : List.copyOf(store.engine.subList(0, 500))) {
                store.unban(ban);
            }
            for (int i = 0; i < 3; i++) {
                clock.advance(FileBanStore.PURGE_PAUSE_MILLIS);
                store.grounds(store.engine.get(i));
                store.round();
            }
            assertThat(told.warnings()).anyMatch(line -> line.contains("is damaged") && line.contains("set aside"));
        }
        assertThat(afterRestart()).hasSize(bans - 500);
    }

    @Test
    void aRealFullDiskCostsNoBan() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount.toString()), "may not mount");
        try {
            Path onMount = mount.resolve("bans.mv");
            Path ballast = mount.resolve("ballast");
            try (StoreUnderTest store = StoreUnderTest.open(onMount, clock)) {
                store.ban(newBan(0));
                store.round();
                Files.write(ballast, new byte[900 * 1024]);
                for (int i = 1; i <= 2_000; i++) {
                    store.ban(newBan(i));
                }
                store.round();
                assertThat(told.warnings()).singleElement().asString().contains("No space left on device");
                Files.delete(ballast);
                clock.advance(FileBanStore.RETRY_MILLIS);
                store.round();
                assertThat(told.messages(Level.INFO)).last().asString().contains("is written again");
            }
            try (StoreUnderTest store = StoreUnderTest.open(onMount, clock)) {
                assertThat(store.known).hasSize(2_001);
                Ban last = Objects.requireNonNull(store.known.get(2_000));
                assertThat(store.grounds(last)).isEqualTo(Bans.grounds(last.client()));
            }
        } finally {
            run("umount", mount.toString());
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
