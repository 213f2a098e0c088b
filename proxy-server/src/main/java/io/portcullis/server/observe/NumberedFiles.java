package io.portcullis.server.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file and its older ones: FILE.1 is the last that was moved aside, FILE.2 the one before, and so on, as logrotate
 * names them.
 *
 * <p>Each step is one rename, so a process that dies in between leaves every line in a file of one of these names, and
 * the next {@link #shift} closes the gap.
 */
final class NumberedFiles {
    private final Path file;
    private final int keep;

    /** @param keep how many older ones there may be, at least 1 */
    NumberedFiles(Path file, int keep) {
        this.file = file;
        this.keep = keep;
    }

    /**
     * Moves FILE to FILE.1, FILE.1 to FILE.2, and so on; the oldest goes when there are as many as may be kept.
     *
     * @throws IOException where a step is not possible, or a name belongs to what is no ordinary file
     */
    void shift() throws IOException {
        expectOrdinary(file);
        int free = 1;
        while (free < keep && exists(numbered(free))) {
            free++;
        }
        for (int number = 1; number <= free; number++) {
            if (exists(numbered(number))) {
                expectOrdinary(numbered(number)); // before anything is moved: no half of a rotation for a folder
            }
        }
        for (int number = free; number > 1; number--) {
            move(numbered(number - 1), numbered(number));
        }
        move(file, numbered(1));
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** To rename a symbolic link, or {@code /dev/stdout}, is not what anybody means by rotation. */
    private static void expectOrdinary(Path path) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is no ordinary file");
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
