package io.portcullis.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogFileTest {
    private final Path folder;
    private final TestClock clock = new TestClock();
    private final LineBuffer lines = new LineBuffer(64);
    private final LogCapture told = new LogCapture(AccessLog.class.getName());

    AccessLogFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void close() {
        told.close();
    }

    private boolean write(AccessLogFile file, String line) {
        return file.write(lines.ascii(line).ascii('\n'));
    }

    @Test
    void foldersAreMadeAndOthersCannotReadTheFile() throws IOException {
        Path path = folder.resolve("a/b/access.log");
        AccessLogFile file = new AccessLogFile(path, clock);
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
        AccessLogFile file = new AccessLogFile(folder.resolve("logs/access.log"), clock);
        assertThat(write(file, "one")).isTrue();
        file.close();
        assertThat(folder.resolve("disk/access.log")).hasContent("one\n");
    }

    @Test
    void whatWasLoggedBeforeARestartStays() throws IOException {
        Path path = folder.resolve("access.log");
        Files.writeString(path, "before\n");
        AccessLogFile file = new AccessLogFile(path, clock);
        write(file, "after");
        file.close();
        assertThat(path).hasContent("before\nafter\n");
    }

    @Test
    void aFileThatLogrotateMovedAwayIsFollowedByANewOne() throws IOException {
        Path path = folder.resolve("access.log");
        AccessLogFile file = new AccessLogFile(path, clock);
        write(file, "one");
        Files.move(path, folder.resolve("access.log.1"));
        clock.advance(AccessLogFile.MOVED_CHECK_MILLIS);
        write(file, "two");
        Files.move(path, folder.resolve("access.log.2"));
        Files.createFile(path);
        clock.advance(AccessLogFile.MOVED_CHECK_MILLIS);
        write(file, "three");
        file.close();
        assertThat(folder.resolve("access.log.1")).hasContent("one\n");
        assertThat(folder.resolve("access.log.2")).hasContent("two\n");
        assertThat(path).hasContent("three\n");
    }

    @Test
    void aFullDiskIsToldOnceInTenSecondsAndWritingGoesOnOnceThereIsRoom() throws IOException {
        Path path = Files.createSymbolicLink(folder.resolve("access.log"), Path.of("/dev/full"));
        AccessLogFile file = new AccessLogFile(path, clock);
        assertThat(write(file, "one")).isFalse();
        assertThat(file.isResting()).isTrue();
        clock.advance(AccessLogFile.RETRY_MILLIS);
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
        clock.advance(AccessLogFile.RETRY_MILLIS);
        assertThat(file.write(lines)).isTrue();
        file.close();
        assertThat(path).hasContent("one\n");
        assertThat(told.messages(Level.INFO)).containsExactly(path + " is written again");
    }

    @Test
    void aPathThatCannotBeAFileIsAWarningNotAnException() throws IOException {
        Files.createFile(folder.resolve("file"));
        AccessLogFile file = new AccessLogFile(folder.resolve("file/access.log"), clock);
        assertThat(write(file, "one")).isFalse();
        assertThat(told.messages(Level.WARN)).hasSize(1);
    }
}
