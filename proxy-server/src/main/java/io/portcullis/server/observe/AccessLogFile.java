package io.portcullis.server.observe;

import java.io.IOException;
import java.nio.channels.FileChannel;
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
 * The access log's file: opened for append, and opened anew after a fault or when somebody moved it away, as logrotate
 * does. Used by one thread.
 */
final class AccessLogFile {
    /** A full disk is not asked again on each poll; nobody notices a second's delay once there is room. */
    static final long RETRY_MILLIS = 1_000;

    /** How late a rotation may be noticed. */
    static final long MOVED_CHECK_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final Set<OpenOption> APPEND = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);

    private final Path path;
    private final InstantSource clock;
    private final RareWarning warning;
    private @Nullable FileChannel channel;
    /** What tells the file that was opened last from another of the same name. */
    private @Nullable Object fileKey;

    private long retryAtMillis = Long.MIN_VALUE;
    private long movedCheckAtMillis = Long.MIN_VALUE;
    private boolean toldOfFault;

    AccessLogFile(Path path, InstantSource clock) {
        this.path = path;
        this.clock = clock;
        this.warning = new RareWarning(clock);
    }

    /** Whether the last attempt failed so shortly ago that another would be too soon. */
    boolean isResting() {
        return clock.millis() < retryAtMillis;
    }

    /** Writes the lines and empties the buffer. False after a fault: the buffer then holds what was not written. */
    boolean write(LineBuffer lines) {
        try {
            closeIfMoved();
            lines.writeTo(channel == null ? open(lines) : channel);
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

    private FileChannel open(LineBuffer lines) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        FileChannel opened = FileChannel.open(path, APPEND, permissions());
        channel = opened;
        Object openedKey = currentKey();
        if (!Objects.equals(fileKey, openedKey)) {
            lines.rewindToLineStart();
        }
        fileKey = openedKey;
        return opened;
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

    void close() {
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
}
