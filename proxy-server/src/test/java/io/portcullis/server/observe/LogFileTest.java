package io.portcullis.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.portcullis.core.config.LogConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    private static final LogConfig.Rotation NEVER = new LogConfig.Rotation(0, 5);
    /** Smaller than the configuration allows: two lines of {@link #LINE} fit. */
    private static final LogConfig.Rotation SMALL = new LogConfig.Rotation(10, 3);

    private static final String LINE = "1234";

    private final Path folder;
    private final TestClock clock = new TestClock();
    private final LineBuffer lines = new LineBuffer(64);
    private final LogCapture told = new LogCapture(Logs.class.getName());

    LogFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void close() {
        told.close();
    }

    private boolean write(LogFile file, String line) {
        return file.write(lines.ascii(line).ascii('\n'));
    }

    @Test
    void foldersAreMadeAndOthersCannotReadTheFile() throws IOException {
        Path path = folder.resolve("a/b/access.log");
        LogFile file = new LogFile(path, NEVER, clock);
        assertThat(write(file, "one")).isTrue();
        file.close();
        assertThat(path).hasContent("one\n");
        assertThat(Files.getPosixFilePermissions(path))
                .contains(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
                .doesNotContain(
                        PosixFilePermission.OTHERS_READ,
                        PosixFilePermission.OTHERS_WRITE,
                        PosixFilePermission.GROUP_WRITE,
                        PosixFilePermission.OWNER_EXECUTE);
    }

    @Test
    void aFolderBehindASymbolicLinkIsAFolder() throws IOException {
        Files.createDirectory(folder.resolve("disk"));
        Files.createSymbolicLink(folder.resolve("logs"), folder.resolve("disk"));
        LogFile file = new LogFile(folder.resolve("logs/access.log"), NEVER, clock);
        assertThat(write(file, "one")).isTrue();
        file.close();
        assertThat(folder.resolve("disk/access.log")).hasContent("one\n");
    }

    @Test
    void whatWasLoggedBeforeARestartStays() throws IOException {
        Path path = folder.resolve("access.log");
        Files.writeString(path, "before\n");
        LogFile file = new LogFile(path, NEVER, clock);
        write(file, "after");
        file.close();
        assertThat(path).hasContent("before\nafter\n");
    }

    @Test
    void aFileThatLogrotateMovedAwayIsFollowedByANewOne() throws IOException {
        Path path = folder.resolve("access.log");
        LogFile file = new LogFile(path, NEVER, clock);
        write(file, "one");
        Files.move(path, folder.resolve("access.log.1"));
        clock.advance(LogFile.MOVED_CHECK_MILLIS);
        write(file, "two");
        Files.move(path, folder.resolve("access.log.2"));
        Files.createFile(path);
        clock.advance(LogFile.MOVED_CHECK_MILLIS);
        write(file, "three");
        file.close();
        assertThat(folder.resolve("access.log.1")).hasContent("one\n");
        assertThat(folder.resolve("access.log.2")).hasContent("two\n");
        assertThat(path).hasContent("three\n");
    }

    @Test
    void aFullDiskIsToldOnceInTenSecondsAndWritingGoesOnOnceThereIsRoom() throws IOException {
        Path path = Files.createSymbolicLink(folder.resolve("access.log"), Path.of("/dev/full"));
        LogFile file = new LogFile(path, NEVER, clock);
        assertThat(write(file, "one")).isFalse();
        assertThat(file.isResting()).isTrue();
        clock.advance(LogFile.RETRY_MILLIS);
        assertThat(file.isResting()).isFalse();
        assertThat(file.write(lines)).isFalse();
        assertThat(told.messages(Level.WARN))
                .singleElement()
                .asString()
                .contains(path.toString(), "exchanges go on", "No space left on device");

        clock.advance(RareWarning.PERIOD_MILLIS);
        assertThat(file.write(lines)).isFalse();
        assertThat(told.messages(Level.WARN)).hasSize(2);

        Files.delete(path);
        clock.advance(LogFile.RETRY_MILLIS);
        assertThat(file.write(lines)).isTrue();
        file.close();
        assertThat(path).hasContent("one\n");
        assertThat(told.messages(Level.INFO)).containsExactly(path + " is written again");
    }

    @Test
    void aPathThatCannotBeAFileIsAWarningNotAnException() throws IOException {
        Files.createFile(folder.resolve("file"));
        LogFile file = new LogFile(folder.resolve("file/access.log"), NEVER, clock);
        assertThat(write(file, "one")).isFalse();
        assertThat(told.messages(Level.WARN)).hasSize(1);
    }

    @Test
    void aWaiterFindsTheFileBeforeTheFirstLine() {
        Path path = folder.resolve("access.log");
        LogFile file = new LogFile(path, NEVER, clock);
        file.open(lines);
        assertThat(path).isEmptyFile();
        file.close();
    }

    @Test
    void reopeningClosesTheMovedFileAndMakesTheNewOneAtOnce() throws IOException {
        Path path = folder.resolve("access.log");
        LogFile file = new LogFile(path, NEVER, clock);
        write(file, "one");
        Files.move(path, folder.resolve("moved"));
        file.reopen(lines);
        assertThat(path).isEmptyFile();
        write(file, "two");
        file.close();
        assertThat(folder.resolve("moved")).hasContent("one\n");
        assertThat(path).hasContent("two\n");
    }

    @Test
    void aLineTornByACrashIsNotTakenForTheBeginningOfTheNext() throws IOException {
        Path path = Files.writeString(folder.resolve("access.log"), "one\ntor");
        Files.setLastModifiedTime(path, FileTime.fromMillis(clock.millis() - 1_000));
        LogFile file = new LogFile(path, NEVER, clock);
        write(file, "two");
        file.close();
        assertThat(path).hasContent("one\ntor\ntwo\n");
    }

    @Test
    void whatAnotherProcessIsInTheMiddleOfWritingIsLeftAlone() throws IOException {
        Path path = Files.writeString(folder.resolve("access.log"), "one\ntor");
        Files.setLastModifiedTime(path, FileTime.fromMillis(clock.millis()));
        LogFile file = new LogFile(path, NEVER, clock);
        file.open(lines);
        file.close();
        assertThat(path).hasContent("one\ntor");
    }

    @Test
    void aFileThatIsFullIsMovedAsideAndTheOldestGoes() throws IOException {
        Path path = folder.resolve("access.log");
        LogFile file = new LogFile(path, SMALL, clock);
        for (int i = 0; i < 10; i++) {
            write(file, LINE.substring(1) + i);
        }
        file.close();
        assertThat(path).hasContent("2348\n2349\n");
        assertThat(numbered(1)).hasContent("2346\n2347\n");
        assertThat(numbered(2)).hasContent("2344\n2345\n");
        assertThat(numbered(3)).hasContent("2342\n2343\n");
        assertThat(numbered(4)).doesNotExist();
        assertThat(told.warnings()).isEmpty();
    }

    private Path numbered(int number) {
        return folder.resolve("access.log." + number);
    }

    @Test
    void aRotationThatWasCutShortLosesNothingInTheNext() throws IOException {
        Path path = Files.writeString(folder.resolve("access.log"), "current 10\n");
        Files.writeString(numbered(2), "was 1\n");
        Files.writeString(numbered(3), "was 2\n");
        LogFile file = new LogFile(path, SMALL, clock);
        write(file, LINE);
        file.close();
        assertThat(numbered(1)).hasContent("current 10\n");
        assertThat(numbered(2)).hasContent("was 1\n");
        assertThat(numbered(3)).hasContent("was 2\n");
        assertThat(path).hasContent("1234\n");
    }

    @Test
    void whatBelongsToSomebodyElseIsNotRenamed_toldOnce_andTheFileGrowsOn() throws IOException {
        Path path = folder.resolve("access.log");
        Files.createDirectory(numbered(2));
        Files.writeString(numbered(1), "old\n");
        LogFile file = new LogFile(path, SMALL, clock);
        for (int i = 0; i < 5; i++) {
            assertThat(write(file, LINE)).isTrue();
            clock.advance(LogFile.ROTATION_RETRY_MILLIS);
        }
        assertThat(path).hasContent((LINE + "\n").repeat(5));
        assertThat(numbered(1)).hasContent("old\n");
        assertThat(told.warnings())
                .singleElement()
                .asString()
                .contains("cannot rotate " + path, numbered(2) + " is no ordinary file");

        Files.delete(numbered(2));
        write(file, "last");
        file.close();
        assertThat(path).hasContent("last\n");
        assertThat(numbered(1)).hasContent((LINE + "\n").repeat(5));
        assertThat(numbered(2)).hasContent("old\n");
    }

    @Test
    void aFailingRotationIsNotTriedWithEachLine() throws IOException {
        Path path = folder.resolve("access.log");
        Files.createDirectory(numbered(1));
        LogFile file = new LogFile(path, SMALL, clock);
        write(file, LINE);
        write(file, LINE);
        write(file, LINE);
        Files.delete(numbered(1));
        write(file, LINE);
        assertThat(numbered(1)).doesNotExist();
        clock.advance(LogFile.ROTATION_RETRY_MILLIS);
        write(file, LINE);
        file.close();
        assertThat(numbered(1)).hasContent((LINE + "\n").repeat(4));
    }

    @Test
    void aSymbolicLinkIsWrittenThroughAndNeverRenamed() throws IOException {
        Path real = folder.resolve("real");
        Path path = Files.createSymbolicLink(folder.resolve("access.log"), real);
        LogFile file = new LogFile(path, SMALL, clock);
        write(file, LINE);
        write(file, LINE);
        write(file, LINE);
        file.close();
        assertThat(real).hasContent((LINE + "\n").repeat(3));
        assertThat(told.warnings()).singleElement().asString().contains("is no ordinary file");
    }

    /** As while one process takes over from another. */
    @Test
    void ofTwoWhoWriteTheSameFileOneRotatesAndTheOtherFollows() throws IOException {
        Path path = folder.resolve("access.log");
        LogFile old = new LogFile(path, SMALL, clock);
        LogFile successor = new LogFile(path, SMALL, clock);
        write(old, "old1");
        write(old, "old2");
        write(successor, "new1");
        write(old, "old3");
        old.close();
        successor.close();
        assertThat(path).hasContent("new1\nold3\n");
        assertThat(numbered(1)).hasContent("old1\nold2\n");
        assertThat(numbered(2)).as("a second rotation").doesNotExist();
        assertThat(told.warnings()).isEmpty();
    }

    @Test
    void noLineIsSplitBetweenTwoFilesByARotation() throws IOException {
        Path path = Files.createSymbolicLink(folder.resolve("access.log"), Path.of("/dev/full"));
        LogFile file = new LogFile(path, SMALL, clock);
        write(file, "a line longer than a file may be");
        Files.delete(path);
        clock.advance(LogFile.RETRY_MILLIS);
        assertThat(file.write(lines)).isTrue();
        file.close();
        assertThat(path).hasContent("a line longer than a file may be\n");
    }
}
