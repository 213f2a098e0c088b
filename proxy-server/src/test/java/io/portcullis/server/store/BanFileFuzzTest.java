package io.portcullis.server.store;

import static io.portcullis.server.store.Bans.SECRETS;
import static io.portcullis.server.store.Bans.ban;
import static io.portcullis.server.store.Bans.client;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.portcullis.core.ban.Ban;
import io.portcullis.server.FuzzSeeds;
import io.portcullis.server.observe.LogCapture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any octets in the store's file. If it breaks: a process does not start after a power cut, or bans nobody any more.
 *
 * <p>A file that is damaged names addresses that nobody banned, where the damage is in an address; that cannot be told.
 */
class BanFileFuzzTest {

    private static final long HOUR = 3_600_000;

    /** @param octets the file */
    public static void fuzzerTestOneInput(byte[] octets) {
        try (LogCapture told = new LogCapture(FileBanStore.LOG_NAME)) {
            Path folder = Files.createTempDirectory("fuzz");
            try {
                Path file = folder.resolve("bans.mv");
                Files.write(file, octets);
                startsAndWorks(file);
                assertThat(told.messages(Level.ERROR)).isEmpty();
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void startsAndWorks(Path file) {
        TestClock clock = new TestClock();
        Ban more = ban(client(1 << 20), SECRETS, clock.millis(), HOUR);
        try (StoreUnderTest store = StoreUnderTest.open(file, clock)) {
            for (Ban known : store.known) {
                assertThat(known.toString()).isNotEmpty();
                store.grounds(known);
            }
            store.ban(more);
            store.round();
            assertThat(store.grounds(more)).isEqualTo(more.grounds());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @TestFactory
    List<DynamicTest> seeds() throws IOException {
        return FuzzSeeds.replay(BanFileFuzzTest.class, BanFileFuzzTest::fuzzerTestOneInput);
    }

    /** MVStore found nothing whole in this file once it had been added to: a restart forgot every ban. */
    @Test
    void whatIsBannedAfterDamageOutlivesARestart(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("bans.mv");
        Files.copy(Path.of("src/test/fuzz/BanFileFuzzTest/damaged-twice"), file);
        startsAndWorks(file);
        try (StoreUnderTest store = StoreUnderTest.open(file, new TestClock())) {
            assertThat(store.known).as("three of before, and one more").hasSize(4);
        }
    }
}
