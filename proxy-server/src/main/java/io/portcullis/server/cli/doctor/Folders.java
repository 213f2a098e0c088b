package io.portcullis.server.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a file could not be written; for the user that this command runs as. */
final class Folders {

    private static final long LEAST_FREE = 64L << 20;
    private static final int PERCENT = 2;

    private Folders() {}

    /** Empty where the file can be written, or made. */
    static Optional<String> whyNotWritable(Path file) {
        if (Files.exists(file)) {
            return Files.isWritable(file) ? Optional.empty() : Optional.of(file + " is not writable");
        }
        Path folder = existing(file.toAbsolutePath().getParent());
        if (folder == null || !Files.isDirectory(folder)) {
            return Optional.of(file + ": there is no folder for it");
        }
        return Files.isWritable(folder) ? Optional.empty() : Optional.of("the folder " + folder + " is not writable");
    }

    /** What is wrong with the space left where the file is. */
    static Optional<String> nearlyFull(Path file) {
        try {
            Path folder = existing(file.toAbsolutePath());
            if (folder == null) {
                return Optional.empty();
            }
            var disk = Files.getFileStore(folder);
            long free = disk.getUsableSpace();
            long total = disk.getTotalSpace();
            if (total > 0 && (free < LEAST_FREE || free < total / 100 * PERCENT)) {
                return Optional.of("the disk of " + folder + " has " + (free >> 20) + " MiB left of " + (total >> 20));
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static @Nullable Path existing(@Nullable Path path) {
        Path up = path;
        while (up != null && !Files.exists(up)) {
            up = up.getParent();
        }
        return up;
    }
}
