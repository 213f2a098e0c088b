package io.portcullis.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a person reads along. */
final class Terminal {

    private static final Path STDOUT = Path.of("/proc/self/fd/1");

    private Terminal() {}

    /**
     * Whether stdout is a terminal, by Linux's word: {@link System#console} also looks at stdin, and from JDK 22 on is
     * there without any terminal. No elsewhere.
     */
    static boolean isStdout() {
        try {
            String name = Files.readSymbolicLink(STDOUT).toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
