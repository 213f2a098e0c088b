package io.portcullis.server.store;

import io.portcullis.server.store.StoreFault.Kind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.h2.mvstore.SingleFileStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder that the store's file is in: opens the file, and sets aside one that can't be used. One thread's. */
final class BanFolder {

    static final String ENDING = ".mv";

    /** Of each kind; the oldest go. */
    static final int MAX_SET_ASIDE = 3;

    private static final Logger LOG = LoggerFactory.getLogger(FileBanStore.LOG_NAME);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path file;
    private final InstantSource clock;
    private final Function<Map<String, Object>, SingleFileStore> disks;
    /** What tells the file that was opened last from another of the same name. */
    private @Nullable Object fileKey;

    BanFolder(Path file, InstantSource clock, Function<Map<String, Object>, SingleFileStore> disks) {
        this.file = file;
        this.clock = clock;
        this.disks = disks;
    }

    /** @param path without the ending */
    static BanFolder at(Path path, InstantSource clock) {
        return new BanFolder(path.resolveSibling(path.getFileName() + ENDING), clock, SingleFileStore::new);
    }

    Path file() {
        return file;
    }

    /** Opens the file, or a new one where there is none. */
    BanFile open() throws StoreFault {
        boolean empty = false;
        try {
            create();
            empty = Files.size(file) == 0;
            BanFile opened = BanFile.open(file, BanFile.Mode.NORMAL, disks);
            fileKey = currentKey();
            return opened;
        } catch (BanFile.NewerFormatException newer) {
            throw StoreFault.newer(file, newer);
        } catch (IOException | RuntimeException | AssertionError | StackOverflowError | OutOfMemoryError e) {
            StoreFault fault = StoreFault.of(file, e);
            if (empty && fault.kind() != Kind.IN_USE) {
                delete(file); // on a full disk: else half a header would be taken for a damaged file
            }
            throw fault;
        }
    }

    /** Sets the file aside, begins a new one, and takes over what can still be read where it is damaged. */
    BanFile renew(StoreFault fault, Intake intake, long max) throws StoreFault {
        Path aside = setAside(fault.kind());
        BanFile renewed = open();
        if (fault.kind() == Kind.NEWER) {
            LOG.warn(
                    "{}; it is set aside as {} and a new one is begun. To go back to its bans, stop this process, run"
                            + " that version and move it back",
                    fault.getMessage(),
                    aside);
            return renewed;
        }
        int saved = salvage(aside, renewed, intake, max);
        try {
            renewed.commit();
        } catch (RuntimeException | AssertionError e) {
            renewed.abandon();
            throw StoreFault.of(file, e);
        }
        LOG.warn(
                "{}; it is set aside as {} and a new one is begun with the {} bans that could be read. Nothing needs to"
                        + " be done; look after the disk",
                fault.getMessage(),
                aside,
                saved);
        return renewed;
    }

    private int salvage(Path aside, BanFile renewed, Intake intake, long max) {
        long before = renewed.size();
        BanFile damaged = null;
        try {
            damaged = BanFile.open(aside, BanFile.Mode.SALVAGE, disks);
            renewed.salvage(damaged, intake, max);
        } catch (RuntimeException | AssertionError | StackOverflowError end) {
            LOG.debug("nothing more could be read of {}", aside, end);
        } finally {
            if (damaged != null) {
                damaged.abandon();
            }
        }
        return (int) (renewed.size() - before);
    }

    private void create() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        if (Files.exists(file)) {
            return;
        }
        try {
            Files.createFile(file, permissions());
        } catch (FileAlreadyExistsException another) {
            LOG.debug("{} was made by another process at the same moment", file);
        }
    }

    /** 0640, as the access log: addresses and paths are personal. */
    private FileAttribute<?>[] permissions() {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
        };
    }

    private Path setAside(Kind kind) throws StoreFault {
        String prefix = file.getFileName() + "." + kind.aside + "-";
        Path aside = file.resolveSibling(prefix + STAMP.format(clock.instant()));
        try {
            Files.move(file, aside);
            prune(prefix);
            return aside;
        } catch (IOException e) {
            String message = file + " can't be used and can't be set aside either: " + e;
            throw new StoreFault(Kind.AWAY, message, e);
        }
    }

    private void prune(String prefix) throws IOException {
        List<Path> aside = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(
                file.toAbsolutePath().getParent(),
                entry -> entry.getFileName().toString().startsWith(prefix))) {
            all.forEach(aside::add);
        }
        Collections.sort(aside); // by time, as the names have it
        for (Path old : aside.subList(0, Math.max(0, aside.size() - MAX_SET_ASIDE))) {
            delete(old);
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("{} stays", path, e);
        }
    }

    /** Whether another file has the name by now, or none. */
    boolean isMoved() {
        return !Objects.equals(fileKey, currentKey());
    }

    private @Nullable Object currentKey() {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException gone) {
            return null;
        }
    }
}
