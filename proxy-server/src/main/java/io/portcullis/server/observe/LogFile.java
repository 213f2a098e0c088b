package io.portcullis.server.observe;

import io.portcullis.core.config.LogConfig.Rotation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log's file: opened for append, opened anew after a fault, when it is asked to or when somebody moved it away, as
 * logrotate does; and moved aside by itself when it is as large as it may be.
 *
 * <p>Two processes may write the same file while one takes over from the other. Whoever rotates holds the kernel's lock
 * on the file and looks again whether it still has its name; the other finds it moved and opens the new one.
 */
final class LogFile implements LineOutlet {
    /** A full disk is not asked again on each poll; nobody notices a second's delay once there is room. */
    static final long RETRY_MILLIS = 1_000;

    /** How late it may be noticed that somebody has moved the file. */
    static final long MOVED_CHECK_MILLIS = 1_000;

    /** A rotation that fails will not work a moment later: somebody has to put things right. */
    static final long ROTATION_RETRY_MILLIS = 60_000;

    private static final long SETTLED_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Logs.class);
    private static final Set<OpenOption> APPEND = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);

    private final Path path;
    private final Rotation rotation;
    private final NumberedFiles numbered;
    private final InstantSource clock;
    private final RareWarning warning;
    private @Nullable FileChannel channel;
    /** What tells the file that was opened last from another of the same name. */
    private @Nullable Object fileKey;

    private long retryAtMillis = Long.MIN_VALUE;
    private long movedCheckAtMillis = Long.MIN_VALUE;
    private long rotateAtMillis = Long.MIN_VALUE;
    private boolean toldOfFault;
    private boolean toldOfRotation;

    LogFile(Path path, Rotation rotation, InstantSource clock) {
        this.path = path;
        this.rotation = rotation;
        this.numbered = new NumberedFiles(path, rotation.keep());
        this.clock = clock;
        this.warning = new RareWarning(clock);
    }

    @Override
    public boolean isResting() {
        return clock.millis() < retryAtMillis;
    }

    @Override
    public void open(LineBuffer lines) {
        attempt(() -> opened(lines));
    }

    @Override
    public boolean write(LineBuffer lines) {
        return attempt(() -> {
            closeIfMoved();
            FileChannel file = opened(lines);
            if (isFull(file, lines) && rotate(file)) {
                file = opened(lines);
            }
            lines.writeTo(file, Integer.MAX_VALUE);
        });
    }

    @Override
    public void reopen(LineBuffer lines) {
        close();
        open(lines);
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private boolean attempt(Attempt attempt) {
        try {
            attempt.run();
        } catch (IOException | RuntimeException fault) {
            retryAtMillis = clock.millis() + RETRY_MILLIS;
            close();
            if (warning.isDue()) {
                toldOfFault = true;
                LOG.warn("cannot write {}; exchanges go on, trying again every second: {}", path, fault.toString());
            }
            return false;
        }
        if (toldOfFault) {
            toldOfFault = false;
            LOG.info("{} is written again", path);
        }
        return true;
    }

    private void closeIfMoved() throws IOException {
        long now = clock.millis();
        if (channel == null || now < movedCheckAtMillis) {
            return;
        }
        movedCheckAtMillis = now + MOVED_CHECK_MILLIS;
        if (!Objects.equals(fileKey, currentKey())) {
            close();
        }
    }

    private FileChannel opened(LineBuffer lines) throws IOException {
        FileChannel open = channel;
        if (open != null) {
            return open;
        }
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        open = FileChannel.open(path, APPEND, permissions());
        channel = open;
        Object openedKey = currentKey();
        if (!Objects.equals(fileKey, openedKey)) {
            lines.rewindToLineStart();
            fileKey = openedKey;
            endTornLine(open);
        }
        return open;
    }

    /**
     * A process that was killed, or met a full disk, leaves half a line: the next one must not be taken for its end. What
     * was written a moment ago may only seem so: another process may be in the middle of writing.
     */
    private void endTornLine(FileChannel file) throws IOException {
        if (!Files.isRegularFile(path)
                || file.size() == 0
                || clock.millis() - Files.getLastModifiedTime(path).toMillis() < SETTLED_MILLIS) {
            return;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        try (FileChannel reading = FileChannel.open(path, StandardOpenOption.READ)) {
            reading.read(last, reading.size() - 1);
        } catch (IOException unreadable) {
            return; // who may write but not read must live with such a line
        }
        if (last.position() == 1 && last.get(0) != '\n') {
            file.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
    }

    /** Never in the middle of a line, which would then be in two files. */
    private boolean isFull(FileChannel file, LineBuffer lines) throws IOException {
        if (rotation.size() == 0 || lines.isWithinLine() || clock.millis() < rotateAtMillis) {
            return false;
        }
        long size = file.size();
        return size > 0 && size + lines.length() > rotation.size();
    }

    /** Closes the file, moved aside by this process or another. False where it stays the one to write. */
    private boolean rotate(FileChannel file) {
        try (FileLock lock = lock(file)) {
            if (lock == null) {
                return false; // the other process is at it
            }
            if (Objects.equals(fileKey, currentKey())) {
                numbered.shift();
            }
            toldOfRotation = false;
        } catch (IOException | RuntimeException fault) {
            rotateAtMillis = clock.millis() + ROTATION_RETRY_MILLIS;
            if (!toldOfRotation) {
                toldOfRotation = true;
                LOG.warn(
                        "cannot rotate {}, which grows on until that works; trying again every minute: {}",
                        path,
                        fault.toString());
            }
            return false;
        }
        close();
        return true;
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException heldInThisProcess) {
            return null;
        }
    }

    /** 0640: addresses and paths are personal, and the group is how log readers are let in. */
    private FileAttribute<?>[] permissions() {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
        };
    }

    private @Nullable Object currentKey() throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException movedAway) {
            return null;
        }
    }

    @Override
    public void close() {
        FileChannel open = channel;
        channel = null;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (IOException fault) {
            // Nothing is buffered here, so nothing is lost that a retry could save.
            LOG.debug("closing {}", path, fault);
        }
    }

    @Override
    public String slowness() {
        return "the disk is slower than the traffic; look at its load and free space";
    }
}
